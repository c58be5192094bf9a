"""What does a unit look for?"""

from typing import Any

import streamlit as st

from lib import figures, ui
from lib.questions.template import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("network", "steps", "decay"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}


# Hero
def painting() -> None:
    """Draw what sets each class apart, the weights, and how they vote on a digit that the reader may paint."""
    above = st.container()
    st.markdown(f"**{words['figures.templates.paint']}**")
    levels = ui.paint(words.slug, result.levels(), usual=str(_clicked(config.unit)))
    digit, means, weights, products = result.rows(levels)
    units, cosines = result.closest()
    votes = result.votes(levels).tolist()
    hover, said = words["figures.templates.hover"], [words.say("figures.templates.vote", vote=vote) for vote in votes]
    said[votes.index(max(votes))] = f"<b>{said[votes.index(max(votes))]}</b>"
    named = [[str(k) for k in of] for of in (range(10), units if config.network == "hidden" else ())]
    shown, phone = result.shown(levels), page.phone
    rows = [
        [figures.Block(words["figures.templates.means"], means, hover, columns=10, names=named[0],
                       clicked=True, ringed=shown)],
        [figures.Block(
            words[f"figures.templates.{config.network}"], weights, hover, columns=10, names=named[1], ringed=shown,
            under=[words.say("figures.templates.cosine", cosine=cosine) for cosine in cosines],
        )],
        [
            figures.Block(words["figures.templates.digit"], digit, hover, colours="ink", reach=1.0),
            figures.Block(words["figures.templates.products"], products, hover, columns=10, under=said, bars=votes,
                          ringed=shown),
        ],
    ]  # fmt: skip
    drawn = figures.blocks(rows, right=True, fold=5 if phone else 0, height=760 if phone else 390)
    ringed = "" if shown is None else words.say("figures.templates.ringed", digit=shown)
    numbers = found["main"] | {"largest": units[votes.index(max(votes))], "ringed": ringed}
    with above:
        page.hero(drawn, "templates", numbers=numbers, table=result.table(), select=True)


def _clicked(usual: int) -> int:
    """Return the digit whose picture the reader has clicked."""
    at = page.followed("templates", _digit, 10)
    return at[0] if at else usual


def _digit(point: dict[str, Any]) -> tuple[int] | None:
    return (int(point["customdata"][0]) // 64,) if point.get("customdata") else None


page.view(painting, hero=True)

# Beside it
curves = figures.curves(
    result.steps, result.curves(), [words[f"figures.curves.{k}"] for k in ("likeness", "accuracy")],
    y_range=(-5, 102), **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
page.finding("trade")
page.figure(curves, "curves", numbers=found["main"], table=result.over_steps())


# Deeper
def deeper() -> None:
    """The search for the best input, what resemblance means, and the function's coefficients."""
    for name in ("maximiser", "ranking", "coefficients"):
        page.finding(name)


page.below(deeper)
