"""Things side by side: in reading order on a wide screen, and in the same order where a phone stacks them."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
PER_ROW = 2


def side_by_side(items: Iterable[T], **layout: Any) -> Iterator[tuple[Any, T]]:
    """Yield each item with its column, row by row; two long columns would reorder the items on a phone."""
    left = list(items)
    while left:
        yield from zip(st.columns(PER_ROW, **layout), left[:PER_ROW], strict=False)
        left = left[PER_ROW:]
