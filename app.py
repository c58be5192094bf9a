"""Home: the questions as a gallery. `streamlit run app.py`."""

from lib import ui

ui.gallery()
