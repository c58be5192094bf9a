"""Sigmoid or tanh: how much does centring matter?"""

import streamlit as st

from lib import figures, ui
from lib.questions.activations import QUESTION
from lib.questions.activations.config import TUNING

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("pair", "depth", "biases", "saturation"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
every = result.single
said = {name: words[f"words.{name}"] for name in every}
other = {
    name: words.say(f"words.other_{name.rpartition('_')[2]}", name=said[base]) for name, base in result.others.items()
}
counted = (*every, *other)
steps = figures.intervals(
    result.to_goal(counted), [*said.values(), *other.values()], [words["figures.steps.line"]],
    height=110 + 38 * len(counted), x_range=(0, 1.02 * result.reach(counted)),
    **words.some("figures.steps", "x", "hover"),
)  # fmt: skip
families = dict(zip(("curved", "bent"), result.groups(), strict=True))
curves = {
    family: figures.curves(
        result.steps, result.curves(names), [said[n] for n in names], y_range=(0, 102),
        **words.some("figures.curves", "x", "y", "hover"),
    )
    for family, names in families.items()
}  # fmt: skip
grid = {
    family: figures.sweep(
        [f"{lr:g}" for lr in result.lrs], result.grid(names), [said[n] for n in names],
        y_range=(0, 1.04 * config.steps), **words.some("figures.grid", "x", "y", "hover"),
    )
    for family, names in families.items()
}  # fmt: skip
into = [words.say("figures.signs.layer", layer=k + 2) for k in range(config.depth)]
layers = {
    name: figures.intervals(
        scale * result.by_layer(quantity), list(said.values()), into, height=140 + 44 * len(every), x_range=ends,
        x=words[f"figures.signs.{name}_x"], hover=words["figures.signs.hover"],
    )
    for name, quantity, scale, ends in (
        ("mean", 0, 1, result.mean_range()), ("one", 2, 100, (48, 102)), ("batch", 3, 100, (48, 102)),
    )
}  # fmt: skip
four = result.quartet
quartet = figures.intervals(
    result.to_goal(four), [words[f"figures.quartet.{n}"] for n in four], [words["figures.quartet.line"]], height=260,
    x_range=(0, 1.02 * result.reach(four)), **words.some("figures.quartet", "x", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
found = answer.verdicts
numbers = found["main"].numbers
ui.figure(steps, words, "steps", numbers=numbers, table=result.table())
for name in ("causes", "hard", "end", "runs"):
    ui.finding(words, answer, name)
ui.heading(words, "curves", **numbers)
for column, (family, chart) in zip(st.columns(2), curves.items(), strict=True):
    with column:
        what = words[f"figures.curves.{family}"]
        st.caption(f"**{what}**")
        ui.chart(
            chart, words, "curves", numbers=numbers | {"what": what}, table=result.over_steps(families[family]),
            part=family,
        )  # fmt: skip
ui.heading(words, "grid", tuning=TUNING, **numbers)
for column, (family, chart) in zip(st.columns(2), grid.items(), strict=True):
    with column:
        what = words[f"figures.curves.{family}"]
        ui.chart(chart, words, "grid", numbers={"what": what}, table=result.over_lrs(families[family]), part=family)
ui.heading(words, "signs")
for column, (name, chart) in zip(st.columns(3), layers.items(), strict=True):
    with column:
        what = words[f"figures.signs.{name}"]
        st.caption(f"**{what}**")
        ui.chart(
            chart, words, "signs", numbers=found["signs"].numbers | {"what": what}, table=result.over_layers(),
            part=name,
        )  # fmt: skip
ui.finding(words, answer, "signs")
ui.finding(words, answer, "push")
ui.figure(quartet, words, "quartet", numbers=found["saturation"].numbers, table=result.four_cases())
ui.finding(words, answer, "saturation")
ui.below(words, QUESTION, answer)
