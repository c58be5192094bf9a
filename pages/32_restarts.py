"""If training got stuck, does training again help?"""

from lib import figures, ui
from lib.questions.restarts import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("width", "activation", "problem"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
groups = [words[f"words.{k}"] for k in ("solved", "constant", "stuck")]
scrub = words.some("words", "step", "play")
strip = figures.dots(
    result.strips(), groups, result.frames.tolist(), x_range=(0, 65), y_range=(-0.02, 0.42),
    lines=result.known_levels, **words.some("figures.strip", "x", "y", "hover"), **scrub,
)  # fmt: skip
best = figures.sweep(
    result.tries, result.best_of(), [words["words.random"], words["words.constant"]], y_range=(-5, 105),
    **words.some("figures.best", "x", "y", "hover"),
)  # fmt: skip
width = figures.sweep(
    [str(w) for w in result.widths], result.shares(), [words["words.random"]], y_range=(-5, 105), height=300,
    **words.some("figures.width", "x", "y", "hover"),
)  # fmt: skip
ends = figures.dots(
    result.map(), groups, result.frames.tolist(), x_range=result.reach(0), y_range=result.reach(1), height=440,
    **words.some("figures.ends", "x", "y", "hover"), **scrub,
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers | answer.verdicts["levels"].numbers | answer.verdicts["width"].numbers
ui.finding(words, answer, "better")
ui.finding(words, answer, "again")
ui.figure(strip, words, "strip", numbers=numbers, table=result.table())
ui.finding(words, answer, "levels")
ui.figure(best, words, "best", numbers=numbers, table=result.tries_table())
ui.finding(words, answer, "width")
ui.figure(width, words, "width", numbers=numbers, table=result.width_table())
ui.figure(ends, words, "ends", numbers=numbers)
ui.finding(words, answer, "order")
ui.below(words, QUESTION, answer)
