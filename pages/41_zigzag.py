"""Why do all-positive inputs make gradient descent zig-zag?"""

from lib import figures, ui
from lib.questions.zigzag import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("offset", "direction", "lr", "bias"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
names = [words["words.offset"], words["words.centred"]]
shown = result.shown
path = figures.path(
    shown.path, names, shown.target, shown.contours, shown.frames,
    [words.say("figures.path.update", **numbers) for numbers in shown.updates()], reach=2.7,
    **words.some("figures.path", "x", "y", "loss", "allowed", "goal", "hover"), **words.some("words", "step", "play"),
)  # fmt: skip
degrees, steps, rates = result.around()
polar = figures.polar(
    degrees, steps, names, notes=rates, marked=config.direction, r_range=(0, result.rim),
    **words.some("figures.polar", "hover", "compass", "mark"),
)  # fmt: skip
lrs, cost = result.over_rates()
rate = figures.sweep(
    lrs, cost, names, y_range=(0, 1.04 * result.budget), **words.some("figures.rate", "x", "y", "hover")
)

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers | result.counts()
numbers |= {f"best_{key}": value for key, value in answer.verdicts["best"].numbers.items()}
ui.finding(words, answer, "signs")
ui.figure(path, words, "path", numbers=numbers, table=shown.table())
ui.finding(words, answer, "speed")
ui.finding(words, answer, "direction")
ui.figure(
    polar,
    words,
    "polar",
    numbers=numbers,
    table={"direction": degrees, "steps": steps[:, 0], "steps_centred": steps[:, 1], "lr": rates[:, 0]},
)
ui.figure(rate, words, "rate", numbers=numbers, table=dict(zip(lrs, cost[:, :, 0], strict=True)))
ui.finding(words, answer, "best")
ui.below(words, QUESTION, answer)
