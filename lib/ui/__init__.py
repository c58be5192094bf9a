"""What a page shows besides its figures: the only place in `lib` that knows Streamlit.

A question's page makes a `Page` and draws on it (stage.py); `upload` and `paint` are for what a reader brings.
See pages/11_negative_weights.py.
"""

from lib.ui.address import give
from lib.ui.frame import page
from lib.ui.home import gallery
from lib.ui.painting import paint
from lib.ui.rulings import facts
from lib.ui.stage import Page
from lib.ui.upload import upload
from lib.ui.your_network import yours

__all__ = ["Page", "facts", "gallery", "give", "page", "paint", "upload", "yours"]
