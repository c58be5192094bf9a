"""Does summing over a batch cure it?"""

from lib import figures, ui
from lib.questions.batch import QUESTION
from lib.questions.batch.config import BATCHES, INPUTS, OFFSETS, SIZES

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("batch", "offset", "inputs", "error"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
sizes, batches = [str(s) for s in SIZES], [str(s) for s in BATCHES]
lines = [words[f"figures.share.{k}"] for k in ("as_it_is", "removed", "centred")]
share = figures.sweep(
    sizes, 100 * result.shares.transpose(1, 2, 0), lines,
    y_range=(-3, 103), **words.some("figures.share", "x", "y", "hover"),
)  # fmt: skip
inputs_lines = [words.say("figures.inputs.line", n=n) for n in INPUTS]
inputs = figures.sweep(
    sizes, 100 * result.by_inputs.transpose(1, 2, 0), inputs_lines,
    y_range=(-3, 103), height=320, **words.some("figures.share", "x", "y", "hover"),
)  # fmt: skip
offset_lines = [words.say("figures.offset.line", n=n) for n in OFFSETS]
offset = figures.sweep(
    sizes, 100 * result.by_offset.transpose(1, 2, 0), offset_lines,
    y_range=(-3, 103), height=320, **words.some("figures.share", "x", "y", "hover"),
)  # fmt: skip
path = figures.sweep(
    batches, result.paths(), [words["figures.path.offset"], words["figures.path.centred"]],
    y_range=(0, result.reach), height=320, **words.some("figures.path", "x", "y", "hover"),
)  # fmt: skip
steps = figures.sweep(
    batches, result.all_steps(),
    [words[f"figures.steps.{k}"] for k in ("same", "same_centred", "best", "best_centred")],
    y_range=(0.8, 1.3 * result.budget), y_log=True, **words.some("figures.steps", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.finding(words, answer, "signs")
ui.figure(share, words, "share", numbers=numbers, table=result.medians(result.shares, lines))
ui.finding(words, answer, "speed")
ui.figure(steps, words, "steps", numbers=numbers, table=result.table())
ui.finding(words, answer, "path")
ui.figure(path, words, "path", numbers=numbers, table=dict(zip(batches, result.paths()[:, :, 0], strict=True)))
ui.figure(inputs, words, "inputs", numbers=numbers, table=result.medians(result.by_inputs, inputs_lines))
ui.figure(offset, words, "offset", numbers=numbers, table=result.medians(result.by_offset, offset_lines))
ui.below(words, QUESTION, answer)
