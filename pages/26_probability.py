"""Are weights probabilities?"""

from lib import figures, ui
from lib.questions.probability import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("held", "feature", "steps"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}
places = figures.shares(
    result.places(),
    [words[f"figures.places.{k}"] for k in ("first", "second", "outputs")],
    (words["figures.places.below"], words["figures.places.within"], words["figures.places.above"]),
    **words.some("figures.places", "x", "hover"),
)
bins, reliability = result.reliability()
calibration = figures.sweep(
    bins, reliability, [words[f"figures.calibration.{k}"] for k in ("right", "honest")], y_range=(-3, 103),
    **words.some("figures.calibration", "x", "y", "hover"),
)  # fmt: skip
literal = figures.clouds(
    [result.literal_points()], [words["figures.literal.name"]], **words.some("figures.literal", "x", "y", "hover")
)
before, change, ratio = result.more()
patients = figures.clouds(
    [(100 * before, 100 * change)],
    [words["figures.change.name"]],
    height=300,
    **words.some("figures.change", "x", "y", "hover"),
)
odds = figures.dots(
    [(100 * before[None], ratio[None])], [words["figures.ratio.name"]], x_range=(-3, 103),
    y_range=(0, 1.6 * ratio.max()), height=300, **words.some("figures.ratio", "x", "y", "hover"),
)  # fmt: skip
templates = figures.heatmap(
    figures.mosaic(result.templates(), columns=5), x="", y="", ticks=False, square=True, height=480,
    **words.some("figures.templates", "value", "hover"),
)  # fmt: skip
signs = figures.intervals(
    100 * result.signs.T[None], [words[f"figures.signs.{k}"] for k in ("both", "negative", "positive")],
    [words["figures.signs.name"]], x_range=(0, 102), height=260, **words.some("figures.signs", "x", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
ui.figure(places, words, "places", numbers=found["main"], table=result.places_table())
ui.finding(words, answer, "output")
ui.figure(
    calibration,
    words,
    "calibration",
    numbers=found["output"],
    table={"confidence": bins, "right": reliability[:, 0, 0], "mean_confidence": reliability[:, 0, 1]},
)
ui.finding(words, answer, "literal")
ui.figure(literal, words, "literal", numbers=found["literal"], table=result.table())
ui.finding(words, answer, "odds")
ui.figure(patients, words, "change", numbers=found["odds"], table=result.patients_table())
ui.figure(odds, words, "ratio", numbers=found["odds"], table=result.patients_table())
ui.finding(words, answer, "origins")
ui.finding(words, answer, "bayes")
ui.figure(templates, words, "templates", numbers=found["bayes"], table=result.templates_table())
ui.finding(words, answer, "boltzmann")
ui.finding(words, answer, "signs")
ui.figure(signs, words, "signs", numbers=found["signs"], table=result.table())
ui.below(words, QUESTION, answer)
