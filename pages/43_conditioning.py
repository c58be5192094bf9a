"""What is the problem, really?"""

from lib import figures, ui
from lib.questions.conditioning import QUESTION
from lib.questions.conditioning.config import OFFSETS

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("offset", "inputs", "bias", "share"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
offsets = [f"{offset:g}" for offset in OFFSETS]
stretch = figures.stretch(
    result.contours, result.walks, offsets, result.at, reach=2.2, y=words[f"figures.stretch.y_{config.bias}"],
    **words.some("figures.stretch", "x", "loss", "walk", "goal", "hover"), **words.some("words", "step", "play"),
)  # fmt: skip
kappas = [words[f"figures.kappa.{k}"] for k in ("without", "without_theory", "with", "with_theory")]
kappa = figures.sweep(
    offsets, result.conditions(), kappas, y_range=(0.7, 3e6), y_log=True,
    **words.some("figures.kappa", "x", "y", "hover"),
)  # fmt: skip
limits = result.rates()
rate = figures.sweep(
    offsets, limits, [words["figures.rate.tried"], words["figures.rate.theory"]], y_range=(5e-4, 3), y_log=True,
    height=320, **words.some("figures.rate", "x", "y", "hover"),
)  # fmt: skip
conditions, needed = result.against()
steps = figures.sweep(
    conditions, needed, [words["figures.steps.needed"], words["figures.steps.most"]], y_range=(0.7, 6e6), y_log=True,
    height=320, **words.some("figures.steps", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.finding(words, answer, "rate")
ui.figure(
    stretch,
    words,
    "stretch",
    numbers=numbers,
    table={"along": result.walks[result.at, :, 0], "across_or_bias": result.walks[result.at, :, 1]},
)
ui.finding(words, answer, "formula")
ui.finding(words, answer, "bias")
ui.finding(words, answer, "absorbs")
ui.figure(kappa, words, "kappa", numbers=numbers, table=result.table())
ui.figure(rate, words, "rate", numbers=numbers, table=dict(zip(offsets, limits[:, :, 0], strict=True)))
ui.figure(steps, words, "steps", numbers=numbers, table=dict(zip(offsets, needed[:, :, 0], strict=True)))
ui.below(words, QUESTION, answer)
