"""Can anything but random weights tell equal units apart?"""

from lib import figures, ui
from lib.questions.other_noise import QUESTION
from lib.questions.other_noise.config import OWN, SHARED, SOURCES, THROWN

# Question
page = ui.Page(__file__, QUESTION, first=("amount", "activation"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | {"shown": result.drawn, "width": config.width}

# Hero
tiles, learned = result.tiles(), result.learned()


def thrown(name: str) -> figures.Thrown:
    """Return a source as it is drawn; the chosen one in bold."""
    c, label = SOURCES.index(name), words.option("source", name)
    scores = [words.say("figures.dice.score", solved=n, repeats=result.one_unit.size) for n in learned[:, c].tolist()]
    return figures.Thrown(f"<b>{label}</b>" if name == config.source else label, THROWN[name], tiles[:, c], scores)


columns = [[thrown(name) for name in side] for side in (SHARED, (*OWN, "random_weights"))]
dice = figures.dice(
    columns, [words[f"figures.dice.{side}"] for side in ("shared", "own")], result.steps[result.moments].tolist(),
    **words.some("words", "step"),
)  # fmt: skip
page.hero(dice, "dice", numbers=numbers, table=result.table())

# Beside it
loss = figures.curves(
    result.steps, result.three(), [words[f"words.{k}"] for k in ("chosen", "momentum", "random")],
    y_range=(0, result.top()), lines=[(float(numbers["one"]), words["figures.loss.one"])],
    **words.some("figures.loss", "x", "y", "hover"),
)  # fmt: skip
page.figure(loss, "loss", numbers=numbers, table=result.over_steps())


# Deeper
def deeper() -> None:
    """What single sources teach."""
    for name in ("start", "biases", "layers", "evolution"):
        page.finding(name)


page.below(deeper)
