"""What do the weights do to the data?"""

from lib import figures, ui
from lib.questions.features import QUESTION
from lib.questions.features.config import PLACES

# Question
page = ui.Page(__file__, QUESTION, first=("activation", "steps"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}

# Hero
names = {place: words[f"words.{place}"] for place in (*PLACES, "bottleneck")}
shown = {"count": len(result.labels), "frames": len(result.steps), "view": names[config.view], "near": result.near()}
scrub = words.some("words", "step")
planes = figures.planes(
    result.planes, result.labels, [names[place] for place in PLACES], result.steps.tolist(),
    hover=words["figures.planes.hover"], **scrub,
)  # fmt: skip
page.hero(planes, "planes", numbers=found["main"] | shown, table=result.planes_table())

# Beside it
both = [words["words.trained"], words["words.untrained"]]
by_place = figures.sweep(
    [names[place] for place in PLACES], result.by_place(), both, y_range=(0, result.top()),
    **words.some("figures.by_place", "x", "y", "hover"),
)  # fmt: skip
agree = figures.sweep(
    list(names.values()), result.agree(), both, y_range=(0, 102), **words.some("figures.agree", "x", "y", "hover")
)
page.figure(by_place, "by_place", numbers=found["main"], table=result.table())
page.finding("principal")
page.figure(agree, "agree", numbers=found["principal"], table=result.table())


# Deeper
def deeper() -> None:
    """One plane drawn large, at first the bottleneck's, and the classes over the course of training."""
    plane = figures.digits(
        result.places, result.labels, result.images, result.steps.tolist(), height=430,
        **words.some("figures.plane", "x", "y", "hover"), **scrub,
    )  # fmt: skip
    fisher = figures.curves(
        result.steps, result.fisher, [names[place] for place in PLACES], y_range=(0, result.top()),
        **words.some("figures.fisher", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("bottleneck")
    page.figure(plane, "plane", numbers=shown, table=result.points())
    page.figure(fisher, "fisher", numbers=found["main"], table=result.over_steps())


page.below(deeper)
