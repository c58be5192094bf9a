"""Why do all-positive inputs make gradient descent zig-zag?"""

import streamlit as st

from lib import figures, ui
from lib.questions.zigzag import QUESTION
from lib.questions.zigzag.config import Zigzag

ASKED, FOLLOWED = "zigzag_asked", "zigzag_followed"  # a click on a target, before and after the control has moved
if ASKED in st.session_state:
    ui.give(Zigzag, {"direction": st.session_state.pop(ASKED)})  # a control is set before it is drawn

# Question
page = ui.Page(__file__, QUESTION, first=("direction", "offset", "lr"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, shown = answer.result, answer.result.shown

# Hero
names = [words["words.offset"], words["words.centred"]]
degrees, steps, rates = result.around()
walked = result.walked()
told = [words.say(f"figures.path.{'arrived' if w['arrived'] else 'lost'}", **w) for w in walked]
first = [words.say("figures.path.update", **numbers) for numbers in shown.first()]
path = figures.walks(
    shown.path, shown.made, names, told, result.targets(), config.direction // int(degrees[1]), shown.frames, first,
    keys=[f"{config.direction} {d}" for d in degrees],
    picks=[words.say("figures.path.pick", direction=d) for d in degrees],
    shaded=bool(result.agreeing[0].min() == 1), quadrants=(words["figures.path.up"], words["figures.path.down"]),
    **words.some("figures.path", "x", "y", "goal", "hover"), **words.some("words", "step"),
)  # fmt: skip
numbers = answer.verdicts["main"].numbers | result.counts()
numbers |= {f"own{end}": w["length"] for end, w in zip(("", "_centred"), walked, strict=True)}
numbers |= {f"own_steps{end}": w["steps"] for end, w in zip(("", "_centred"), walked, strict=True)}
clicked = page.hero(path, "path", numbers=numbers, table=shown.table(), select=True)
click = next((str(point["customdata"]) for point in clicked if point.get("customdata")), "")
told = st.session_state.get(FOLLOWED, "")
st.session_state[FOLLOWED] = click  # told again and again, until the page is drawn anew
if click and click != told:
    st.session_state[ASKED] = click.split()[1]
    st.rerun()

# Beside it
polar = figures.polar(
    degrees, steps, names, notes=rates, marked=config.direction, r_range=(0, result.rim),
    **words.some("figures.polar", "hover", "compass", "mark"),
)  # fmt: skip
for name in ("signs", "speed", "best"):
    page.finding(name)
table = {"direction": degrees, "steps": steps[:, 0], "steps_centred": steps[:, 1], "lr": rates[:, 0]}
page.figure(polar, "polar", numbers=numbers, table=table)


# Deeper
def deeper() -> None:
    """Which of the directions zig-zags."""
    page.finding("direction")


page.below(deeper)
