"""What happens to the weights when an input is inverted?"""

import streamlit as st

from lib import figures, ui
from lib.questions.inverted_input import QUESTION
from lib.questions.inverted_input.config import UNITS

# Question
page = ui.Page(__file__, QUESTION, first=("start", "share"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | {"frames": len(result.frames), "units": UNITS}
scrub = words.some("words", "step")


# Hero
def received() -> None:
    """Draw what one unit receives from one digit in both networks."""
    said = words["figures.received"]
    place = st.container()
    left, right = st.columns([3, 2])
    digit = left.segmented_control(said["digit"], range(10), default=3, required=True, key="inverted_input_digit")
    unit = right.select_slider(said["unit"], range(1, UNITS + 1), key="inverted_input_unit")
    tiles, sums = result.received(unit - 1, digit)
    totals = [[words.say("figures.received.total", sum=float(total)) for total in both] for both in sums]
    drawn = figures.tiles(
        tiles, 3, result.frames, said=[["", "", first, "", "", second] for first, second in totals],
        rows=said["rows"], heads=said["heads"], outlined=result.outlined(), below=2, left=5, top=2, size=13,
        height=400, **scrub,
    )  # fmt: skip
    told = {"unit": unit, "digit": digit, "first": float(sums[-1, 0]), "second": float(sums[-1, 1])}
    with place:
        page.hero(drawn, "received", numbers=numbers | told)


page.view(received, hero=True)

# Beside it
scatter = figures.scatter(
    result.pairs(), [words["figures.scatter.inverted"], words["figures.scatter.kept"]], result.frames,
    **words.some("figures.scatter", "x", "y", "equal", "opposite", "hover"), **scrub,
)  # fmt: skip
for name in ("symmetry", "signs", "data"):
    page.finding(name)
page.figure(scatter, "scatter", numbers=numbers, table=result.weights_table())


# Deeper
def deeper() -> None:
    """All units that are kept, the way to the end, and what else the pairs show."""
    picture = figures.heatmap(
        figures.mosaic(result.tiles(), columns=UNITS), result.frames, x="", y="", ticks=False, height=330,
        **words.some("figures.picture", "value", "hover"), **scrub,
    )  # fmt: skip
    page.figure(picture, "picture", numbers=numbers, table=result.table())
    curve = figures.curves(
        result.frames, result.correlations(),
        [words["figures.curve.mirrored"], words["figures.curve.unmirrored"]],
        y_range=(-1.05, 1.05), **words.some("figures.curve", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(curve, "curve", numbers=numbers, table=result.over_steps())
    page.finding("function")
    page.finding("one_minus")


page.below(deeper)
