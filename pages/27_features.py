"""What do the weights do to the data?"""

from lib import figures, ui
from lib.questions.features import QUESTION
from lib.questions.features.config import PLACES

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("view", "activation", "steps"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
names = {place: words[f"words.{place}"] for place in (*PLACES, "bottleneck")}
both = [words["words.trained"], words["words.untrained"]]
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}
shown = {
    "count": len(result.labels),
    "frames": len(result.steps),
    "view": names[config.view],
    "near": result.near(),
}
plane = figures.digits(
    result.places, result.labels, result.images, result.steps.tolist(),
    **words.some("figures.plane", "x", "y", "hover"), **words.some("words", "step", "play"),
)  # fmt: skip
fisher = figures.curves(
    result.steps, result.fisher, [names[place] for place in PLACES], y_range=(0, result.top()),
    **words.some("figures.fisher", "x", "y", "hover"),
)  # fmt: skip
by_place = figures.sweep(
    [names[place] for place in PLACES], result.by_place(), both, y_range=(0, result.top()),
    **words.some("figures.by_place", "x", "y", "hover"),
)  # fmt: skip
agree = figures.sweep(
    list(names.values()), result.agree(), both, y_range=(0, 102), **words.some("figures.agree", "x", "y", "hover")
)

# Verdict
ui.verdict(words, answer)
ui.figure(plane, words, "plane", numbers=shown, table=result.points())
ui.finding(words, answer, "bottleneck")
ui.figure(fisher, words, "fisher", numbers=found["main"], table=result.over_steps())
ui.figure(by_place, words, "by_place", numbers=found["main"], table=result.table())
ui.figure(agree, words, "agree", numbers=found["principal"], table=result.table())
ui.finding(words, answer, "principal")
ui.below(words, QUESTION, answer)
