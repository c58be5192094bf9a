"""Is a negative weight an inhibitory synapse?"""

from lib import figures, ui
from lib.questions.synapses import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("inhibitory", "inputs"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, found = answer.result, answer.verdicts
numbers = found["main"].numbers

# Hero
if config.task == "xor":
    names = {kind: words.say(f"figures.circuit.{kind}", chosen=result.chosen) for kind in result.drawn}
    said = {kind: words.say("figures.circuit.solved", share=result.solved(kind)) for kind in result.drawn}
    circuit = figures.circuit(
        [figures.Circuit(names[kind], *result.network(kind), said[kind]) for kind in result.drawn],
        result.samples,
        **words.some("figures.circuit", "hover", "nodes", "inputs"),
    )
    kinds = "; ".join(
        words.say("figures.circuit.kind", name=names[kind], solved=said[kind], repeats=numbers["repeats"])
        for kind in result.drawn
    )
    page.hero(circuit, "circuit", numbers=numbers | {"kinds": kinds}, table=result.links())
else:
    outgoing = figures.heatmap(
        result.outgoing()[None], height=300, **words.some("figures.outgoing", "x", "y", "value", "hover")
    )
    page.hero(outgoing, "outgoing", numbers=numbers, table=result.links())

# Beside it
relay = figures.fits(
    result.places, result.relay[:, None, 1:], [words["figures.relay.relay"]], result.relay[:, 0], y_range=(-2.2, 2.2),
    height=300, **words.some("figures.relay", "x", "y", "hover", "goal"),
)  # fmt: skip
over = {"h": result.places, "weight": result.relay[:, 0], "relay": result.relay[:, 1]}
page.finding("relay")
page.figure(relay, "relay", numbers=found["relay"].numbers, table=over)
settings, swept = result.sweep()
sweep = figures.sweep(
    settings, swept, [words[f"figures.sweep.{kind}"] for kind in ("dale", "free", "excitatory")], y_range=(-3, 103),
    **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
for name in ("first", "inputs"):
    page.finding(name)
page.figure(sweep, "sweep", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """What a weight of zero is, what negative ones are for, and how free units sort themselves."""
    for name in ("absent", "clipped", "copies", "purity"):
        page.finding(name)


page.below(deeper)
