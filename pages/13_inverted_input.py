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
    digit = left.segmented_control(
        said["digit"], range(10), default=3, required=True, wrap=True, key="inverted_input_digit"
    )
    unit = right.select_slider(said["unit"], range(1, UNITS + 1), key="inverted_input_unit")
    tiles, sums = result.received(unit - 1, digit)
    names = [row.format(**numbers) for row in said["rows"]]
    totals = [[words.say("figures.received.total", sum=float(total)) for total in both] for both in sums]
    drawn = figures.tiles(
        tiles, 3, result.frames, said=[[names[0], "", first, names[1], "", second] for first, second in totals],
        heads=said["heads"], between=("×", "="), outlined=result.outlined(), gap=3, below=2, top=2, size=13,
        height=360, **scrub,
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
page.below(lambda: page.finding("one_minus"))
