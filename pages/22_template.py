"""What does a unit look for?"""

import streamlit as st

from lib import figures, ui
from lib.questions.template import QUESTION
from lib.questions.template.verdict import drawn

# Question
page = ui.Page(__file__, QUESTION, first=("network", "steps", "decay"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}

# Hero
scrub, softmax = words.some("words", "step"), config.network == "softmax"
title, hover = (words[f"figures.templates.{config.network}"], words["figures.templates.hover"])
digits, means = result.digits()
names = [str(k) for k in range(10)]
rows = [
    figures.Block(words["figures.templates.digits"], digits, hover, columns=10, colours="ink", names=names),
    figures.Block(words["figures.templates.means"], means, hover, columns=10, names=() if softmax else names),
    figures.Block(title, result.shapes(), hover, columns=10, reach=1.0),
]  # fmt: skip
templates = figures.blocks(
    [[block] for block in (rows if softmax else rows[1:])], result.steps, height=345 if softmax else 430, **scrub
)
page.hero(templates, "templates", numbers=found["main"], table=result.table())


# Beside it
def painting() -> None:
    """Let the reader paint a picture, and show which unit answers it."""
    st.subheader(words["figures.beside.heading"], anchor=False)
    left, right = st.columns(2)
    with left:
        painted = result.with_picture(ui.paint(words.slug, result.levels(), usual=str(config.unit)))
    seen = drawn(painted)
    said = words.parts("drawn", *seen)
    beside = figures.blocks(
        [[
            figures.Block(words["figures.beside.picture"], painted.beside()[0], hover, colours="ink", reach=1.0),
            figures.Block(words.say("figures.beside.weights", **seen.numbers), painted.beside()[1], hover),
            figures.Block(words["figures.beside.products"], painted.beside()[2], hover),
        ]],
        height=150,
    )  # fmt: skip
    answered = figures.clouds(
        painted.points(), [words["figures.drawn.unit"]], height=300, **words.some("figures.drawn", "x", "y", "hover")
    )
    with right:
        st.markdown(f"{said.claim} {said.line} {said.more}")
        page.figure(beside, "beside", numbers=seen.numbers)
    page.figure(answered, "drawn", numbers=seen.numbers, table=painted.responses_table())


curves = figures.curves(
    result.steps, result.curves(), [words[f"figures.curves.{k}"] for k in ("likeness", "accuracy")],
    y_range=(-5, 102), **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
page.finding("trade")
page.figure(curves, "curves", numbers=found["main"], table=result.over_steps())
page.view(painting)


# Deeper
def deeper() -> None:
    """The search for the best input, what resemblance means, and the function's coefficients."""
    climb = figures.heatmap(
        figures.mosaic(result.climb(), columns=5), result.ascent, x="", y="", ticks=False, square=True, height=520,
        **words.some("figures.climb", "value", "hover"), **scrub,
    )  # fmt: skip
    page.finding("maximiser")
    page.figure(climb, "climb", numbers=found["maximiser"], table=result.climb_table())
    page.finding("stuck")
    fan = figures.clouds(
        result.fan(), [words[f"figures.fan.{k}"] for k in ("raw", "jittered", "normalised")],
        **words.some("figures.fan", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("ranking")
    page.figure(fan, "fan", numbers=found["ranking"] | {"unit": config.unit}, table=result.fan_table())
    functions = figures.heatmap(
        figures.mosaic(result.functions(), columns=5), x="", y="", ticks=False, square=True, height=440,
        **words.some("figures.functions", "value", "hover"),
    )  # fmt: skip
    page.finding("coefficients")
    page.figure(functions, "functions", numbers=found["coefficients"], table=result.coefficients_table())


page.below(deeper)
