"""Can a ReLU network have negative weights? The sections stand in the order of every page."""

import streamlit as st

from lib import figures, ui
from lib.questions.negative_weights import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("start", "steps"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result


def ends(shares: list[float]) -> str:
    """The last share of each layer, for those who do not see the figure."""
    return ", ".join(words.say("words.end", layer=n, share=s) for n, s in zip(result.layers, shares, strict=True))


# Hero
layers = [words.say("words.layer", layer=layer) for layer in result.layers]
scrub = words.some("words", "step")
counters = [
    [
        (words.say("figures.histogram.below", share=s), words.say("figures.histogram.above", share=1 - s))
        for s in shares
    ]
    for shares in result.moments()
]
histogram = figures.histograms(
    result.edges, [100 * d for d in result.density], result.frames, layers,
    **words.some("figures.histogram", "x", "y", "hover"), counters=counters, **scrub,
)  # fmt: skip
page.hero(
    histogram,
    "histogram",
    numbers={"frames": len(result.frames), "ends": ends(result.medians)},
    table={layer: 100 * d[-1] for layer, d in zip(layers, result.density, strict=True)},
)

# Beside it
page.finding("leaky")


def one_network() -> None:
    """Draw one layer's weights: tiles where a unit looks at pixels or through filters, else a matrix."""
    chosen = st.segmented_control(
        words["figures.picture.pick"], result.layers, default="1", required=True, key=f"picture_{config.network}"
    )
    layer = result.layers.index(chosen)
    weights, side = result.weights[layer], result.tile(layer)  # (F, O, I)
    shown = figures.mosaic(weights.reshape(len(weights), -1, side, side), columns=8) if side else weights
    axes = {"x": "", "y": ""} if side else words.some("figures.picture", "x", "y")
    heat = figures.heatmap(
        shown, result.frames, **axes, **words.some("figures.picture", "hover", "value"), **scrub, ticks=not side,
    )  # fmt: skip
    page.figure(
        heat,
        "picture",
        numbers={"frames": len(weights), "share": float((weights[-1] < 0).mean())},
        table=weights[-1],
    )


page.view(one_network)


# Deeper
def deeper() -> None:
    """When each layer turned, and the claims that need it."""
    share = figures.curves(
        result.steps, 100 * result.shown(result.share), layers, **words.some("figures.share", "x", "y", "hover"),
        y_range=(0, 100 * result.highest), lines=[(50, words["figures.share.half"])],
    )  # fmt: skip
    numbers = {"ends": ends(result.medians), "repeats": result.shown(result.share).shape[1]}
    page.figure(share, "share", numbers=numbers, table=result.over_steps())
    page.finding("epochs")
    page.finding("biases")


page.below(deeper)
