"""How large should random weights be?"""

import streamlit as st

from lib import figures, ui
from lib.questions.scale import QUESTION
from lib.questions.scale.config import GAINS, MAP_DEPTHS, MAP_GAINS, MAP_RECIPE

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("gain", "depth", "activation", "init", "trainability"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
near = [words.say("figures.layers.line", gain=GAINS[k]) for k in result.near()]
sides = result.layers()
reach = result.reach(max((measured for measured, _ in sides.values()), key=lambda v: abs(v).max()))
layers = {
    side: figures.fits(
        result.levels, measured, near, expected, y_range=reach, every=max(1, config.depth // 20),
        tick=max(1, config.depth // 5), **words.some("figures.layers", "x", "y", "hover", "goal"),
    )
    for side, (measured, expected) in sides.items()
}  # fmt: skip
sweep = figures.sweep(
    [f"{gain:g}" for gain in GAINS],
    result.ends(),
    [words[f"figures.sweep.{side}"] for side in sides],
    y_range=result.reach(result.ends()),
    **words.some("figures.sweep", "x", "y", "hover"),
)
rows = [
    words.say(f"figures.map.{'nearest' if k == result.map_row() else 'other'}", gain=gain)
    for k, gain in enumerate(MAP_GAINS)
]
columns = [words.say("figures.map.layers", depth=depth) for depth in MAP_DEPTHS]

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers | answer.verdicts["map"].numbers
ui.heading(words, "layers", **numbers)
for column, (side, chart) in zip(st.columns(2), layers.items(), strict=True):
    with column:
        what = words[f"figures.layers.{side}"]
        st.caption(f"**{what}**")
        table = result.over_layers(side)
        ui.chart(chart, words, "layers", numbers=numbers | {"what": what}, table=table, part=side)
ui.finding(words, answer, "theory")
ui.figure(sweep, words, "sweep", numbers=numbers, table=result.over_gains())
for name in ("small", "glorot", "he", "map"):
    ui.finding(words, answer, name)
if result.learned.size:
    ui.figure(
        figures.grid(result.map(), rows, columns, height=360, **words.some("figures.map", "hover")),
        words,
        "map",
        numbers=MAP_RECIPE | numbers,
        table=dict(zip(columns, result.map().T, strict=True)),
    )
ui.below(words, QUESTION, answer)
