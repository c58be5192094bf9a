"""Why do wide networks always fit?"""

from lib import figures, ui
from lib.questions.wide_networks import QUESTION
from lib.questions.wide_networks.config import DRAWN

# Question
page = ui.Page(__file__, QUESTION, first=("width", "start", "labels"))
words = page.words

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | answer.verdicts["slope"].numbers

# Hero
panels = [words.say("figures.ways.panel", width=m) for m, _ in result.travelled()]
notes = [words.say("figures.ways.note", moved=moved) for _, moved in result.travelled()]
ways = figures.journeys(
    [(way[:, 0], way[:, 1]) for way in result.ways], panels, notes, reach=result.plane(),
    **words.some("figures.ways", "start", "end", "hover"),
)  # fmt: skip
told = ", ".join(f"{panel} {note}" for panel, note in zip(panels, notes, strict=True))
page.hero(ways, "ways", numbers=numbers | {"ways": told, "drawn": DRAWN}, table=result.over_units())

# Beside it
lines = [words[f"figures.distance.{k}"] for k in ("moved", "fitted", "theory")]
distance = figures.sweep(
    result.widths.tolist(), result.distances(), lines, y_range=(0.02, 4), y_log=True, height=320,
    **words.some("figures.distance", "x", "y", "hover"),
)  # fmt: skip
page.finding("slope")
page.figure(distance, "distance", numbers=numbers, table=result.table())
curves = figures.curves(
    result.drawn_steps(), result.curves(), [words[f"figures.curves.{k}"] for k in ("4", "16", "64", "256", "half")],
    y_range=(-6.2, 0.6), height=340, **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
page.finding("constant")
page.figure(curves, "curves", numbers=numbers, table=result.over_steps())


# Deeper
def deeper() -> None:
    """What changes on the way, the theorem, and starts without dice."""
    names = [words[f"figures.shares.{k}"] for k in ("labels", "flipped", "kernel")]
    shares = figures.sweep(
        result.widths.tolist(), result.shares(), names, y_range=(0, 104),
        **words.some("figures.shares", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(shares, "shares", numbers=numbers, table=result.summary())
    for name in ("kernel", "gram", "dice"):
        page.finding(name)


page.below(deeper)
