"""How large should random weights be?"""

from lib import figures, ui
from lib.questions.scale import QUESTION
from lib.questions.scale.config import GAINS, MAP_DEPTHS, MAP_GAINS, MAP_RECIPE
from lib.questions.scale.verdict import times

# Question
page = ui.Page(__file__, QUESTION, first=("gain", "depth", "activation"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | answer.verdicts["map"].numbers

# Hero
strips = figures.strips(
    result.signal, [words.say("figures.strips.panel", gain=gain, size=times(size)) for gain, size in result.strips()],
    reach=2.0, **words.some("figures.strips", "y", "value", "hover"),
)  # fmt: skip
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
        words.say(f"figures.map.{'nearest' if k == result.map_row() else 'other'}", gain=gain)
        for k, gain in enumerate(MAP_GAINS)
    ]
    columns = [words.say("figures.map.layers", depth=depth) for depth in MAP_DEPTHS]
    learned = figures.grid(result.map(), rows, columns, height=360, **words.some("figures.map", "hover"))
    table = dict(zip(columns, result.map().T, strict=True))
    page.finding("map")
    page.figure(learned, "map", numbers=MAP_RECIPE | numbers, table=table)


# Deeper
def deeper() -> None:
    """Layer by layer beside theory, and the two papers' comparisons."""
    near = [words.say("figures.layers.line", gain=GAINS[k]) for k in result.near()]
    sides = result.layers()
    reach = result.reach(max((measured for measured, _ in sides.values()), key=lambda v: abs(v).max()))
    for side, (measured, expected) in sides.items():
        layers = figures.fits(
            result.levels, measured, near, expected, y_range=reach, every=max(1, config.depth // 20),
            tick=max(1, config.depth // 5), **words.some("figures.layers", "x", "y", "hover", "goal"),
        )  # fmt: skip
        what = numbers | {"what": words[f"figures.layers.{side}"]}
        page.figure(layers, "layers", numbers=what, table=result.over_layers(side), part=side)
    for name in ("theory", "glorot", "he") if result.learned.size else ("theory", "glorot", "he", "map"):
        page.finding(name)


page.below(deeper)
