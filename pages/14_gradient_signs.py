"""If every activation is positive, how can a weight go down?"""

import streamlit as st

from lib import figures, ui
from lib.questions.gradient_signs import QUESTION
from lib.questions.gradient_signs.config import COLUMNS

# Question
page = ui.Page(__file__, QUESTION, first=("batch", "layer"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, found = answer.result, answer.verdicts
numbers = found["main"].numbers


# Hero
def told_of(up: int, down: int) -> str:
    """Say how many weights of a unit go up, and how many down."""
    ways = (("up", up), ("down", down))
    return " ".join(words.say(f"figures.sums.{way}", count=n) for way, n in ways if n) or words["figures.sums.none"]


def stamped() -> None:
    """Draw where the weights of a few units go, over ever more digits, the reader's first."""
    said, place = words["figures.sums"], st.container()
    digit = st.segmented_control(
        said["pick"], range(10), default=int(result.labels[0]), required=True, key="gradient_signs_digit"
    )
    moves, growing = result.moves(digit), result.growing
    came = [said["came"]] * (COLUMNS - result.drawn)
    drawn = figures.stamps(
        result.stamps(digit), COLUMNS, [result.digits[result.order(digit)[:n]].reshape(-1, 8, 8) for n in growing],
        names=[name for row in moves for name in (*came, *(told_of(*unit) for unit in row))],
        rows=[said["digit"] if n == 1 else words.say("figures.sums.digits", count=n) for n in growing],
        inked=result.inked, height=20 + 105 * len(growing),
    )  # fmt: skip
    told = {
        "units": result.drawn,
        "digits": ", ".join(map(str, growing)),
        "mixed": ", ".join(str(sum(up > 0 and down > 0 for up, down in row)) for row in moves),
    }
    with place:
        page.hero(drawn, "sums", numbers=numbers | told, table=result.sums_table(digit))


page.view(stamped, hero=True)

# Beside it
page.finding("mixed")
signs = figures.shares(
    result.sign_shares(),
    [words[f"figures.signs.{name}"] for name in ("arrives", "local", "error", "gradient", "step")],
    tuple(words[f"figures.signs.{sign}"] for sign in ("negative", "zero", "positive")),
    **words.some("figures.signs", "x", "hover"),
)
for name in ("inputs", "errors", "step"):
    page.finding(name)
page.figure(signs, "signs", numbers=numbers, table=result.signs())


# Deeper
def deeper() -> None:
    """The branches of one unit."""
    branches = figures.terms(result.branches, **words.some("figures.branches", "x", "y", "total", "hover"))
    page.figure(branches, "branches", numbers=found["branches"].numbers, table={"branch": result.branches})
    page.finding("branches")


page.below(deeper)
