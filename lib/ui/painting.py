"""A picture of the reader's own, grey level by grey level, kept in the page's address and nowhere else."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.ui import address
from lib.words import load

SIDE = 8
LEVELS = "0123456789abcdefg"  # 0 is empty, g is 16, full ink
KEY = "picture"
Levels = tuple[int, ...]


def paint(slug: str, examples: Mapping[str, Levels], usual: str) -> Levels:
    """Let the reader choose one of `examples` or paint 8 x 8 grey levels (64,) from 0 to 16.

    The address of the page `slug` may hold a picture; what is not one is refused with a notice, and `usual` is shown.
    """
    app = load("app")
    given, linked = _linked(slug)
    if given and linked is None:
        st.warning(app["paint.refused"], icon="⚠️")
    starts = dict(examples) | {app["paint.blank"]: (0,) * SIDE**2}
    if linked is not None:
        starts = {app["paint.link"]: linked} | starts
    names = list(starts)
    first = app["paint.link"] if linked is not None else usual
    picked = st.selectbox(
        app["paint.start"], names, index=names.index(first), key=f"paint_start_{first}", help=app["paint.start_help"]
    )
    levels = _edited(starts[picked], key=f"paint_{first}_{picked}")
    if picked == usual and levels == starts[usual]:
        address.extras(slug).pop(KEY, None)
    else:
        address.extras(slug)[KEY] = encode(levels)
    return levels


def encode(levels: Levels) -> str:
    """Write a picture as 64 characters."""
    return "".join(LEVELS[level] for level in levels)


def decode(text: str) -> Levels | None:
    """Read a picture; None if the text is none."""
    if len(text) != SIDE**2 or not set(text) <= set(LEVELS):
        return None
    return tuple(LEVELS.index(letter) for letter in text)


def bounded(value: Any) -> int:
    """Bring what a cell holds (a number, or None if it was emptied) to a level that there is."""
    return min(max(int(value or 0), 0), len(LEVELS) - 1)


def _linked(slug: str) -> tuple[bool, Levels | None]:
    """Whether the address that opened the page had a picture, and it; remembered, since painting rewrites it."""
    if "paint_linked" not in st.session_state:
        text = address.extras(slug).get(KEY)
        st.session_state["paint_linked"] = text is not None, decode(text or "")
    found: tuple[bool, Levels | None] = st.session_state["paint_linked"]
    return found


def _edited(levels: Levels, key: str) -> Levels:
    columns = {str(c + 1): list(levels[c::SIDE]) for c in range(SIDE)}
    cell = st.column_config.NumberColumn(min_value=0, max_value=len(LEVELS) - 1, step=1, width=36)
    edited = st.data_editor(
        columns, key=key, hide_index=True, num_rows="fixed", column_config=dict.fromkeys(columns, cell)
    )
    rows = zip(*(edited[name] for name in columns), strict=True)
    return tuple(bounded(value) for row in rows for value in row)
