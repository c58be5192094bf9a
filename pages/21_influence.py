"""Does a bigger weight matter more?"""

from typing import Any

import streamlit as st

from lib import figures, ui
from lib.questions.influence import QUESTION
from lib.questions.influence.config import ORDERS

NONE = 64  # in the address: no weight of the unit was chosen

# Question
page = ui.Page(__file__, QUESTION, first=("effect", "pixels", "steps"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}


# Hero
def one_unit() -> None:
    """Draw a unit's weights, inputs, products, and what each weight is worth; a clicked one is deleted."""
    above = st.container()
    linked = page.pointed(config.width, NONE + 1) or (0, NONE)
    key = f"unit_{config.width}"
    st.session_state.setdefault(key, linked[0])
    unit = st.select_slider(words["figures.unit.pick"], range(config.width), st.session_state[key], key=key)
    inputs = result.largest(unit)
    gone = _deleted(unit, inputs[0])
    deleted = result.deleted(unit, gone)._asdict()
    places = [result.deleted(unit, k) for k in inputs]
    hover, ring = words["figures.unit.hover"], result.ring(gone)
    parts = (
        ("weights", "signs", "weight", "by_size"), ("size", "grey", "input", "by_size"),
        ("product", "size", "product", "by_product"), (config.effect, "size", "change", "by_damage"),
    )  # fmt: skip
    maps = [
        figures.Block(words[f"figures.unit.{title}"], values, hover, colours=colours, rings=ring, clicked=True,
                      notes=[(k, str(getattr(place, by))) for k, place in zip(inputs, places, strict=True)],
                      below=words.say(f"figures.unit.{said}_gone", **deleted))
        for (title, colours, said, by), values in zip(parts, result.one_unit(unit), strict=True)
    ]  # fmt: skip
    ranks = ", ".join(str(place.by_damage) for place in places)
    numbers = found["main"] | deleted | {"unit": unit, "ranks": ranks, "tested": result.tested}
    table = result.first_network()
    with above:
        page.hero(
            figures.blocks([maps[:2], maps[2:]], height=440), "unit", numbers=numbers | {"effect": config.effect},
            table=table[table.of_unit == unit], select=True,
        )  # fmt: skip


def _deleted(unit: int, usual: int) -> int:
    """Return the input of the weight that the reader has clicked."""

    def read(point: dict[str, Any]) -> tuple[int, int] | None:
        return (unit, int(point["customdata"][0])) if point.get("customdata") else None

    at = page.followed("unit", read, config.width, NONE + 1)
    chosen = at[1] if at else NONE
    page.point(*((unit, chosen) if unit or chosen != NONE else ()))
    return usual if chosen == NONE else chosen


page.view(one_unit, hero=True)

# Beside it
shares, removed = result.orders()
orders = figures.sweep(
    shares, removed, [words[f"figures.orders.{order}"] for order in (*ORDERS, "rescaled")], y_range=(-3, 103),
    **words.some("figures.orders", "x", "y", "hover"),
)  # fmt: skip
page.finding("direct")
page.finding("cut")
page.figure(orders, "orders", numbers=found["cut"] | found["main"], table=result.over_shares())


# Deeper
def deeper() -> None:
    """Single weights, and the trap of rescaling."""
    page.finding("single")
    page.finding("trap")


page.below(deeper)
