"""Does a bigger weight matter more?"""

import streamlit as st

from lib import figures, ui
from lib.questions.influence import QUESTION
from lib.questions.influence.config import EFFECTS, ORDERS, PREDICTORS

# Question
page = ui.Page(__file__, QUESTION, first=("effect", "pixels", "cut"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}


# Hero
def one_unit() -> None:
    """Draw a unit's weights, the mean inputs, and what each weight alone is worth; the largest are pointed out."""
    above = st.container()
    unit = st.select_slider(words["figures.unit.pick"], range(config.width), key=f"unit_{config.width}")
    weights, size, effect = result.one_unit(unit)
    hover, (inputs, ranks) = words["figures.unit.hover"], zip(*result.largest(unit), strict=True)
    numbered = [(k, str(n)) for n, k in enumerate(inputs, start=1)]
    maps = figures.blocks(
        [[
            figures.Block(words["figures.unit.weights"], weights, hover, notes=numbered),
            figures.Block(words["figures.unit.size"], size, hover, colours="ink", notes=numbered),
            figures.Block(words[f"figures.unit.{config.effect}"], effect, hover, colours="size",
                          notes=[(k, str(rank)) for k, rank in zip(inputs, ranks, strict=True)]),
        ]],
        height=262,
    )  # fmt: skip
    numbers = found["main"] | {"unit": unit, "ranks": ", ".join(map(str, ranks))}
    table = result.first_network()
    with above:
        page.hero(maps, "unit", numbers=numbers, table=table[table.of_unit == unit])


page.view(one_unit, hero=True)

# Beside it
predictors = figures.intervals(
    result.correlation.transpose(0, 2, 1), [words[f"figures.predictors.{p}"] for p in PREDICTORS],
    [words[f"figures.predictors.{e}"] for e in EFFECTS], x_range=(-0.1, 1.02), height=420,
    **words.some("figures.predictors", "x", "hover"),
)  # fmt: skip
shares, removed = result.orders()
named = [words[f"figures.orders.{o}"] for o in ORDERS]
orders = figures.sweep(
    shares, removed[..., :4], named, y_range=(-3, 103), **words.some("figures.orders", "x", "y", "hover")
)
page.finding("direct")
page.figure(predictors, "predictors", numbers=found["main"], table=result.table())
page.finding("cut")
page.figure(orders, "orders", numbers=found["cut"], table=result.over_shares())


# Deeper
def deeper() -> None:
    """All weights one by one, the cut networks repaired, the trap of rescaling, and rough weights."""
    for name, told, cloud in zip(("cloud", "cloud_input"), ("magnitude", "with_input"), result.clouds(), strict=True):
        drawn = figures.cloud(
            *cloud, x=words[f"figures.{name}.x"], y=words[f"figures.cloud.{config.effect}"],
            **words.some("figures.cloud", "bar", "hover"),
        )  # fmt: skip
        page.figure(drawn, name, numbers=found["main"] | {"rho": found["main"][told]}, table=result.first_network())
    page.finding("single")
    page.finding("dead")
    repair = figures.intervals(
        result.cut_and_repaired(), named, [words["figures.repair.cut"], words["figures.repair.repaired"]],
        x_range=(-3, 103), height=360, **words.some("figures.repair", "x", "hover"),
    )  # fmt: skip
    page.figure(repair, "repair", numbers=found["cut"], table=result.table())
    pictures = figures.heatmap(
        figures.mosaic(result.pictures(), columns=8), x="", y="", ticks=False, height=380,
        **words.some("figures.pictures", "value", "hover"),
    )  # fmt: skip
    page.figure(pictures, "pictures", numbers=found["cut"], table=result.first_network())
    trap = figures.sweep(
        shares, removed[..., [0, 4]], [words["figures.trap.trained"], words["figures.trap.rescaled"]],
        y_range=(-3, 103), height=320, **words.some("figures.trap", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("trap")
    page.figure(trap, "trap", numbers=found["trap"], table=result.over_shares())
    page.finding("rough")
    for name, settings, values in result.roughened():
        line = figures.sweep(
            settings, values, [words["figures.noise.line"]], y_range=(-3, 103), height=300,
            **words.some(f"figures.{name}", "x", "y", "hover"),
        )  # fmt: skip
        page.figure(line, name, numbers=found["rough"], table=dict(zip(settings, values[..., 0], strict=True)))


page.below(deeper)
