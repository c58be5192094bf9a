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
def stamped() -> None:
    """Draw the gradients of a few units over ever more digits, the reader's first."""
    said, place = words["figures.sums"], st.container()
    digit = st.segmented_control(
        said["pick"], range(10), default=int(result.labels[0]), required=True, key="gradient_signs_digit"
    )
    kinds, growing = result.kinds(digit), result.growing
    came = [said["came"]] * (COLUMNS - result.drawn)
    drawn = figures.stamps(
        result.stamps(digit), COLUMNS, [result.digits[result.order(digit)[:n]].reshape(-1, 8, 8) for n in growing],
        names=[name for row in kinds for name in (*came, *(said[kind] for kind in row))],
        rows=[said["digit"] if n == 1 else words.say("figures.sums.digits", count=n) for n in growing],
        inked=result.inked, height=20 + 105 * len(growing),
    )  # fmt: skip
    told = {
        "units": result.drawn,
        "digits": ", ".join(map(str, growing)),
        "mixed": ", ".join(str(row.count("both")) for row in kinds),
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
