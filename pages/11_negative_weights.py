"""Can a ReLU network have negative weights? The sections stand in the order of every page."""

import streamlit as st

from lib import figures, ui
from lib.questions.negative_weights import QUESTION
from lib.questions.negative_weights.config import PAIR

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
pair = figures.intervals(
    100 * result.pair.share, layers, [words["figures.pair.relu"], words["figures.pair.leaky_relu"]],
    **words.some("figures.pair", "x", "hover"), x_range=(-2, 100 * result.highest),
)  # fmt: skip
said = "; ".join(f"{words[f'figures.pair.{a}']} {ends(m)}" for a, m in zip(PAIR, result.pair.medians, strict=True))
page.finding("leaky")
page.figure(pair, "pair", numbers={"ends": said}, table=result.table())


def one_network() -> None:
    """Draw one layer's weights: tiles where a unit looks at pixels or through filters, else a matrix."""
    chosen = st.segmented_control(
        words["figures.picture.pick"], result.layers, default="1", required=True, key=f"picture_{config.network}"
    )
    layer = result.layers.index(chosen)
    weights, side = result.weights[layer], result.tile(layer)  # (F, O, I)
    kind = "sheet" if side else "matrix"
    shown = figures.mosaic(weights.reshape(len(weights), -1, side, side), columns=8) if side else weights
    heat = figures.heatmap(
        shown, result.frames, **{key: words[f"figures.picture.{kind}_{key}"] for key in ("x", "y", "hover")},
        **scrub, value=words["figures.picture.value"], ticks=kind == "matrix",
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
    """The course of the shares, and the findings that need it."""
    share = figures.curves(
        result.steps, 100 * result.shown(result.share), layers, **words.some("figures.share", "x", "y", "hover"),
        y_range=(0, 100 * result.highest), lines=[(50, words["figures.share.half"])],
    )  # fmt: skip
    numbers = {"ends": ends(result.medians), "repeats": result.shown(result.share).shape[1]}
    page.figure(share, "share", numbers=numbers, table=result.over_steps())
    for name in ("health", "first", "layers", "epochs", "biases", "half"):
        page.finding(name)


page.below(deeper)
