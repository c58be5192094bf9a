"""Is a negative weight an inhibitory synapse?"""

from lib import figures, ui
from lib.experiments import synapses
from lib.experiments.synapses import Synapses

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, Synapses, first=("task", "inhibitory", "inputs"))

# Experiment
ui.guess(words)
result = ui.answer(words, synapses, config)

# Figures
kinds = ("free", "dale")
settings, swept = result.sweep()
sweep = figures.sweep(
    settings, swept, [words["figures.sweep.dale"], words["figures.sweep.free"]], y_range=(-3, 103),
    **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
relay = figures.fits(
    result.places, result.relay[:, None, 1:], [words["figures.relay.relay"]], result.relay[:, 0], y_range=(-2.2, 2.2),
    height=300, **words.some("figures.relay", "x", "y", "hover", "goal"),
)  # fmt: skip

# Verdict
ui.verdict(words, result)
numbers = result.verdicts["main"].numbers
ui.heading(words, "sweep", **numbers)
ui.chart(sweep, words, "sweep", numbers=numbers, table=result.table())
ui.finding(words, result, "first")
if config.task == "xor":
    wiring = figures.wiring(
        result.wiring, [words[f"figures.wiring.{kind}"] for kind in kinds],
        **words.some("figures.wiring", "hover", "nodes"),
    )  # fmt: skip
    ui.heading(words, "wiring", **numbers)
    ui.chart(wiring, words, "wiring", numbers=numbers, table=result.links())
    surface = figures.heatmap(
        figures.mosaic(result.surface[None], columns=2), x="", y="", ticks=False, square=True,
        height=300,
        **words.some("figures.surface", "value", "hover"),
    )  # fmt: skip
    ui.heading(words, "surface", **numbers)
    ui.chart(surface, words, "surface", numbers=numbers, table=result.table())
else:
    outgoing = figures.heatmap(
        result.outgoing()[None], height=300, **words.some("figures.outgoing", "x", "y", "value", "hover")
    )  # fmt: skip
    ui.heading(words, "outgoing", **numbers)
    ui.chart(outgoing, words, "outgoing", numbers=numbers, table=result.links())
ui.finding(words, result, "purity")
ui.finding(words, result, "absent")
ui.finding(words, result, "clipped")
gaps = result.verdicts["relay"].numbers
ui.heading(words, "relay", **gaps)
ui.chart(
    relay, words, "relay", numbers=gaps,
    table={"h": result.places, "weight": result.relay[:, 0], "relay": result.relay[:, 1]},
)  # fmt: skip
ui.finding(words, result, "relay")
ui.finding(words, result, "copies")
ui.below(words, synapses, config, result)
