"""What does a constant matrix forget?"""

from lib import figures, ui
from lib.questions.null_space import QUESTION
from lib.questions.null_space.result import DRAWN

# Question
page = ui.Page(__file__, QUESTION, first=("jitter", "depth"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result

# Hero
named = {name: words[f"words.{name}"] for name in result.starts}
jittered = words.say("words.rows_jittered", jitter=words.option("jitter", config.jitter))
rows = [words["words.input"], *((named | {"jittered": jittered})[name] for name in DRAWN)]
shares = [["", *(words.say("words.share", share=share) for share in row)] for row in result.shares()]
pictures = figures.rows(
    result.pictures(), result.places, rows, shares, **words.some("words", "step")
)  # fmt: skip
page.hero(pictures, "pictures", numbers=answer.verdicts["rebuilt"].numbers, table=result.rebuilt_shares())

# Beside it
layers, names = result.layers(), list(named.values())
hues = figures.colours(*("random" if name == "gaussian" else name for name in result.starts))
numbers = answer.verdicts["main"].numbers
distinct = figures.sweep(
    layers, result.told_apart().T, names, y_range=(-3, 104), colours=hues,
    **words.some("figures.distinct", "x", "y", "hover"),
)  # fmt: skip
page.finding("rebuilt")
page.finding("separate")
page.figure(distinct, "distinct", numbers=numbers, table=result.table())
back = figures.sweep(
    layers, result.back.T, names, y_range=(0, 10.5), colours=hues, **words.some("figures.back", "x", "y", "hover")
)
page.finding("backward")
page.figure(back, "back", numbers=answer.verdicts["backward"].numbers, table=result.errors())


# Deeper
def deeper() -> None:
    """Null spaces, directions, distances, angles, and what a linear reader can tell."""
    page.finding("null")
    page.finding("adversarial")
    rank = figures.sweep(
        layers, result.rank.T, names, y_range=(0, result.rank_range()), colours=hues,
        **words.some("figures.rank", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(rank, "rank", numbers=numbers, table=result.table())
    spread = figures.intervals(
        result.spread_by_start(), [words["figures.spread.row"]], names, x_range=(-0.1, 3), height=320, colours=hues,
        **words.some("figures.spread", "x", "hover"),
    )  # fmt: skip
    page.finding("distances")
    page.figure(spread, "spread", numbers=answer.verdicts["distances"].numbers, table=result.distances())
    shape = words.some("figures.angles", "x", "y", "hover")
    if len(result.angle_theory):
        angles = figures.fits(
            result.places, result.angles.T, names, result.angle_theory, goal=words["figures.angles.theory"], every=1,
            tick=max(1, config.depth // 5), y_range=(-4, 184), colours=hues, **shape,
        )  # fmt: skip
    else:
        angles = figures.sweep(layers, result.angles.T, names, y_range=(-4, 184), colours=hues, **shape)
    page.finding("angle")
    page.figure(angles, "angles", numbers=answer.verdicts["angle"].numbers, table=result.table())
    probe = figures.sweep(
        layers, 100 * result.probe.T, names, y_range=(0, 102), colours=hues,
        **words.some("figures.probe", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("deep")
    page.figure(probe, "probe", numbers=answer.verdicts["deep"].numbers, table=result.table())


page.below(deeper)
