"""What if negative weights were forbidden?"""

import streamlit as st

from lib import figures, ui
from lib.questions.forbidden_sign import QUESTION

CLICKED = "forbidden_sign_clicked"

# Question
page = ui.Page(__file__, QUESTION, first=("activation", "held"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = answer.verdicts["main"].numbers | {"frames": len(result.frames)}
counts = answer.verdicts["functions"].numbers
names = [words[f"words.{name}"] for name in result.functions]


# Hero
def functions() -> None:
    """Draw the sixteen functions; a click, or the list, chooses the one that is drawn large."""
    order = result.by_corners
    usual = result.functions.index("xor")
    chosen = _chosen(order, usual)
    marks = [words.say(f"figures.squares.{result.mark(k)}", function=names[k]) for k in order]
    squares = figures.tiles(
        result.answers[1:, order], 4, names=marks, samples=(result.corners, result.wanted[order]), gap=6, below=6,
        hover=words["figures.squares.hover"], ringed=order.index(chosen), height=400,
    )  # fmt: skip
    many, one = st.columns([3, 2])
    with many:
        learned = ", ".join(names[k] for k in order if result.mark(k) == "yes")
        page.figure(
            squares, "squares", numbers=counts | {"learned": learned, "ringed": names[chosen]},
            table=result.functions_table(), select=True,
        )  # fmt: skip
    with one:
        st.selectbox(
            words["figures.squares.pick"], order, order.index(chosen), format_func=names.__getitem__, key=_list()
        )
        page.point(*(() if chosen == usual else (chosen,)))
        large(chosen)


def _chosen(order: list[int], usual: int) -> int:
    """Return the function that was clicked or chosen last; what is clicked again is let go."""
    linked = page.pointed(len(order))
    now: int = st.session_state.get(_list(), linked[0] if linked else usual)
    click = next((int(point["customdata"]) for point in page.clicked("squares") if "customdata" in point), None)
    last, clicks = st.session_state.get(CLICKED, (None, 0))
    if click is not None and click != last:
        now, clicks = usual if order[click] == now else order[click], clicks + 1
    st.session_state[CLICKED] = click, clicks  # a click is told again and again, until the page is drawn anew
    return now


def _list() -> str:
    """Return the key of the list: one of its own for each click.

    A browser that has not heard of a click reports the list as it was before.
    """
    return f"forbidden_sign_function{st.session_state.get(CLICKED, (None, 0))[1] or ''}"


def large(k: int) -> None:
    """Draw one function's square for held and for free weights."""
    drawn = figures.tiles(
        result.answers[None, ::-1, k], 1, names=[words["figures.curves.held"], words["figures.curves.free"]],
        samples=(result.corners, result.wanted[[k, k]]), heads=[f"<b>{names[k]}</b>"], top=3, below=4, height=370,
    )  # fmt: skip
    free, held = result.learned[:, k].tolist()
    said = {"function": names[k], "free": free, "held": held, "repeats": counts["repeats"]}
    page.figure(drawn, "large", numbers=said)


curves = figures.curves(
    result.steps, result.loss.swapaxes(1, 2), [words["figures.curves.free"], words["figures.curves.held"]],
    y_range=result.loss_range(),
    lines=[(result.floor, words["figures.curves.least"])] if result.floor > 0 else [],
    **words.some("figures.curves", "x", "y", "hover"),
)  # fmt: skip
if result.kind in ("digits", "pair"):
    page.hero(curves, "curves", numbers=numbers, table=result.table())
if result.kind == "curve":
    places, outputs = result.fits()
    fit = figures.fits(
        places, outputs, [words["figures.curves.free"], words["figures.curves.held"]], result.target,
        y_range=(-1.4, 1.4), **words.some("figures.fit", "x", "y", "hover", "goal"),
    )  # fmt: skip
    page.hero(fit, "fit", numbers=numbers, table={"input": places, "target": result.target})
if result.kind == "region":
    surface = figures.tiles(
        result.surfaces(), 2, result.frames, names=[words["figures.curves.free"], words["figures.curves.held"]],
        below=3, height=400, **words.some("words", "step"),
    )  # fmt: skip
    page.hero(surface, "surface", numbers=numbers, table=result.table())
page.view(functions, hero=result.kind == "boolean")

# Beside it
page.finding("functions")
page.finding("head")
if result.kind not in ("digits", "pair"):
    page.figure(curves, "curves", numbers=numbers, table=result.table())


# Deeper
page.below(lambda: page.finding("outputs"))
