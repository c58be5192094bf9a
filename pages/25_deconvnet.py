"""What excites a deeper unit?"""

import streamlit as st

from lib import figures, ui
from lib.questions.deconvnet import QUESTION
from lib.questions.deconvnet.config import CONDITIONS

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("weights", "layer", "unit", "method"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}
shown = found["main"] | found["single"] | {"unit": config.unit, "method": config.method}
kinds = [words[f"words.{name}"] for name in CONDITIONS]
images, projections = (
    figures.heatmap(
        figures.mosaic(tiles, columns=3), x="", y="", ticks=False, square=True, height=360,
        **words.some(f"figures.{name}", "value", "hover"),
    )
    for name, tiles in zip(("images", "projections"), result.pictures(), strict=True)
)  # fmt: skip
deletion = figures.intervals(
    result.deletion(), kinds, [words[f"figures.deletion.{k}"] for k in ("named", "random")], x_range=(-2, 102),
    **words.some("figures.deletion", "x", "hover"),
)  # fmt: skip
looks = figures.intervals(
    result.looks_like(), [words[f"figures.looks.{k}"] for k in ("likeness", "unlike", "agreement")], kinds,
    x_range=(-22, 102), **words.some("figures.looks", "x", "hover"),
)  # fmt: skip
places = [words["words.pixels"], *(f"{words['words.layer']} {k}" for k in (1, 2, 3))]
transfer = figures.sweep(
    places, result.readers(), [words[f"figures.transfer.{k}"] for k in ("trained", "untrained")], y_range=(40, 101),
    **words.some("figures.transfer", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
ui.heading(words, "images", **shown)
left, right = st.columns(2)
with left:
    ui.chart(images, words, "images", numbers=shown, table=result.pictures_table())
with right:
    ui.chart(projections, words, "projections", numbers=shown, table=result.projections.reshape(9, 64).T)
ui.finding(words, answer, "single")
ui.finding(words, answer, "method")
ui.figure(deletion, words, "deletion", numbers=found["main"], table=result.table())
ui.figure(looks, words, "looks", numbers=found["looks"], table=result.table())
ui.finding(words, answer, "looks")
ui.finding(words, answer, "learned")
ui.finding(words, answer, "prefer")
ui.figure(transfer, words, "transfer", numbers=found["transfer"], table=result.readers_table())
ui.finding(words, answer, "transfer")
ui.finding(words, answer, "usable")
ui.below(words, QUESTION, answer)
