"""Must it be random?"""

from lib import figures, ui
from lib.questions.must_it_be_random import QUESTION
from lib.questions.must_it_be_random.config import STARTS

# Question
page = ui.Page(__file__, QUESTION, first=("start", "jitter"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result

# Hero
numbers = answer.verdicts["main"].numbers | {"start": words[f"words.{config.start}"]}
matrices = figures.matrices(
    result.shown, [words[f"words.tile_{start}"] for start in STARTS],
    [words.say("words.reads", share=result.of(start)) for start in STARTS], marked=STARTS.index(config.start),
)  # fmt: skip
page.hero(matrices, "pictures", numbers=numbers, table=result.summary())

# Beside it
ranking = figures.intervals(
    100 * result.at_best().T[None], [words[f"words.{start}"] for start in STARTS], [words["figures.ranking.median"]],
    x_range=(0, 101), height=400, **words.some("figures.ranking", "x", "hover"),
)  # fmt: skip
page.finding("half")
page.finding("ramp")
page.figure(ranking, "ranking", numbers=numbers, table=result.summary())
compared = [words[f"words.{start}"] for start in result.compared()]
hues = figures.colours(*("random" if start == "gaussian" else start for start in result.compared()))
curves = figures.curves(
    result.steps, result.curves(), compared, y_range=(0, 3), colours=hues,
    **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
page.finding("kept")
page.figure(curves, "curves", numbers=numbers, table=result.over_steps())


# Deeper
def deeper() -> None:
    """The learning rates, and what people believe about 0.5 and about a solution's opposite."""
    rates = figures.sweep(
        result.lrs(), result.over_lrs(), compared, y_range=(0, 102), colours=hues,
        **words.some("figures.rates", "x", "y", "hover"),
    )  # fmt: skip
    page.figure(rates, "rates", numbers=numbers, table=result.table())
    page.finding("beliefs")
    page.finding("opposite")


page.below(deeper)
