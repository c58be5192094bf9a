"""What does a unit look for?"""

import streamlit as st

from lib import figures, ui
from lib.experiments import template
from lib.experiments.template import Template

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, Template, first=("network", "images", "steps", "bound"))

# Experiment
ui.guess(words)
result = ui.answer(words, template, config)

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
    result.fan(), [words[f"figures.fan.{k}"] for k in ("raw", "jittered", "normalised")],
    **words.some("figures.fan", "x", "y", "hover"),
)  # fmt: skip
functions = figures.heatmap(
    figures.mosaic(result.functions(), columns=5), x="", y="", ticks=False, square=True, height=440,
    **words.some("figures.functions", "value", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, result)
numbers = result.verdicts["main"].numbers
ui.heading(words, "templates", **numbers)
ui.chart(templates, words, "templates", numbers=numbers, table=result.table())
ui.heading(words, "curves", **numbers)
ui.chart(curves, words, "curves", numbers=numbers, table=result.over_steps())
ui.finding(words, result, "trade")
numbers = result.verdicts["maximiser"].numbers
ui.heading(words, "climb", **numbers)
ui.chart(climb, words, "climb", numbers=numbers, table=result.climb_table())
ui.finding(words, result, "maximiser")
ui.finding(words, result, "stuck")
numbers = result.verdicts["ranking"].numbers | {"unit": config.unit}
ui.heading(words, "fan", **numbers)
ui.chart(fan, words, "fan", numbers=numbers, table=result.fan_table())
ui.finding(words, result, "ranking")
ui.heading(words, "drawn")
left, right = st.columns(2)
with left:
    painted = result.with_picture(ui.paint(result.levels(), usual=str(config.unit)))
answered = figures.clouds(
    painted.points(), [words["figures.drawn.unit"]], height=330, **words.some("figures.drawn", "x", "y", "hover")
)  # fmt: skip
beside = figures.heatmap(
    figures.mosaic(painted.beside(), columns=2), x="", y="", ticks=False, square=True, height=190,
    **words.some("figures.beside", "value", "hover"),
)  # fmt: skip
with right:
    ui.chart(beside, words, "beside", numbers=painted.verdicts["drawn"].numbers)
    ui.finding(words, painted, "drawn")
    ui.chart(answered, words, "drawn", numbers=painted.verdicts["drawn"].numbers, table=painted.responses_table())
numbers = result.verdicts["coefficients"].numbers
ui.heading(words, "functions", **numbers)
ui.chart(functions, words, "functions", numbers=numbers, table=result.coefficients_table())
ui.finding(words, result, "coefficients")
ui.below(words, template, config, result)
