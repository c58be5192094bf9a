"""Home: the questions as a gallery. `streamlit run app.py`."""

from typing import Any

from lib import experiments, figures, ui
from lib.results.glimpses import glimpse


def picture(stem: str, result: Any) -> str:
    """A run in small."""
    return figures.glimpse(*glimpse(stem, result))


ui.gallery(experiments.find, picture)
