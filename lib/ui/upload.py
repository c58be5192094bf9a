"""A picture of the reader's own: looked at in memory, for this reader only, and forgotten with the session."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from lib.words import Words

MEGABYTES = 10


class Own(NamedTuple):
    """What a reader brought: its numbers, and a mark that tells it from others."""

    numbers: Any
    mark: str


def upload(words: Words, decode: Callable[[bytes], Any]) -> Own | None:
    """Offer to upload a picture; None if there is none, or if it cannot be used, which is said in a sentence.

    `decode` returns its numbers or raises ValueError with the key of a sentence under [upload] in the words.
    """
    file = st.file_uploader(
        words["upload.label"], type=["png", "jpg", "jpeg"], help=words["upload.help"], key=f"upload_{words.slug}",
        max_upload_size=MEGABYTES,
    )  # fmt: skip
    if file is None:
        return None
    content = file.getvalue()
    try:
        return Own(decode(content), hashlib.sha256(content).hexdigest())
    except ValueError as error:
        st.error(words[f"upload.{error}"], icon="🖼️")
        return None
