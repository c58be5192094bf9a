"""If training got stuck, does training again help?"""

from lib import figures, ui
from lib.questions.restarts import QUESTION
from lib.questions.restarts.result import BIN

# Question
page = ui.Page(__file__, QUESTION, first=("width", "problem"))
words = page.words

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | answer.verdicts["width"].numbers

# Hero
groups = [words[f"words.{k}"] for k in ("solved", "constant", "stuck")]
hues = figures.colours("random", "constant", "stuck")
scrub = words.some("words", "step")
piles = zip(groups, result.piles(), (False, True, False), strict=True)
strip = figures.piles(
    [figures.Pile(name, *pile, down) for name, pile, down in piles],
    [figures.Picture(*picture) for picture in result.shown()], result.samples, result.frames.tolist(), width=BIN,
    ticks=result.ticks(), colours=hues, **words.some("figures.strip", "x", "hover", "answer"), **scrub,
)  # fmt: skip
page.hero(strip, "strip", numbers=numbers, table=result.table())

# Beside it
page.finding("again")
page.finding("width")
width = figures.sweep(
    result.widths.tolist(), result.shares(), [words["words.random"]], y_range=(-5, 105), height=280, colours=hues,
    **words.some("figures.width", "x", "y", "hover"),
)  # fmt: skip
page.figure(width, "width", numbers=numbers, table=result.width_table())


# Deeper
def deeper() -> None:
    """Better, not solved, ends; and other orders of the data."""
    page.finding("better")
    page.finding("order")


page.below(deeper)
