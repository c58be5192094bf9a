"""If every activation is positive, how can a weight go down?"""

import streamlit as st

from lib import figures, ui
from lib.questions.gradient_signs import QUESTION
from lib.questions.gradient_signs.config import DRAWN

# Question
page = ui.Page(__file__, QUESTION, first=("batch", "layer"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, found = answer.result, answer.verdicts
numbers = found["main"].numbers

# Hero
said, growing = words["figures.sums"], result.growing
sums = figures.tiles(
    result.tiles(), DRAWN, names=[said[kind] for kind in result.kinds()],
    rows=[said["row_one"] if n == 1 else words.say("figures.sums.row", count=n) for n in growing],
    left=7, below=3, size=11, height=min(430, 20 + 10 * result.cells_high),
)  # fmt: skip
page.hero(
    sums,
    "sums",
    numbers=numbers | {"digits": ", ".join(map(str, growing)), "mixed": ", ".join(map(str, result.both_in_row()))},
    table=result.sums_table(),
)

# Beside it
mixed = figures.curves(
    result.sizes, 100 * result.mixed[:, :, None], [words["figures.mixed.line"]], y_range=(0, 102),
    **words.some("figures.mixed", "x", "y", "hover"),
)  # fmt: skip
page.finding("mixed")
page.figure(mixed, "mixed", numbers=numbers | found["mixed"].numbers, table=result.by_batch())
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
    """Both factors and their product as they are, and the branches of one unit."""
    for column, (name, (values, x, y)) in zip(st.columns(3), result.maps().items(), strict=True):
        what = words[f"figures.maps.{name}"]
        chart = figures.heatmap(
            values[None], x=words[f"figures.maps.{x}"], y=words[f"figures.maps.{y}"], height=340,
            **words.some("figures.maps", "value", "hover"),
        )  # fmt: skip
        told = {"what": what, "share": float((values < 0).mean())}
        with column:
            page.figure(chart, "maps", numbers=told, table=values, part=name)
    branches = figures.terms(result.branches, **words.some("figures.branches", "x", "y", "total", "hover"))
    page.figure(branches, "branches", numbers=found["branches"].numbers, table={"branch": result.branches})
    page.finding("branches")


page.below(deeper)
