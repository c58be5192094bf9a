"""Can something else break the symmetry?"""

from lib import figures, ui
from lib.questions.other_noise import QUESTION
from lib.questions.other_noise.config import SOURCES
from lib.questions.other_noise.result import ORDER

# Question
page = ui.Page(__file__, QUESTION, first=("amount", "activation"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | answer.verdicts["chosen"].numbers
named = {name: words.option("source", name) for name in SOURCES}

# Hero
labels = [
    text
    for name in ORDER
    for text in (
        words.say(f"figures.tiles.{'chosen' if name == config.source else 'label'}", source=named[name],
                  solved=result.solves(name), repeats=result.one_unit.size),
        *[""] * result.drawn,
    )
]  # fmt: skip
tiles = figures.heatmap(
    result.sheet()[None], x="", y="", ticks=False, labels=labels, reach=1.0, height=430,
    **words.some("figures.tiles", "value", "hover"),
)  # fmt: skip
page.hero(tiles, "tiles", numbers=numbers | {"shown": result.drawn}, table=result.table())

# Beside it
sources = list(named.values())
apart = figures.intervals(
    result.apart_log(), sources, [words["figures.apart.name"]], x_range=(-20.8, 3), height=430,
    **words.some("figures.apart", "x", "hover"),
)  # fmt: skip
page.finding("dropout")
page.figure(apart, "apart", numbers=numbers, table=result.table())
shown = min(8, config.width)
units = figures.curves(
    result.steps, result.incoming[:, None, :shown], [f"{words['words.unit']} {k + 1}" for k in range(shown)],
    y_range=result.unit_range(), height=320, **words.some("figures.units", "x", "y", "hover"),
)  # fmt: skip
page.finding("chosen")
page.figure(units, "units", numbers=numbers | {"shown": shown}, table=result.lines())


# Deeper
def deeper() -> None:
    """How far each source gets, and what the other sources teach."""
    loss = figures.curves(
        result.steps, result.three(), [words[f"words.{k}"] for k in ("chosen", "momentum", "random")],
        y_range=(0, result.top()), lines=[(float(numbers["one"]), words["figures.loss.one"])],
        **words.some("figures.loss", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(loss, "loss", numbers=numbers, table=result.over_steps())
    ends = figures.intervals(
        result.ends(), sources, [words["figures.ends.name"]], x_range=result.reach(), height=430,
        **words.some("figures.ends", "x", "hover"),
    )  # fmt: skip
    page.figure(ends, "ends", numbers=numbers, table=result.table())
    for name in ("start", "biases", "layers", "evolution"):
        page.finding(name)


page.below(deeper)
