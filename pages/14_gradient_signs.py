"""If every activation is positive, how can a weight go down?"""

import streamlit as st

from lib import figures, ui
from lib.questions.gradient_signs import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("activation", "layer", "batch", "pixels"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
signs = figures.shares(
    result.sign_shares(),
    [words[f"figures.signs.{name}"] for name in ("arrives", "local", "error", "gradient", "step")],
    tuple(words[f"figures.signs.{sign}"] for sign in ("negative", "zero", "positive")),
    **words.some("figures.signs", "x", "hover"),
)
said = words["figures.maps"]
maps = {
    "error": (result.error_map, said["sample"], said["unit"]),
    "input": (result.inputs_map, said["source"], said["sample"]),
    "gradient": (result.gradient_map, said["source"], said["unit"]),
}
branches = figures.terms(result.branches, **words.some("figures.branches", "x", "y", "total", "hover"))
mixed = figures.curves(
    result.sizes, 100 * result.mixed[:, :, None], [words["figures.mixed.line"]], y_range=(0, 102),
    **words.some("figures.mixed", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
found = answer.verdicts
numbers = found["main"].numbers
ui.figure(signs, words, "signs", numbers=numbers, table=result.signs())
for name in ("inputs", "errors", "step"):
    ui.finding(words, answer, name)
ui.heading(words, "maps")
for column, (name, (values, x, y)) in zip(st.columns(3), maps.items(), strict=True):
    with column:
        st.caption(f"**{said[name]}**")
        chart = figures.heatmap(values[None], x=x, y=y, height=340, **words.some("figures.maps", "value", "hover"))
        ui.chart(
            chart,
            words,
            "maps",
            numbers={"what": said[name], "share": float((values < 0).mean())},
            table=values,
            part=name,
        )
ui.figure(branches, words, "branches", numbers=found["branches"].numbers, table={"branch": result.branches})
ui.finding(words, answer, "branches")
ui.figure(mixed, words, "mixed", numbers=numbers | found["mixed"].numbers, table=result.by_batch())
ui.finding(words, answer, "mixed")
ui.below(words, QUESTION, answer)
