"""Why not start every weight at 0.5?"""

import math

from lib import figures, ui
from lib.questions.symmetry import QUESTION
from lib.questions.symmetry.hero import REACH

# Question
page = ui.Page(__file__, QUESTION, first=("constant", "jitter"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result

# Hero
pictures = result.pictures()
numbers = answer.verdicts["main"].numbers | result.at_the_end() | {"shown": pictures.units.shape[2]}
names = [
    words.say("words.every", constant=config.constant),
    words.say("words.shaken", constant=config.constant, jitter=words.option("jitter", result.second)),
    words["words.random"],
]
losses = [
    [words.say("words.loss", loss=loss) if math.isfinite(loss) else words["words.diverged"] for loss in row]
    for row in result.beside_loss
]
networks = figures.networks(
    pictures.units, pictures.links, pictures.answers, result.moments, names, losses,
    (result.points / REACH, result.labels), **words.some("words", "step"),
)  # fmt: skip
page.hero(networks, "networks", numbers=numbers, table=result.drawn_units())

# Beside it
starts = [words[f"words.{k}"] for k in ("chosen", "without", "random")]
hues = figures.colours("jittered", "constant", "random")
loss = figures.curves(
    result.loss_steps, result.three(result.loss), starts, y_range=(0, 1), colours=hues,
    lines=[(float(numbers["one"]), words["figures.loss.one"])], **words.some("figures.loss", "x", "y", "hover"),
)  # fmt: skip
page.finding("equal")
page.figure(loss, "loss", numbers=numbers, table=result.over_steps(result.loss, result.loss_steps))
waits = figures.sweep(
    [f"{j:g}" for j in result.jitters], result.waits(), [words["figures.waits.line"]],
    y_range=(0, 1.06 * config.steps), colours=figures.colours("jittered"),
    **words.some("figures.waits", "x", "y", "hover"),
)  # fmt: skip
sizes = [words.option("jitter", jitter) for jitter in result.jitters.tolist()]
waits.update_traces(text=sizes)
waits.update_xaxes(ticktext=[words.option("jitter", float(text)) for text in waits.layout.xaxis.ticktext])
page.finding("delay")
page.figure(waits, "waits", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """How far units part, one unit's weight each, the answer in the plane at full size, and the rank."""
    apart = figures.curves(
        result.steps, result.apart_log(), starts, y_range=(-20.8, 3), colours=hues,
        lines=[(-20, words["figures.apart.zero"])], **words.some("figures.apart", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(apart, "apart", numbers=numbers, table=result.over_steps(result.apart, result.steps))
    units = figures.curves(
        result.steps, result.first_weights(), [f"{words['words.unit']} {k + 1}" for k in range(numbers["shown"])],
        y_range=result.unit_range(), **words.some("figures.units", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(units, "units", numbers=numbers, table=result.lines())
    plane = figures.boundary(
        result.surface, result.points, result.labels, result.frames.tolist(),
        (words["words.zero"], words["words.one"]), reach=REACH,
        **words.some("figures.plane", "x", "y", "value", "hover"), **words.some("words", "step"),
    )  # fmt: skip
    page.figure(plane, "plane", numbers=numbers, table=result.samples())
    rank = figures.curves(
        result.rank_steps, result.three(result.rank), starts, y_range=(-0.1, 4.6), colours=hues,
        **words.some("figures.rank", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("rank")
    page.figure(rank, "rank", numbers=numbers, table=result.over_steps(result.rank, result.rank_steps))


page.below(deeper)
