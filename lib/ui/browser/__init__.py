"""What the app has the reader's browser do: a program each, with which every page comes and which starts but once.

Streamlit has no place for a page's own programs but `st.html`; each says in its own file what it is for.
"""

import json

import streamlit as st

from lib.ui.browser import announcing, choosing, focusing, folding, keyboard, redraw, seeing, states, tapping
from lib.ui.reading import own_words

PROGRAMS = (redraw, keyboard, tapping, choosing, folding, seeing, announcing, focusing, states)


def programs() -> None:
    """Have the browser do so, from now on."""
    names = {choosing: json.dumps(own_words()["point.keys"])}
    texts = (each.SCRIPT % names[each] if each in names else each.SCRIPT for each in PROGRAMS)
    st.html("".join(texts), unsafe_allow_javascript=True)
