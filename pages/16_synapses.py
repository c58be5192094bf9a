"""Is a negative weight an inhibitory synapse?"""

from typing import Any

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
def wiring() -> None:
    """Draw who excites and who inhibits, and what each network answers; a clicked unit falls silent."""
    names = {kind: words.say(f"figures.circuit.{kind}", chosen=result.chosen) for kind in result.drawn}
    said = {kind: words.say("figures.circuit.solved", share=result.solved(kind)) for kind in result.drawn}
    kinds = "; ".join(f"{names[kind]}, {said[kind]}" for kind in result.drawn)
    silent = _silenced()
    for kind, unit in silent.items():
        said[kind] = words.say("figures.circuit.without", unit=unit + 1, right=result.right(kind, unit))
    over, key = found["relay"].numbers, found["relay"].key
    detour = figures.Detour(
        words["figures.circuit.detour"], words["figures.circuit.way"], words[f"figures.circuit.{key}"],
        *(words.say("figures.circuit.number", n=over[n]) for n in ("sent", "direct", "relay", "relayed")),
    )  # fmt: skip
    circuit = figures.circuit(
        [
            figures.Circuit(names[kind], *result.circuit(kind, silent.get(kind)), said[kind], silent.get(kind))
            for kind in result.drawn
        ],
        result.samples, beside=detour, **words.some("figures.circuit", "hover", "nodes", "inputs"),
    )  # fmt: skip
    page.hero(circuit, "circuit", numbers=numbers | over | {"kinds": kinds}, table=result.links(), select=True)


def _silenced() -> dict[str, int]:
    """Return the hidden unit that the reader has clicked, by the kind of its network."""
    at = page.followed("circuit", _unit, len(result.drawn), config.width)
    return {result.drawn[at[0]]: at[1]} if at else {}


def _unit(point: dict[str, Any]) -> tuple[int, int] | None:
    """Return the network and the hidden unit of a clicked point; None for another one."""
    place = point.get("customdata", [])
    return (place[1], place[2]) if len(place) == 3 and place[2] < config.width else None


def cells() -> None:
    """Draw hidden units of two networks: what excites each, and what it does to the outputs."""
    rows = []
    for kind in ("peers", "dale"):
        into, out, signs = result.cells(kind)
        marks = [{1: "+", -1: "\N{MINUS SIGN}"}.get(int(sign), "") for sign in signs]
        title, hover = words.say(f"figures.circuit.{kind}", chosen=result.chosen), words["figures.cells.hover"]
        rows += [
            [figures.Block(title, into, hover, columns=len(into), names=marks if any(marks) else ())],
            [figures.Block(words["figures.cells.out"], out, hover, columns=len(out))],
        ]
    page.hero(figures.blocks(rows, height=370), "cells", numbers=numbers, table=result.links())


if config.task == "xor":
    page.view(wiring, hero=True)
else:
    cells()

# Beside it
settings, swept = result.sweep()
sweep = figures.sweep(
    settings, swept, [words[f"figures.sweep.{kind}"] for kind in ("dale", "free", "excitatory")], y_range=(-3, 103),
    **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
page.finding("relay")
page.finding("inputs")
page.figure(sweep, "sweep", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """What a weight of zero is, and what negative ones are for."""
    page.finding("absent")
    page.finding("clipped")


page.below(deeper)
