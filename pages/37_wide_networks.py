"""Why do wide networks always fit?"""

from lib import figures, ui
from lib.questions.wide_networks import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("width", "start", "labels"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
curves = figures.curves(
    result.drawn_steps(), result.curves(), [words[f"figures.curves.{k}"] for k in ("4", "16", "64", "256", "half")],
    y_range=(-6.2, 0.6), **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
distance = figures.sweep(
    result.names(), result.distances(), [words[f"figures.distance.{k}"] for k in ("moved", "fitted", "theory")],
    y_range=(0.02, 4), y_log=True, **words.some("figures.distance", "x", "y", "hover"),
)  # fmt: skip
shares = figures.sweep(
    result.names(), result.shares(), [words[f"figures.shares.{k}"] for k in ("labels", "flipped", "kernel")],
    y_range=(0, 104), **words.some("figures.shares", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.figure(curves, words, "curves", numbers=numbers, table=result.over_steps())
ui.finding(words, answer, "constant")
ui.finding(words, answer, "gram")
ui.figure(distance, words, "distance", numbers=numbers | answer.verdicts["slope"].numbers, table=result.table())
ui.finding(words, answer, "slope")
ui.figure(shares, words, "shares", numbers=numbers, table=result.summary())
ui.finding(words, answer, "kernel")
ui.finding(words, answer, "dice")
ui.below(words, QUESTION, answer)
