"""Does weight decay make weights negative?"""

from lib import figures, ui
from lib.questions.weight_decay import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("shrink", "optimiser"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers
ways = ("alone", "noisy", "learned", "without")

# Hero
counts = result.below_zero
threads = figures.threads(
    result.moments, result.threads, [words[f"figures.threads.{way}"] for way in ways],
    [[words.say("figures.threads.below", count=n) for n in now] for now in counts],
    y_range=result.thread_range(), **words.some("figures.threads", "x", "y"), **words.some("words", "step"),
)  # fmt: skip
below = dict(zip(ways, counts[-1], strict=True))
page.hero(threads, "threads", numbers=numbers | below, table=result.threads_table())

# Beside it
settings, swept = result.sweep()
sweep = figures.sweep(
    settings, swept, [words[f"figures.sweep.{k}"] for k in ("negative", "accuracy", "norm", "mean")],
    y_range=(-5, 125), **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
page.finding("noise")
page.finding("data")
page.figure(sweep, "sweep", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """What centred weights are worth."""
    shift = figures.sweep(
        [f"{c:g}" for c in result.shifts], 100 * result.shifted[:, :, None], [words["figures.shift.line"]],
        y_range=(0, 102), height=300, **words.some("figures.shift", "x", "y", "hover"),
    )  # fmt: skip
    by_shift = dict(zip([f"+{c:g}" for c in result.shifts], result.shifted, strict=True))
    page.finding("identity")
    page.figure(shift, "shift", numbers=numbers | result.shift_ends, table=by_shift)
    page.finding("variation")


page.below(deeper)
