"""What happens to the weights when an input is inverted?"""

import streamlit as st

from lib import figures, ui
from lib.questions.inverted_input import QUESTION
from lib.questions.inverted_input.config import UNITS

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("start", "share", "network", "inversion"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
scrub = words.some("words", "step", "play")
groups = {"inverted": result.mask, "kept": ~result.mask}
points = [
    (
        result.weights[:, :, chosen].reshape(len(result.frames), -1),
        result.weights_inverse[:, :, chosen].reshape(len(result.frames), -1),
    )
    for chosen in groups.values()
]
scatter = figures.scatter(
    points, [words[f"figures.scatter.{name}"] for name in groups], result.frames,
    **words.some("figures.scatter", "x", "y", "equal", "opposite", "hover"), **scrub,
)  # fmt: skip
picture = figures.heatmap(
    figures.mosaic(result.tiles(), columns=UNITS), result.frames, x="", y="", ticks=False, height=330,
    **words.some("figures.picture", "value", "hover"), **scrub,
)  # fmt: skip
curve = figures.curves(
    result.frames, result.correlations(), [words["figures.curve.mirrored"], words["figures.curve.unmirrored"]],
    y_range=(-1.05, 1.05), **words.some("figures.curve", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers | {"frames": len(result.frames), "units": UNITS}
shown = result.weights.shape[1] * 64
ui.figure(
    scatter,
    words,
    "scatter",
    numbers=numbers,
    table={"first": result.weights[-1].reshape(shown), "second": result.weights_inverse[-1].reshape(shown)},
)
for name in ("symmetry", "signs", "data", "function"):
    ui.finding(words, answer, name)
ui.figure(picture, words, "picture", numbers=numbers, table=result.table())
ui.figure(curve, words, "curve", numbers=numbers, table=result.over_steps())
with st.container(border=True):
    ui.finding(words, answer, "one_minus")
ui.below(words, QUESTION, answer)
