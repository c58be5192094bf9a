"""Can something else break the symmetry?"""

from lib import figures, ui
from lib.questions.other_noise import QUESTION
from lib.questions.other_noise.config import SOURCES

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("source", "amount", "activation"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
sources = [name.replace("_", " ") for name in SOURCES]
shown = min(8, config.width)
numbers = answer.verdicts["main"].numbers | answer.verdicts["chosen"].numbers | {"shown": shown}
apart = figures.intervals(
    result.apart_log(), sources, [words["figures.apart.name"]], x_range=(-20.8, 3), height=560,
    **words.some("figures.apart", "x", "hover"),
)  # fmt: skip
ends = figures.intervals(
    result.ends(), sources, [words["figures.ends.name"]], x_range=result.reach(), height=560,
    **words.some("figures.ends", "x", "hover"),
)  # fmt: skip
loss = figures.curves(
    result.steps, result.three(), [words[f"words.{k}"] for k in ("chosen", "momentum", "random")],
    y_range=(0, result.top()), lines=[(float(numbers["one"]), words["figures.loss.one"])],
    **words.some("figures.loss", "x", "y", "hover"),
)  # fmt: skip
units = figures.curves(
    result.steps, result.incoming[:, None, :8], [f"{words['words.unit']} {k + 1}" for k in range(shown)],
    y_range=result.unit_range(), **words.some("figures.units", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
ui.figure(apart, words, "apart", numbers=numbers, table=result.table())
ui.finding(words, answer, "chosen")
ui.figure(units, words, "units", numbers=numbers, table=result.lines())
ui.figure(loss, words, "loss", numbers=numbers, table=result.over_steps())
ui.figure(ends, words, "ends", numbers=numbers, table=result.table())
for name in ("dropout", "start", "biases", "layers", "evolution"):
    ui.finding(words, answer, name)
ui.below(words, QUESTION, answer)
