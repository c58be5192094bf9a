"""Are weights probabilities?"""

from lib import figures, ui
from lib.questions.probability import QUESTION
from lib.questions.probability.result import EVERY

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
named = [words["figures.fan.powers"][abs(k) // EVERY] for k in decades]
ticks = [
    words.say(f"figures.fan.{'against' if k < 0 else 'for'}", power=p) for k, p in zip(decades, named, strict=True)
]
powers = {"range": result.odds_range(), "tickvals": decades, "ticktext": ticks, "tickfont": {"size": 11}}
points = [words.say("figures.fan.points", before=before[k], change=100 * change[k]) for k in some]
times = [words.say("figures.fan.times", factor=ratio[k]) for k in some]
edges, counts = result.bins()
below, within, above = (words.say(f"figures.fan.{k}", **found["main"]) for k in ("below", "within", "above"))
fan = figures.slopes(
    figures.Strip(
        words["figures.fan.weights"], words["figures.fan.digits"], edges, counts, (0.0, 1.0), (below, within, above)
    ),
    (
        figures.Panel(words["figures.fan.probability"], 100 * before, 100 * (before + change), percent, points),
        figures.Panel(words["figures.fan.odds"], odds, odds_after, powers, times),
    ),
    some,
    [words.say("figures.fan.patient", before=before[k]) for k in some],
    heading=words["figures.fan.tumours"],
    ends=(words["figures.fan.now"], words["figures.fan.then"]),
)
page.hero(fan, "fan", numbers=found["odds"] | found["main"], table=result.patients_table())

# Beside it
bins, reliability = result.reliability()
calibration = figures.sweep(
    bins, reliability, [words[f"figures.calibration.{k}"] for k in ("right", "honest")], y_range=(-3, 103),
    colours=figures.colours("trained", "honest"), **words.some("figures.calibration", "x", "y", "hover"),
)  # fmt: skip
page.finding("odds")
page.finding("output")
table = {"confidence": bins, "right": reliability[:, 0, 0], "mean_confidence": reliability[:, 0, 1]}
page.figure(calibration, "calibration", numbers=found["output"], table=table)


# Deeper
def deeper() -> None:
    """What else is said of weights: their size and sign read literally, and where probabilities come in."""
    for name in ("literal", "signs", "bayes", "boltzmann", "origins"):
        page.finding(name)


page.below(deeper)
