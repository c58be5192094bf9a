"""Is a negative weight an inhibitory synapse?"""

from lib import figures, ui
from lib.questions.synapses import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("task", "inhibitory", "inputs"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
kinds = ("free", "dale")
settings, swept = result.sweep()
sweep = figures.sweep(
    settings, swept, [words[f"figures.sweep.{kind}"] for kind in (*reversed(kinds), "excitatory")], y_range=(-3, 103),
    **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
relay = figures.fits(
    result.places, result.relay[:, None, 1:], [words["figures.relay.relay"]], result.relay[:, 0], y_range=(-2.2, 2.2),
    height=300, **words.some("figures.relay", "x", "y", "hover", "goal"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.figure(sweep, words, "sweep", numbers=numbers, table=result.table())
ui.finding(words, answer, "inputs")
ui.finding(words, answer, "first")
if config.task == "xor":
    wiring = figures.wiring(
        result.wiring,
        [words[f"figures.wiring.{kind}"] for kind in kinds],
        **words.some("figures.wiring", "hover", "nodes"),
    )
    ui.figure(wiring, words, "wiring", numbers=numbers, table=result.links())
    surface = figures.heatmap(
        figures.mosaic(result.surface[None], columns=2), x="", y="", ticks=False, square=True,
        height=300,
        **words.some("figures.surface", "value", "hover"),
    )  # fmt: skip
    ui.figure(surface, words, "surface", numbers=numbers, table=result.table())
else:
    outgoing = figures.heatmap(
        result.outgoing()[None], height=300, **words.some("figures.outgoing", "x", "y", "value", "hover")
    )
    ui.figure(outgoing, words, "outgoing", numbers=numbers, table=result.links())
ui.finding(words, answer, "purity")
ui.finding(words, answer, "absent")
ui.finding(words, answer, "clipped")
gaps = answer.verdicts["relay"].numbers
ui.figure(
    relay,
    words,
    "relay",
    numbers=gaps,
    table={"h": result.places, "weight": result.relay[:, 0], "relay": result.relay[:, 1]},
)
ui.finding(words, answer, "relay")
ui.finding(words, answer, "copies")
ui.below(words, QUESTION, answer)
