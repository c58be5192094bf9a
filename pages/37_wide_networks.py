"""Why do wide networks always fit?"""

from lib import figures, ui
from lib.questions.wide_networks import QUESTION
from lib.questions.wide_networks.config import DRAWN, beside

# Question
page = ui.Page(__file__, QUESTION, first=("width", "start", "labels"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | answer.verdicts["slope"].numbers | {"drawn": DRAWN, "width": config.width}

# Hero
said = [
    [words.say("figures.ways.panel", width=m, moved=went[look]) for m, went in result.travelled()]
    for look in range(len(result.looked))
]
ways = figures.journeys(
    result.drawn_ways(), result.looked, said, result.widths, result.went_by_width(), result.theory(),
    title=words["figures.ways.title_line"], reach=result.plane(), chosen=result.chosen,
    ringed=beside(config.width).index(config.width),
    **words.some("figures.ways", "step", "hover", "hover_line"),
)  # fmt: skip
page.hero(ways, "ways", numbers=numbers | {"ways": ", ".join(said[-1])}, table=result.over_looks())

# Beside it
page.finding("slope")
page.finding("constant")


# Deeper
def deeper() -> None:
    """What changes on the way, the theorem, and starts without dice."""
    page.finding("kernel")
    page.finding("gram")
    page.finding("dice")


page.below(deeper)
