"""Does weight decay make weights negative?"""

from lib import figures, ui
from lib.questions.weight_decay import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("shrink", "optimiser", "start", "steps"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
curves = figures.curves(
    result.steps, result.curves(), [words[f"figures.curves.{k}"] for k in ("alone", "noisy", "learned", "without")],
    y_range=result.share_range(), **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
settings, swept = result.sweep()
sweep = figures.sweep(
    settings, swept, [words[f"figures.sweep.{k}"] for k in ("negative", "accuracy", "norm", "mean")],
    y_range=(-5, 125), **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
histogram = figures.histograms(
    [result.edges], [100 * result.density], settings, [words["figures.histogram.row"]], row_height=240,
    play=words["words.play"], **words.some("figures.histogram", "x", "y", "hover", "step"),
)  # fmt: skip
shift = figures.sweep(
    [f"{c:g}" for c in result.shifts], 100 * result.shifted[:, :, None], [words["figures.shift.line"]],
    y_range=(0, 102), height=300, **words.some("figures.shift", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers
ui.figure(curves, words, "curves", numbers=numbers, table=result.over_steps())
ui.finding(words, answer, "optimisers")
ui.finding(words, answer, "noise")
ui.finding(words, answer, "data")
ui.figure(sweep, words, "sweep", numbers=numbers, table=result.table())
ui.figure(
    histogram,
    words,
    "histogram",
    numbers={"decays": len(settings)},
    table=dict(zip(settings, 100 * result.density, strict=True)),
)
ui.figure(
    shift,
    words,
    "shift",
    numbers=numbers | result.shift_ends,
    table=dict(zip([f"+{c:g}" for c in result.shifts], result.shifted, strict=True)),
)
ui.finding(words, answer, "identity")
ui.finding(words, answer, "variation")
ui.below(words, QUESTION, answer)
