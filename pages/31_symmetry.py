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
waits = figures.sweep(
    [f"{j:g}" for j in result.jitters], result.waits(), [words["figures.waits.line"]],
    y_range=(0, 1.06 * config.steps), colours=figures.colours("jittered"),
    **words.some("figures.waits", "x", "y", "hover"),
)  # fmt: skip
sizes = [words.option("jitter", jitter) for jitter in result.jitters.tolist()]
waits.update_traces(text=sizes)
waits.update_xaxes(ticktext=[words.option("jitter", float(text)) for text in waits.plan.xaxis.ticktext])
if config.jitter:  # else the answer has said it
    page.finding("equal")
page.finding("delay")
page.figure(waits, "waits", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """How far units part."""
    apart = figures.curves(
        result.steps, result.apart_log(), [words[f"words.{k}"] for k in ("chosen", "without", "random")],
        y_range=(-20.8, 3), colours=figures.colours("jittered", "constant", "random"),
        lines=[(-20, words["figures.apart.zero"])], **words.some("figures.apart", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(apart, "apart", numbers=numbers, table=result.over_steps())


page.below(deeper)
