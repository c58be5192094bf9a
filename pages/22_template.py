"""What does a unit look for?"""

import streamlit as st

from lib import figures, ui
from lib.question import Answer
from lib.questions.template import QUESTION
from lib.questions.template.verdict import drawn

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("network", "images", "steps", "bound"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
play = words.some("words", "step", "play")
softmax = config.network == "softmax"
templates = figures.heatmap(
    figures.mosaic(result.templates(), columns=5 if softmax else 8), result.steps, x="", y="",
    ticks=False, square=True, height=360 if softmax else 480, **words.some("figures.templates", "value", "hover"),
    **play,
)  # fmt: skip
curves = figures.curves(
    result.steps, result.curves(), [words[f"figures.curves.{k}"] for k in ("likeness", "accuracy")],
    y_range=(-5, 102), **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
climb = figures.heatmap(
    figures.mosaic(result.climb(), columns=5), result.ascent, x="", y="", ticks=False, square=True, height=520,
    **words.some("figures.climb", "value", "hover"), **play,
)  # fmt: skip
fan = figures.clouds(
    result.fan(),
    [words[f"figures.fan.{k}"] for k in ("raw", "jittered", "normalised")],
    **words.some("figures.fan", "x", "y", "hover"),
)
functions = figures.heatmap(
    figures.mosaic(result.functions(), columns=5), x="", y="", ticks=False, square=True, height=440,
    **words.some("figures.functions", "value", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.figure(templates, words, "templates", numbers=numbers, table=result.table())
ui.figure(curves, words, "curves", numbers=numbers, table=result.over_steps())
ui.finding(words, answer, "trade")
numbers = answer.verdicts["maximiser"].numbers
ui.figure(climb, words, "climb", numbers=numbers, table=result.climb_table())
ui.finding(words, answer, "maximiser")
ui.finding(words, answer, "stuck")
numbers = answer.verdicts["ranking"].numbers | {"unit": config.unit}
ui.figure(fan, words, "fan", numbers=numbers, table=result.fan_table())
ui.finding(words, answer, "ranking")
ui.heading(words, "drawn")
left, right = st.columns(2)
with left:
    painted = result.with_picture(ui.paint(result.levels(), usual=str(config.unit)))
seen = drawn(painted)
answered = figures.clouds(
    painted.points(), [words["figures.drawn.unit"]], height=330, **words.some("figures.drawn", "x", "y", "hover")
)
beside = figures.heatmap(
    figures.mosaic(painted.beside(), columns=2), x="", y="", ticks=False, square=True, height=190,
    **words.some("figures.beside", "value", "hover"),
)  # fmt: skip
with right:
    ui.chart(beside, words, "beside", numbers=seen.numbers)
    ui.finding(words, Answer(painted, {"drawn": seen}), "drawn")
    ui.chart(answered, words, "drawn", numbers=seen.numbers, table=painted.responses_table())
numbers = answer.verdicts["coefficients"].numbers
ui.figure(functions, words, "functions", numbers=numbers, table=result.coefficients_table())
ui.finding(words, answer, "coefficients")
ui.below(words, QUESTION, answer)
