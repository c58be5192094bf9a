"""Must it be random?"""

from lib import figures, ui
from lib.questions.must_it_be_random import QUESTION
from lib.questions.must_it_be_random.config import GROUPS, STARTS

# Question
page = ui.Page(__file__, QUESTION, first=("start", "jitter"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result

# Hero
named = {start: words[f"words.{start}"] for start in STARTS}
numbers = answer.verdicts["main"].numbers | {"start": named[config.start]}
short = named | {"half": words["words.short_half"]}  # what fits over a small square
said = [
    [words.say("words.label", name=short[s], share=row[s]) for s in STARTS] for _, row in result.reads().iterrows()
]
chosen = STARTS.index(config.start)
matrices = figures.matrices(
    result.shown, result.looked, said,
    [(words[f"words.{group}"], len(starts)) for group, starts in GROUPS.items()],
    marked=chosen, begun=(words["words.untrained"], said[0][chosen]),
    **words.some("words", "step"),
)  # fmt: skip
page.hero(matrices, "pictures", numbers=numbers, table=result.reads())

# Beside it
compared = [named[start] for start in result.compared()]
rates = figures.sweep(
    result.lrs(), result.over_lrs(), compared, y_range=(0, 102),
    colours=figures.colours(*("random" if start == "gaussian" else start for start in result.compared())),
    **words.some("figures.rates", "x", "y", "hover"),
)  # fmt: skip
page.finding("half")
page.figure(rates, "rates", numbers=numbers, table=result.summary())


# Deeper
def deeper() -> None:
    """What becomes of inputs, and what people believe about 0.5 and about a solution's opposite."""
    page.finding("kept")
    page.finding("beliefs")
    page.finding("opposite")


page.below(deeper)
