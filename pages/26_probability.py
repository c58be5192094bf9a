"""Are weights probabilities?"""

from lib import figures, ui
from lib.questions.probability import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("held", "feature", "steps"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}

# Hero
before, change, ratio = result.more()
odds, odds_after = result.log_odds_of()
some, decades = result.followed(), result.decades()
percent = {"range": [-2, 102], "ticksuffix": "%", "dtick": 25}
ticks = [words.say(f"figures.fan.{'for' if k > 0 else 'against' if k else 'even'}", k=abs(k)) for k in decades]
powers = {"range": result.odds_range(), "tickvals": decades, "ticktext": ticks}
points = [words.say("figures.fan.points", change=100 * change[k]) for k in some]
times = [words.say("figures.fan.times", factor=ratio[k]) for k in some]
fan = figures.slopes(
    (
        figures.Panel(words["figures.fan.probability"], 100 * before, 100 * (before + change), percent, points),
        figures.Panel(words["figures.fan.odds"], odds, odds_after, powers, times),
    ),
    some,
    [words.say("figures.fan.patient", before=before[k]) for k in some],
    ends=(words["figures.fan.now"], words["figures.fan.then"]),
)
page.hero(fan, "fan", numbers=found["odds"], table=result.patients_table())

# Beside it
places = figures.shares(
    result.places(), [words[f"figures.places.{k}"] for k in ("first", "second", "outputs")],
    (words["figures.places.below"], words["figures.places.within"], words["figures.places.above"]),
    **words.some("figures.places", "x", "hover"),
)  # fmt: skip
bins, reliability = result.reliability()
calibration = figures.sweep(
    bins, reliability, [words[f"figures.calibration.{k}"] for k in ("right", "honest")], y_range=(-3, 103),
    **words.some("figures.calibration", "x", "y", "hover"),
)  # fmt: skip
page.finding("odds")
page.figure(places, "places", numbers=found["main"], table=result.places_table())
page.finding("output")
table = {"confidence": bins, "right": reliability[:, 0, 0], "mean_confidence": reliability[:, 0, 1]}
page.figure(calibration, "calibration", numbers=found["output"], table=table)


# Deeper
def deeper() -> None:
    """A weight read literally, where weights come from probabilities, and what their signs are worth."""
    literal = figures.clouds(
        [result.literal_points()], [words["figures.literal.name"]], **words.some("figures.literal", "x", "y", "hover")
    )
    page.finding("literal")
    page.figure(literal, "literal", numbers=found["literal"], table=result.table())
    patients = figures.clouds(
        [(100 * before, 100 * change)], [words["figures.change.name"]], height=300,
        **words.some("figures.change", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(patients, "change", numbers=found["odds"], table=result.patients_table())
    page.finding("origins")
    page.finding("bayes")
    templates = figures.heatmap(
        figures.mosaic(result.templates(), columns=5), x="", y="", ticks=False, square=True, height=480,
        **words.some("figures.templates", "value", "hover"),
    )  # fmt: skip
    page.figure(templates, "templates", numbers=found["bayes"], table=result.templates_table())
    page.finding("boltzmann")
    signs = figures.intervals(
        100 * result.signs.T[None], [words[f"figures.signs.{k}"] for k in ("both", "negative", "positive")],
        [words["figures.signs.name"]], x_range=(0, 102), height=260, **words.some("figures.signs", "x", "hover"),
    )  # fmt: skip
    page.finding("signs")
    page.figure(signs, "signs", numbers=found["signs"], table=result.table())


page.below(deeper)
