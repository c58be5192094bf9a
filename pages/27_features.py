"""What do the weights do to the data?"""

import streamlit as st

from lib import figures, ui
from lib.questions.features import QUESTION
from lib.questions.features.config import PLACES

# Question
page = ui.Page(__file__, QUESTION, first=("activation", "steps"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}

names = {place: words[f"words.{place}"] for place in (*PLACES, "bottleneck")}
scrub = words.some("words", "step")


# Hero
def followed() -> int:
    """Return the number of the digit that was clicked last, or of the first one of the class that was chosen."""
    linked = page.pointed(len(result.labels)) or (0,)
    kept = st.session_state.setdefault("features_followed", {"digit": linked[0], "click": [], "clicks": 0})
    clicked = page.clicked("planes")
    if clicked and clicked != kept["click"]:
        number = clicked[0]["customdata"]
        kept |= {"digit": number[0] if isinstance(number, list) else number, "clicks": kept["clicks"] + 1}
    kept["click"] = clicked
    wanted = st.session_state.get(row(), result.digit(kept["digit"]))
    if wanted != result.digit(kept["digit"]):
        kept["digit"] = result.first(wanted)
    page.point(*((kept["digit"],) if kept["digit"] else ()))
    return int(kept["digit"])


def row() -> str:
    """Return the key of the row of classes: one of its own for each click.

    A browser that has not heard of a click reports the row as it was before.
    """
    return f"features_class{st.session_state['features_followed']['clicks'] or ''}"


def planes() -> None:
    """Draw how far the digits are from one class at four places, and the choice of another class below."""
    number = followed()
    digit = result.digit(number)
    numbers = found["main"] | {"count": len(result.labels), "digit": digit} | result.medians(digit)
    said = [
        [words.say("figures.planes.apart", name=names[p], ratio=n) for p, n in zip(PLACES, ratios, strict=True)]
        for ratios in result.apart()
    ]
    drawn = figures.planes(
        result.distances[..., digit], result.labels, result.images[number], [names[place] for place in PLACES], said,
        result.steps.tolist(), followed=number, title=words.say("figures.planes.followed", **numbers),
        hover=words["figures.planes.hover"], **scrub,
    )  # fmt: skip
    page.hero(drawn, "planes", numbers=numbers, table=result.distances_table(digit), select=True)
    st.segmented_control(
        words["figures.planes.follow"], range(10), default=digit, required=True, key=row()
    )  # fmt: skip


page.view(planes, hero=True)

# Beside it
both = [words["words.trained"], words["words.untrained"]]
by_place = figures.sweep(
    [names[place] for place in PLACES], result.by_place(), both, y_range=(0, result.top()),
    **words.some("figures.by_place", "x", "y", "hover"),
)  # fmt: skip
agree = figures.sweep(
    list(names.values()), result.agree(), both, y_range=(0, 102), **words.some("figures.agree", "x", "y", "hover")
)
page.figure(by_place, "by_place", numbers=found["main"], table=result.table())
page.finding("principal")
page.figure(agree, "agree", numbers=found["principal"], table=result.table())


# Deeper
def deeper() -> None:
    """One plane, at first that of a bottleneck."""
    shown = {"count": len(result.labels), "frames": len(result.steps), "view": names[config.view],
             "near": result.near()}  # fmt: skip
    plane = figures.digits(
        result.places, result.labels, result.images, result.steps.tolist(), height=430,
        **words.some("figures.plane", "x", "y", "hover"), **scrub,
    )  # fmt: skip
    page.finding("bottleneck")
    page.figure(plane, "plane", numbers=shown, table=result.points())


page.below(deeper)
