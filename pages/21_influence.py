"""Does a bigger weight matter more?"""

import streamlit as st

from lib import figures, ui
from lib.questions.influence import QUESTION
from lib.questions.influence.config import EFFECTS, ORDERS, PREDICTORS

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("effect", "pixels", "cut", "rescale"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
pair = ("magnitude", "with_input")
clouds = [
    figures.cloud(
        *cloud,
        x=words[f"figures.cloud.{name}"],
        y=words[f"figures.cloud.{config.effect}"],
        **words.some("figures.cloud", "bar", "hover"),
    )
    for name, cloud in zip(pair, result.clouds(), strict=True)
]
predictors = figures.intervals(
    result.correlation.transpose(0, 2, 1), [words[f"figures.predictors.{p}"] for p in PREDICTORS],
    [words[f"figures.predictors.{e}"] for e in EFFECTS], x_range=(-0.1, 1.02), height=420,
    **words.some("figures.predictors", "x", "hover"),
)  # fmt: skip
shares, removed = result.orders()
orders = figures.sweep(
    shares, removed[..., :4], [words[f"figures.orders.{o}"] for o in ORDERS], y_range=(-3, 103),
    **words.some("figures.orders", "x", "y", "hover"),
)  # fmt: skip
repair = figures.intervals(
    result.cut_and_repaired(), [words[f"figures.orders.{o}"] for o in ORDERS],
    [words["figures.repair.cut"], words["figures.repair.repaired"]], x_range=(-3, 103), height=360,
    **words.some("figures.repair", "x", "hover"),
)  # fmt: skip
pictures = figures.heatmap(
    figures.mosaic(result.pictures(), columns=8), x="", y="", ticks=False, height=380,
    **words.some("figures.pictures", "value", "hover"),
)  # fmt: skip
trap = figures.sweep(
    shares, removed[..., [0, 4]], [words["figures.trap.trained"], words["figures.trap.rescaled"]], y_range=(-3, 103),
    height=320, **words.some("figures.trap", "x", "y", "hover"),
)  # fmt: skip
rough = [
    figures.sweep(
        settings, values, [words["figures.rough.line"]], y_range=(-3, 103), x=words[f"figures.rough.{name}"],
        height=290, **words.some("figures.rough", "y", "hover"),
    )
    for name, settings, values in result.roughened()
]  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.heading(words, "cloud", **numbers)
for place, cloud, name in zip(st.columns(2), clouds, pair, strict=True):
    with place:
        ui.chart(
            cloud, words, "cloud", numbers=numbers | {"rho": numbers[name]}, table=result.first_network(), part=name
        )
ui.figure(predictors, words, "predictors", numbers=numbers, table=result.table())
ui.finding(words, answer, "direct")
ui.finding(words, answer, "single")
ui.finding(words, answer, "dead")
numbers = answer.verdicts["cut"].numbers
ui.figure(orders, words, "orders", numbers=numbers, table=result.over_shares())
ui.figure(repair, words, "repair", numbers=numbers, table=result.table())
ui.finding(words, answer, "cut")
ui.figure(pictures, words, "pictures", numbers=numbers, table=result.first_network())
numbers = answer.verdicts["trap"].numbers
ui.figure(trap, words, "trap", numbers=numbers, table=result.over_shares())
ui.finding(words, answer, "trap")
numbers = answer.verdicts["rough"].numbers
ui.heading(words, "rough", **numbers)
for place, chart, (name, settings, values) in zip(st.columns(2), rough, result.roughened(), strict=True):
    with place:
        table = dict(zip(settings, values[:, :, 0], strict=True))
        ui.chart(chart, words, "rough", numbers=numbers, table=table, part=name)
ui.finding(words, answer, "rough")
ui.below(words, QUESTION, answer)
