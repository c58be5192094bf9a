"""Must it be random?"""

from lib import figures, ui
from lib.questions.must_it_be_random import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("start", "jitter", "depth"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
names = [words[f"words.{start}"] for start in result.summary()["start"]]
compared = [words[f"words.{start}"] for start in result.compared()]
ranking = figures.intervals(
    100 * result.at_best().T[None], names, [words["figures.ranking.median"]],
    x_range=(0, 101), height=400, **words.some("figures.ranking", "x", "hover"),
)  # fmt: skip
pictures = figures.heatmap(
    figures.mosaic(result.pictures(), 3),
    ticks=False,
    height=560,
    **words.some("figures.pictures", "x", "y", "value", "hover"),
)
curves = figures.curves(
    result.steps, result.curves(), compared, y_range=(0, 3), **words.some("figures.curves", "x", "y", "hover")
)
rates = figures.sweep(
    result.lrs(), result.over_lrs(), compared, y_range=(0, 102), **words.some("figures.rates", "x", "y", "hover")
)

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.figure(ranking, words, "ranking", numbers=numbers, table=result.summary())
ui.finding(words, answer, "half")
ui.finding(words, answer, "ramp")
ui.finding(words, answer, "kept")
ui.figure(pictures, words, "pictures", numbers=numbers, table=result.summary())
ui.figure(curves, words, "curves", numbers=numbers, table=result.over_steps())
ui.figure(rates, words, "rates", numbers=numbers, table=result.table())
ui.finding(words, answer, "beliefs")
ui.finding(words, answer, "opposite")
ui.below(words, QUESTION, answer)
