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
below = dict(zip(ways, result.below_zero, strict=True))
threads = figures.threads(
    result.moments, result.threads, [words[f"figures.threads.{way}"] for way in ways],
    [words.say("figures.threads.below", count=n, steps=config.steps) for n in below.values()],
    y_range=result.thread_range(), height=400, y=words["figures.threads.y"],
)  # fmt: skip
page.hero(threads, "threads", numbers=numbers | below, table=result.threads_table())

# Beside it
curves = figures.curves(
    result.steps, result.curves(), [words[f"figures.curves.{way}"] for way in ways], y_range=result.share_range(),
    **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
for name in ("optimisers", "noise", "data"):
    page.finding(name)
page.figure(curves, "curves", numbers=numbers, table=result.over_steps())


# Deeper
def deeper() -> None:
    """What decay costs, what it leaves of the weights, and what centred weights are worth."""
    settings, swept = result.sweep()
    sweep = figures.sweep(
        settings, swept, [words[f"figures.sweep.{k}"] for k in ("negative", "accuracy", "norm", "mean")],
        y_range=(-5, 125), **words.some("figures.sweep", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(sweep, "sweep", numbers=numbers, table=result.table())
    histogram = figures.histograms(
        [result.edges], [100 * result.density], settings, [words["figures.histogram.row"]], height=300,
        **words.some("figures.histogram", "x", "y", "hover", "step"),
    )  # fmt: skip
    by_decay = dict(zip(settings, 100 * result.density, strict=True))
    page.figure(histogram, "histogram", numbers={"decays": len(settings)}, table=by_decay)
    shift = figures.sweep(
        [f"{c:g}" for c in result.shifts], 100 * result.shifted[:, :, None], [words["figures.shift.line"]],
        y_range=(0, 102), height=300, **words.some("figures.shift", "x", "y", "hover"),
    )  # fmt: skip
    by_shift = dict(zip([f"+{c:g}" for c in result.shifts], result.shifted, strict=True))
    page.figure(shift, "shift", numbers=numbers | result.shift_ends, table=by_shift)
    page.finding("identity")
    page.finding("variation")


page.below(deeper)
