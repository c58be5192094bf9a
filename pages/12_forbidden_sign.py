"""What if negative weights were forbidden?"""

from lib import figures, ui
from lib.questions.forbidden_sign import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("task", "held", "activation"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
names = [words["figures.curves.free"], words["figures.curves.held"]]
curves = figures.curves(
    result.steps, result.loss.swapaxes(1, 2), names, y_range=result.loss_range(),
    lines=result.floors(words.some("figures.curves", "supermodular", "convex", "monotone")),
    **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
order, rates = result.learnable()
functions = figures.grid(
    rates,
    [words[f"words.{result.functions[k]}"] + int(result.monotone[k]) * words["words.monotone"] for k in order],
    [words[f"figures.functions.{k}"] for k in ("one_free", "one_held", "two_free", "two_held")],
    hover=words["figures.functions.hover"],
)

# Verdict
ui.verdict(words, answer)
numbers = answer.verdicts["main"].numbers | {"frames": len(result.frames)}
ui.figure(curves, words, "curves", numbers=numbers, table=result.table())
if result.kind in ("boolean", "region"):
    surface = figures.heatmap(
        figures.mosaic(result.surfaces(), columns=2), result.frames, x="", y="", ticks=False, square=True,
        height=390,
        **words.some("figures.surface", "value", "hover"), **words.some("words", "step", "play"),
    )  # fmt: skip
    ui.figure(surface, words, "surface", numbers=numbers, table=result.table())
if result.kind == "curve":
    places, outputs = result.fits()
    fit = figures.fits(
        places, outputs, names, result.target, y_range=(-1.4, 1.4),
        **words.some("figures.fit", "x", "y", "hover", "goal"),
    )  # fmt: skip
    ui.figure(fit, words, "fit", numbers=numbers, table={"input": places, "target": result.target})
ui.finding(words, answer, "functions")
ui.finding(words, answer, "head")
counts = answer.verdicts["functions"].numbers
ui.figure(functions, words, "functions", numbers=counts, table=result.functions_table())
ui.finding(words, answer, "rewriting")
ui.finding(words, answer, "outputs")
ui.below(words, QUESTION, answer)
