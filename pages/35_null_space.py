"""What does a constant matrix forget?"""

from lib import figures, ui
from lib.questions.null_space import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("jitter", "depth"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result

# Hero
named = {name: words[f"words.{name}"] for name in result.starts}
if "jittered" in named:
    named["jittered"] += f" {words.option('jitter', config.jitter)}"
shares = result.shares()
pictures = figures.rows(
    result.pictures(), result.places,
    [
        [words["words.input"]]
        + [words.say("words.row", name=named[n], share=row[n]) for n in result.drawn_starts]
        for _, row in shares.iterrows()
    ],
    **words.some("words", "step"),
)  # fmt: skip
page.hero(pictures, "pictures", numbers=answer.verdicts["main"].numbers, table=shares)

# Beside it
layers, names = result.layers(), list(named.values())
hues = figures.colours(*("random" if name == "gaussian" else name for name in result.starts))
distinct = figures.sweep(
    layers, result.lines(result.told_apart()), names, y_range=(-3, 104), colours=hues,
    **words.some("figures.distinct", "x", "y", "hover"),
)  # fmt: skip
page.finding("separate")
page.figure(distinct, "distinct", numbers=answer.verdicts["separate"].numbers, table=result.table())


# Deeper
def deeper() -> None:
    """Errors on their way back, null spaces, angles."""
    page.finding("backward")
    page.finding("null")
    page.finding("adversarial")
    shape = words.some("figures.angles", "x", "y", "hover")
    if len(result.angle_theory):
        angles = figures.fits(
            result.places, result.lines(result.angles), names, result.angle_theory,
            goal=words["figures.angles.theory"], every=1, tick=max(1, config.depth // 5), y_range=(-4, 184),
            colours=hues, **shape,
        )  # fmt: skip
    else:
        angles = figures.sweep(layers, result.lines(result.angles), names, y_range=(-4, 184), colours=hues, **shape)
    page.finding("angle")
    page.figure(angles, "angles", numbers=answer.verdicts["angle"].numbers, table=result.table())


page.below(deeper)
