"""Does summing over a batch cure the zig-zag?"""

from lib import figures, ui
from lib.questions.batch import QUESTION
from lib.questions.batch.config import BATCHES, SIZES

# Question
page = ui.Page(__file__, QUESTION, first=("batch", "error", "offset"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, plane = answer.result, answer.result.plane

# Hero
shown = plane.shown()
panels = [words[f"figures.plane.{config.error}"], words["figures.plane.centred"]]
notes = [
    [words.say("figures.plane.note", name=n, **own) for n, own in zip(panels, row, strict=True)] for row in shown
]
clouds = figures.quadrants(
    plane.clouds, plane.means, panels, notes, plane.sizes, reach=plane.reach,
    corners=(words["figures.plane.together"], words["figures.plane.apart"]),
    **words.some("figures.plane", "x", "y", "hover", "step"),
)  # fmt: skip
numbers = answer.verdicts["main"].numbers
said = {f"{name}{end}": last[name] for end, last in zip(("", "_centred"), shown[-1], strict=True) for name in last}
said["beyond"] = plane.beyond
page.hero(clouds, "plane", numbers=numbers | said, table=plane.table())

# Beside it
steps = figures.sweep(
    [str(b) for b in BATCHES], result.all_steps(),
    [words[f"figures.steps.{k}"] for k in ("same", "same_centred", "best", "best_centred")],
    y_range=(0.8, 1.3 * result.budget), y_log=True,
    colours=2 * figures.colours("offset", "centred"), **words.some("figures.steps", "x", "y", "hover"),
)  # fmt: skip
page.finding("speed")
page.figure(steps, "steps", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """The signs of all weights together, with the mean error and without."""
    lines = [words[f"figures.share.{k}"] for k in ("as_it_is", "centred", "removed")]
    ordered = result.shares[[0, 2, 1]]  # the offset first and then centred, in the same colours everywhere
    share = figures.sweep(
        [str(s) for s in SIZES], 100 * ordered.transpose(1, 2, 0), lines,
        y_range=(-3, 103), **words.some("figures.share", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("signs")
    page.figure(share, "share", numbers=numbers, table=result.medians(ordered, lines))


page.below(deeper)
