"""What does a constant matrix forget?"""

from lib import figures, ui
from lib.questions.null_space import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("jitter", "data", "activation", "depth"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
names = [words[f"words.{name}"] for name in result.starts]
layers = result.layers()
distinct = figures.sweep(
    layers, result.told_apart().T, names, y_range=(-3, 104), **words.some("figures.distinct", "x", "y", "hover")
)
rank = figures.sweep(
    layers, result.rank.T, names, y_range=(0, result.rank_range()), **words.some("figures.rank", "x", "y", "hover")
)
back = figures.sweep(layers, result.back.T, names, y_range=(0, 10.5), **words.some("figures.back", "x", "y", "hover"))
shape = words.some("figures.angles", "x", "y", "hover")
if len(result.angle_theory):
    angles = figures.fits(
        result.places, result.angles.T, names, result.angle_theory, goal=words["figures.angles.theory"],
        every=1, tick=max(1, config.depth // 5), y_range=(-4, 184), **shape,
    )  # fmt: skip
else:
    angles = figures.sweep(layers, result.angles.T, names, y_range=(-4, 184), **shape)
spread = figures.intervals(
    result.spread_by_start(), [words["figures.spread.row"]], names, x_range=(-0.1, 3), height=320,
    **words.some("figures.spread", "x", "hover"),
)  # fmt: skip
probe = figures.sweep(
    layers, 100 * result.probe.T, names, y_range=(0, 102), **words.some("figures.probe", "x", "y", "hover")
)

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.figure(distinct, words, "distinct", numbers=numbers, table=result.table())
ui.finding(words, answer, "separate")
ui.finding(words, answer, "null")
ui.finding(words, answer, "adversarial")
ui.figure(rank, words, "rank", numbers=numbers, table=result.table())
ui.finding(words, answer, "backward")
ui.figure(back, words, "back", numbers=answer.verdicts["backward"].numbers, table=result.errors())
ui.finding(words, answer, "distances")
ui.figure(spread, words, "spread", numbers=answer.verdicts["distances"].numbers, table=result.distances())
ui.finding(words, answer, "angle")
turned = answer.verdicts["angle"].numbers
ui.figure(angles, words, "angles", numbers=turned, table=result.table())
ui.finding(words, answer, "deep")
ui.figure(probe, words, "probe", numbers=answer.verdicts["deep"].numbers, table=result.table())
ui.below(words, QUESTION, answer)
