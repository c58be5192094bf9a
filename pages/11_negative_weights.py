"""Can a ReLU network have negative weights? Five sections, in the order of every page."""

from typing import Any

import streamlit as st

from lib import figures, ui
from lib.questions.negative_weights import QUESTION
from lib.questions.negative_weights.config import PAIR

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("network", "activation", "start", "steps"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
layers = [words.say("words.layer", layer=layer) for layer in result.layers]
scrub = words.some("words", "step", "play")


def ends(shares: list[float]) -> str:
    """The last share of each layer, for those who do not see the figure."""
    return ", ".join(words.say("words.end", layer=n, share=s) for n, s in zip(result.layers, shares, strict=True))


def picture(layer: int) -> tuple[Any, dict[str, Any]]:
    """One layer's weights: a sheet of tiles where a unit looks at pixels or through filters, else a matrix."""
    weights = result.weights[layer]  # (F, O, I)
    numbers = {"frames": len(weights), "share": float((weights[-1] < 0).mean())}
    side = 3 if result.filters[layer] else 8 if layer == 0 else None
    kind = "sheet" if side else "matrix"
    if side:
        tiles = weights.reshape(len(weights), -1, side, side)
        columns = 8 if side == 8 else 4 if tiles.shape[1] <= 8 else 16
        weights = figures.mosaic(tiles, columns)
    said = {key: words[f"figures.picture.{kind}_{key}"] for key in ("x", "y", "hover")}
    chart = figures.heatmap(
        weights, result.frames, **said, **scrub, value=words["figures.picture.value"], ticks=not side
    )
    return chart, numbers


share = figures.curves(
    result.steps, 100 * result.shown(result.share), layers, **words.some("figures.share", "x", "y", "hover"),
    y_range=(0, 100 * result.highest), lines=[(50, words["figures.share.half"])],
)  # fmt: skip
histogram = figures.histograms(
    result.edges, [100 * d for d in result.density], result.frames, layers,
    **words.some("figures.histogram", "x", "y", "hover"), **scrub,
)  # fmt: skip
pair = figures.intervals(
    100 * result.pair.share, layers, [words["figures.pair.relu"], words["figures.pair.leaky_relu"]],
    **words.some("figures.pair", "x", "hover"), x_range=(-2, 100 * result.highest),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
medians = result.medians
ui.figure(
    share,
    words,
    "share",
    numbers={"ends": ends(medians), "repeats": result.shown(result.share).shape[1]},
    table=result.over_steps(),
)
for name in ("health", "first", "layers", "epochs", "biases", "half"):
    ui.finding(words, answer, name)
ui.figure(
    histogram,
    words,
    "histogram",
    numbers={"frames": len(result.frames), "ends": ends(medians)},
    table={layer: 100 * d[-1] for layer, d in zip(layers, result.density, strict=True)},
)
ui.heading(words, "picture")
chosen = st.segmented_control(
    words["figures.picture.pick"], result.layers, default="1", required=True, key=f"picture_{config.network}"
)
heat, numbers = picture(result.layers.index(chosen))
ui.chart(heat, words, "picture", numbers=numbers, table=result.weights[result.layers.index(chosen)][-1])
ui.heading(words, "pair")
pairs = "; ".join(f"{words[f'figures.pair.{a}']} {ends(m)}" for a, m in zip(PAIR, result.pair.medians, strict=True))
ui.chart(pair, words, "pair", numbers={"ends": pairs}, table=result.table())
ui.finding(words, answer, "leaky")
ui.below(words, QUESTION, answer)
