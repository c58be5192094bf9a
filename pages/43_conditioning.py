"""What is the problem, really?"""

from lib import figures, ui
from lib.questions.conditioning import QUESTION
from lib.questions.conditioning.config import OFFSETS

# Question
page = ui.Page(__file__, QUESTION, first=("offset", "bias", "share"))
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
kappas = [words[f"figures.kappa.{k}"] for k in ("without", "without_theory", "with", "with_theory")]
offsets = [f"{offset:g}" for offset in OFFSETS]
kappa = figures.sweep(
    offsets, result.conditions(), kappas, y_range=(0.7, 3e6), y_log=True,
    **words.some("figures.kappa", "x", "y", "hover"),
)  # fmt: skip
page.finding("bias")
page.figure(kappa, "kappa", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """The formula, whether a bias takes the offset away, the largest stable rate, and the steps it leaves."""
    limits = result.rates()
    rate = figures.sweep(
        offsets, limits, [words["figures.rate.tried"], words["figures.rate.theory"]], y_range=(5e-4, 3), y_log=True,
        height=320, **words.some("figures.rate", "x", "y", "hover"),
    )  # fmt: skip
    conditions, needed = result.against()
    steps = figures.sweep(
        conditions, needed, [words["figures.steps.needed"], words["figures.steps.most"]], y_range=(0.7, 6e6),
        y_log=True, height=320, **words.some("figures.steps", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("formula")
    page.finding("absorbs")
    page.figure(rate, "rate", numbers=numbers, table=dict(zip(offsets, limits[:, :, 0], strict=True)))
    page.figure(steps, "steps", numbers=numbers, table=dict(zip(offsets, needed[:, :, 0], strict=True)))


page.below(deeper)
