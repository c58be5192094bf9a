"""Why not start every weight at 0.5?"""

from lib import figures, ui
from lib.questions.symmetry import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("constant", "jitter", "arithmetic"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
starts = [words[f"words.{k}"] for k in ("chosen", "without", "random")]
shown = min(8, config.width)
units = figures.curves(
    result.steps, result.incoming[:, None, :shown, 0], [f"{words['words.unit']} {k + 1}" for k in range(shown)],
    y_range=result.unit_range(), **words.some("figures.units", "x", "y", "hover"),
)  # fmt: skip
apart = figures.curves(
    result.steps, result.apart_log(), starts, y_range=(-20.8, 3),
    lines=[(-20, words["figures.apart.zero"])], **words.some("figures.apart", "x", "y", "hover"),
)  # fmt: skip
loss = figures.curves(
    result.loss_steps, result.three(result.loss), starts, y_range=(0, 1),
    lines=[(float(answer.verdicts["main"].numbers["one"]), words["figures.loss.one"])],
    **words.some("figures.loss", "x", "y", "hover"),
)  # fmt: skip
rank = figures.curves(
    result.rank_steps, result.three(result.rank), starts, y_range=(-0.1, 4.6),
    **words.some("figures.rank", "x", "y", "hover"),
)  # fmt: skip
plane = figures.boundary(
    result.surface, result.points, result.labels, result.frames.tolist(), (words["words.zero"], words["words.one"]),
    reach=1.1, **words.some("figures.plane", "x", "y", "value", "hover"), **words.some("words", "step", "play"),
)  # fmt: skip
waits = figures.sweep(
    [f"{j:g}" for j in result.jitters], result.waits(), [words["figures.waits.line"]],
    y_range=(0, 1.06 * config.steps), **words.some("figures.waits", "x", "y", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers | {"shown": shown}
ui.finding(words, answer, "equal")
ui.figure(units, words, "units", numbers=numbers, table=result.lines())
ui.figure(apart, words, "apart", numbers=numbers, table=result.over_steps(result.apart, result.steps))
ui.figure(loss, words, "loss", numbers=numbers, table=result.over_steps(result.loss, result.loss_steps))
ui.figure(
    plane,
    words,
    "plane",
    numbers=numbers,
    table={"first": result.points[:, 0], "second": result.points[:, 1], "label": result.labels},
)
ui.finding(words, answer, "rank")
ui.figure(rank, words, "rank", numbers=numbers, table=result.over_steps(result.rank, result.rank_steps))
ui.finding(words, answer, "delay")
ui.figure(waits, words, "waits", numbers=numbers, table=result.table())
ui.below(words, QUESTION, answer)
