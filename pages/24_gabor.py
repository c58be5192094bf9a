"""Do networks learn edge detectors from photographs?"""

import streamlit as st

from lib import figures, ui
from lib.questions.gabor import QUESTION
from lib.questions.gabor.hero import middle, points
from lib.questions.gabor.picture import ENDINGS, decoded

# Question
page = ui.Page(__file__, QUESTION, first=("data", "task", "sparsity"))
words, config = page.words, page.config
with page.rest:  # stays where a training is stopped, and with it the picture that was brought
    own = ui.upload(words, decoded, ENDINGS)

# Answer
answer = page.answer(own)
result = answer.result
numbers = answer.verdicts["main"].numbers
scrub = words.some("words", "step")
hero = "window" if result.coding else "votes"
headings = words["words.window.headings"]


# Hero
def moved(down: str, across: str, columns: int) -> None:
    """Let a click on the picture set the two sliders."""
    clicked = page.clicked(hero)
    if clicked:
        row, column = divmod(clicked[0]["point_index"], columns)
        st.session_state[down], st.session_state[across] = row + 1, column + 1


def _most() -> tuple[int, int]:
    """Return how many windows the pictures have at most, down and across."""
    shapes = [scene.windows.shape for scene in result.scenes]
    return max(shape[1] for shape in shapes), max(shape[2] for shape in shapes)


def window() -> None:
    """Draw the window where the reader has put it, in the middle at first, and the control's below it."""
    stage, names = st.container(), result.pictures
    linked = page.pointed(len(names), *_most())
    below = st.columns(2 + (len(names) > 1))
    picked = names[linked[0] if linked else -1]
    if len(names) > 1:
        picked = below[-1].segmented_control(
            words["words.window.picture"], names, default=picked, required=True, key="window_picture",
            format_func=words["controls.data.options"].get,
        )  # fmt: skip
    scene = result.scenes[names.index(picked)]
    shape = scene.windows.shape[1:3]
    down, across = (f"window_{way}_{shape}" for way in ("down", "across"))
    for key, usual in zip((down, across), linked[1:] if linked else middle(scene), strict=True):
        st.session_state.setdefault(key, min(usual + 1, shape[key == across]))
    moved(down, across, shape[1])
    column = below[0].slider(words["words.window.across"], 1, shape[1], st.session_state[across], key=across) - 1
    row = below[1].slider(words["words.window.down"], 1, shape[0], st.session_state[down], key=down) - 1
    here = (names.index(picked), row, column)
    if not result.own:  # a link does not bring the reader's own picture
        page.point(*(() if here == (len(names) - 1, *middle(scene)) else here))
    rows = result.window(here[0], here[1:])
    drawn = [
        figures.Parts(
            heading=headings[heading], lines=shown.lines(words.say, hero),
            amounts=shown.labels(words.say, hero), under=shown.under(words.say, hero),
            **shown.drawn(),
        )
        for heading, shown in zip(result.headings, rows, strict=True)
    ]  # fmt: skip
    chart = figures.parts(
        drawn, result.steps[result.moments], points=points(scene),
        under=(words["words.window.window"], words["words.window.sum"]), hover=words["words.window.hover"], **scrub,
    )  # fmt: skip
    with stage:
        said = {"amounts": ", ".join(drawn[0].amounts[-1]), "amounts_control": ", ".join(drawn[1].amounts[-1])}
        page.hero(chart, hero, numbers=numbers | said | result.said(rows), table=result.summands(rows), select=True)


page.view(window, hero=True)
if result.own or config.data != "white_noise":
    page.note(words["upload.note" if result.own else "words.credit"])

# Beside it
kinds = words["figures.compared"]
control = kinds["scrambled"] if result.coding else headings["shuffled"]
names = [kinds["untrained"], kinds["learned"], control, kinds["dense"]]
shown = result.compared()
compared = figures.intervals(
    shown, words["figures.compared.groups"], names[: len(shown)], x_range=(-3, 103), height=340,
    **words.some("figures.compared", "x", "hover"),
)  # fmt: skip
page.finding("phase")
page.figure(compared, "compared", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """What sparsity has to do with it, and the Gabor functions that the filters are taken for."""
    page.finding("need")
    fitted = figures.heatmap(
        figures.mosaic(result.fitted[None], columns=8 if config.filters <= 32 else 16), x="", y="", ticks=False,
        square=True, height=320, **words.some("figures.fitted", "value", "hover"),
    )  # fmt: skip
    page.figure(fitted, "fitted", numbers=numbers, table=result.filters())


page.below(deeper)
