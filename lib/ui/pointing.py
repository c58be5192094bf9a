"""What a reader points at in a view, a digit, a unit or a weight: whole numbers in the page's address (`at=3.27`)."""

from collections.abc import Sequence

import streamlit as st

from lib.ui import address
from lib.words import load

KEY = "at"


def pointed(slug: str, *counts: int) -> tuple[int, ...] | None:
    """Return what the address of the page `slug` points at, a number below each of `counts`; None for nothing.

    Without `counts` there is nothing to point at.

    What is not there is forgotten, with a notice unless it is the reader's own, left over from other settings.
    """
    text = address.extras(slug).get(KEY, "")
    numbers = _read(text, counts)
    if text and numbers is None:
        del address.extras(slug)[KEY]
        if text != st.session_state.get(_own(slug)):
            st.warning(load("app")["point.refused"], icon="⚠️")
    return numbers


def point(slug: str, numbers: Sequence[int]) -> None:
    """Have the address point at something, or at nothing."""
    text = st.session_state[_own(slug)] = ".".join(map(str, numbers))
    if text:
        address.extras(slug)[KEY] = text
    else:
        address.extras(slug).pop(KEY, None)


def _own(slug: str) -> str:
    return f"pointed_{slug}"


def _read(text: str, counts: Sequence[int]) -> tuple[int, ...] | None:
    parts = text.split(".")
    if len(parts) != len(counts) or not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in parts):
        return None
    numbers = tuple(map(int, parts))
    return numbers if all(number < count for number, count in zip(numbers, counts, strict=True)) else None
