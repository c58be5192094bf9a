"""What a page shows besides its figures: the only place in `lib` that knows Streamlit.

A page calls these in order: `page`, `controls`, `guess`, `answer`, `verdict`, `heading`, `chart` and `finding`,
`below`; `upload` where a reader may bring a picture. See pages/11_negative_weights.py.
"""

from lib.ui.controls import controls
from lib.ui.foot import below
from lib.ui.frame import gallery, page
from lib.ui.parts import chart, finding, guess, heading, verdict
from lib.ui.training import answer
from lib.ui.upload import upload

__all__ = [
    "answer",
    "below",
    "chart",
    "controls",
    "finding",
    "gallery",
    "guess",
    "heading",
    "page",
    "upload",
    "verdict",
]
