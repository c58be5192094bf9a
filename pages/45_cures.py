"""Which cure works?"""

import streamlit as st

from lib import figures, ui
from lib.questions.cures import QUESTION
from lib.questions.cures.config import TUNING

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("activation", "pixels", "norm", "optimiser"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
said = {name: words[f"words.{name}"] for name in result.names}
rows, height = list(said.values()), 110 + 36 * len(said)
steps = figures.intervals(
    result.to_goal(), rows, [words["figures.steps.line"]], x_range=(0, 1.02 * config.steps), height=height,
    **words.some("figures.steps", "x", "hover"),
)  # fmt: skip
curves = {
    panel: figures.curves(
        result.steps, result.curves(names), [said[n] for n in names], y_range=(0, 3),
        lines=[(config.goal, words["figures.curves.goal"])], **words.some("figures.curves", "x", "y", "hover"),
    )
    for panel, names in result.panels().items()
}  # fmt: skip
grid = {
    panel: figures.sweep(
        [f"{lr:g}" for lr in result.rates], result.grid(names), [said[n] for n in names],
        y_range=(0, 1.04 * config.steps), **words.some("figures.grid", "x", "y", "hover"),
    )
    for panel, names in result.panels().items()
}  # fmt: skip
layers = [words.say("figures.signs.layer", layer=k + 2) for k in range(config.depth)]
signs = figures.intervals(
    result.by_layer(), rows, layers, x_range=(48, 102), height=130 + 44 * len(said),
    **words.some("figures.signs", "x", "hover"),
)  # fmt: skip
work = figures.intervals(
    result.work(), rows, [words["figures.work.steps"], words["figures.work.time"]], height=height,
    x_range=(0, result.widest * 1.02), **words.some("figures.work", "x", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
found = answer.verdicts
numbers = found["main"].numbers | found["cost"].numbers | result.shares()
ui.figure(steps, words, "steps", numbers=numbers, table=result.table())
for name in ("norms", "bias", "bias_signs", "algebra", "optimisers", "together", "runs"):
    ui.finding(words, answer, name)
for figure, charts in (("curves", curves), ("grid", grid)):
    ui.heading(words, figure, tuning=TUNING, **numbers)
    for column, (panel, chart) in zip(st.columns(3), charts.items(), strict=True):
        with column:
            what = words[f"figures.curves.{panel}"]
            st.caption(f"**{what}**")
            names = result.panels()[panel]
            table = result.over_steps(names) if figure == "curves" else result.over_lrs(names)
            ui.chart(chart, words, figure, numbers=numbers | {"what": what}, table=table, part=panel)
ui.figure(signs, words, "signs", numbers=numbers, table=result.over_layers())
ui.figure(work, words, "work", numbers=numbers | {"widest": result.widest}, table=result.costs())
ui.finding(words, answer, "cost")
ui.below(words, QUESTION, answer)
