"""Which cure for off-centre inputs works?"""

from lib import figures, ui
from lib.questions.cures import QUESTION
from lib.questions.cures.config import KINDS, SHOWN_AS

# Question
page = ui.Page(__file__, QUESTION, first=("activation", "pixels", "depth"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, numbers = answer.result, answer.verdicts["main"].numbers

# Hero
controls = words["controls.norm.options"] | words["controls.optimiser.options"] | words.table["words"]
said = [controls[name] for name in result.names]
notes = [
    words.say(f"figures.race.{'never' if result.never(name) else 'row'}", name=name_said, steps=result.median(name))
    for name, name_said in zip(result.names, said, strict=True)
]
race = figures.race(
    result.eggs, result.capped(), said, notes,
    [words["figures.race.first"], *(words.say("figures.race.layer", layer=k + 2) for k in range(config.depth))],
    [SHOWN_AS[KINDS.get(name, name)] for name in result.names], result.looks(), reach=result.reach(),
    **words.some("figures.race", "x", "hover", "egg", "step"),
)  # fmt: skip
page.hero(race, "race", numbers=numbers | result.told(), table=result.over_layers())

# Beside it
for name in ("norms", "optimisers"):
    page.finding(name)


# Deeper
def deeper() -> None:
    """A bias for each input: what it does to the signs, and its gradient."""
    for name in ("bias_signs", "algebra"):
        page.finding(name)


page.below(deeper)
