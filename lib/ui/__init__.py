"""What a page shows besides its figures: the only place in `lib` that knows Streamlit.

A page calls these in order: `page`, `controls`, `answer`, `verdict`, `heading`, `chart` and `finding`, `why`,
`try_this`, `claims`, `take_away`, `sources`; `upload` where a reader may bring a picture. See
pages/11_negative_weights.py.
"""

from lib.ui.controls import controls, try_this
from lib.ui.frame import gallery, page
from lib.ui.parts import chart, claims, finding, guess, heading, sources, verdict, why
from lib.ui.sharing import take_away
from lib.ui.training import answer
from lib.ui.upload import upload

__all__ = [
    "answer",
    "chart",
    "claims",
    "controls",
    "finding",
    "gallery",
    "guess",
    "heading",
    "page",
    "sources",
    "take_away",
    "try_this",
    "upload",
    "verdict",
    "why",
]
