"""What really slows descent on all-positive inputs?"""

from lib import figures, ui
from lib.questions.conditioning import QUESTION
from lib.questions.conditioning.config import OFFSETS

# Question
page = ui.Page(__file__, QUESTION, first=("offset", "bias", "inputs"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, planes, at = answer.result, answer.result.planes, answer.result.at

# Hero
panels = planes.panels(at)
scrub = words.some("words", "step") | {"y": words[f"figures.egg.y_{config.bias}"], "reach": 2.0}
egg = figures.eggs(
    planes.contours[panels], planes.walks[panels], [0 if k else 1 for k in panels],
    [words.say(f"figures.egg.{'some' if k else 'none'}", **planes.told(k)) for k in panels], planes.drawn(at),
    names=[words[f"figures.egg.walk_{'some' if k else 'none'}"] for k in panels],
    inputs=planes.inputs[panels], said=words["figures.egg.inputs"], **words.some("figures.egg", "x", "hover"),
    **scrub,
)  # fmt: skip
numbers = answer.verdicts["main"].numbers
told = {f"{name}{end}": planes.told(k)[of] for k, end in ((at, ""), (0, "_zero"))
        for name, of in (("longer", "longer"), ("walk", "steps"))}  # fmt: skip
page.hero(egg, "egg", numbers=numbers | told, table=result.over_walk(planes.walks[at]))

# Beside it
own = figures.eggs(
    planes.contours[[at]], planes.own[[at]], [2], [words.say("figures.own.note", **numbers)],
    planes.own.shape[1] - 1, names=[words["figures.own.walk"]], height=340, **words.some("figures.egg", "x", "hover"),
    **scrub,
)  # fmt: skip
page.finding("rate")
page.figure(own, "own", numbers=numbers | result.ended(), table=result.over_walk(planes.own[at]))
page.finding("absorbs")


# Deeper
def deeper() -> None:
    """The condition number at every offset, and what a bias makes of it."""
    kappa = figures.sweep(
        [f"{offset:g}" for offset in OFFSETS], result.conditions(),
        [words[f"figures.kappa.{k}"] for k in ("without", "without_theory", "with", "with_theory")],
        y_range=(0.7, 3e6), y_log=True, **words.some("figures.kappa", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("bias")
    page.figure(kappa, "kappa", numbers=numbers, table=result.table())


page.below(deeper)
