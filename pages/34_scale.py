"""How large should random weights be?"""

from lib import figures, ui
from lib.questions.scale import QUESTION
from lib.questions.scale.config import GAINS, MAP_DEPTHS, MAP_GAINS, MAP_SAMPLES
from lib.questions.scale.verdict import times

# Question
page = ui.Page(__file__, QUESTION, first=("gain", "depth", "activation"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | answer.verdicts["map"].numbers

# Hero
panels = [
    words.say(f"figures.strips.{way}", gain=gain, sd=sd, size=times(size))
    for gain, sd, *sizes in result.arrivals()
    for way, size in zip(("there", "back"), sizes, strict=True)
]
strips = figures.strips(result.ways, panels, reach=2.0, **words.some("figures.strips", "y", "hover"))
page.hero(strips, "strips", numbers=numbers, table=result.over_units())

# Beside it
sweep = figures.sweep(
    GAINS, result.ends(), [words[f"figures.sweep.{side}"] for side in ("forward", "backward")], height=320,
    y_range=result.reach(result.ends()), **words.some("figures.sweep", "x", "y", "hover"),
)  # fmt: skip
page.finding("small")
page.figure(sweep, "sweep", numbers=numbers, table=result.over_gains())
if result.learned.size:
    rows = [
        words.say("figures.map.nearest", gain=gain) if k == result.map_row() else f"{gain:g}"
        for k, gain in enumerate(MAP_GAINS)
    ]
    columns = [words.say("figures.map.layers", depth=depth) for depth in MAP_DEPTHS]
    learned = figures.grid(result.map(), rows, columns, height=360, **words.some("figures.map", "hover"))
    table = dict(zip(columns, result.map().T, strict=True))
    page.finding("map")
    page.figure(learned, "map", numbers=numbers | {"samples": MAP_SAMPLES}, table=table)


# Deeper
def deeper() -> None:
    """The two papers' comparisons."""
    for name in ("glorot", "he") if result.learned.size else ("glorot", "he", "map"):
        page.finding(name)


page.below(deeper)
