"""A picture of the reader's own: looked at in memory, for this reader only, and forgotten with the session."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import streamlit as st

from lib.words import Words

MEGABYTES = 10
POLL = 0.1  # seconds between two looks whether the script is still wanted


class Own(NamedTuple):
    """What a reader brought: its numbers, and a mark that tells it from others."""

    numbers: Any
    mark: str


class Seen(NamedTuple):
    """The last file of a session: its hash, and its numbers or the key of the sentence that refuses it."""

    mark: str
    numbers: Any
    refusal: str = ""


def upload(words: Words, decode: Callable[[bytes], Any], endings: Sequence[str]) -> Own | None:
    """Offer to upload a picture; None if there is none, or if it cannot be used, which is said in a sentence.

    `decode` returns its numbers or raises ValueError with the key of a sentence under [upload] in the words. It is
    called once for a file, in one session at a time on the whole server: unpacking takes memory. `endings` are those
    of the files that the browser offers.
    """
    kept = f"uploaded_{words.slug}"
    file = st.file_uploader(
        words["upload.label"], type=list(endings), help=words["upload.help"], key=f"upload_{words.slug}",
        max_upload_size=MEGABYTES,
    )  # fmt: skip
    if file is None:
        st.session_state.pop(kept, None)
        return None
    content = file.getvalue()
    mark = hashlib.sha256(content).hexdigest()
    seen = st.session_state.get(kept)
    if seen is None or seen.mark != mark:
        seen = st.session_state[kept] = _looked_at(content, mark, decode)
    if seen.refusal:
        st.error(words[f"upload.{seen.refusal}"], icon="🖼️")
        return None
    return Own(seen.numbers, mark)


def _looked_at(content: bytes, mark: str, decode: Callable[[bytes], Any]) -> Seen:
    with _turn():
        try:
            return Seen(mark, decode(content))
        except ValueError as error:
            return Seen(mark, None, str(error))


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other session unpacks a picture; a script that is out of date ends while it waits."""
    place = _place()
    while not place.acquire(timeout=POLL):
        _ = "heartbeat" in st.session_state  # where Streamlit ends such a script
    try:
        yield
    finally:
        place.release()


@st.cache_resource(show_spinner=False)
def _place() -> threading.Lock:
    """Return the one place of this server where a picture is unpacked."""
    return threading.Lock()
