"""What a page shows besides its figures: the only place in `lib` that knows Streamlit.

A page calls these in order: `page`, `controls`, `guess`, `answer`, `verdict`, `figure` and `finding`, `below`; and
`upload` where a reader may bring a picture. See pages/11_negative_weights.py.
"""

from lib.ui.cards import gallery
from lib.ui.controls import controls
from lib.ui.elements import chart, figure, finding, guess, heading, verdict
from lib.ui.footer import below
from lib.ui.frame import page
from lib.ui.painting import paint
from lib.ui.rulings import facts
from lib.ui.training import answer
from lib.ui.upload import upload

__all__ = [
    "answer",
    "below",
    "chart",
    "controls",
    "facts",
    "figure",
    "finding",
    "gallery",
    "guess",
    "heading",
    "page",
    "paint",
    "upload",
    "verdict",
]
