"""A page for the wall of a lecture room, `?present=true`: question, answer and hero, large, and nothing else."""

import streamlit as st

NAME = "present"
LARGER = 1.2  # times as high, and its letters: about as much as the picture is wider there
# The controls are drawn, since they hold the settings that the link carries, but nobody sees them.
STYLE = """<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"], .st-key-lead,
[data-testid="stLayoutWrapper"]:has(> .st-key-controls), .js-plotly-plot .modebar-container {
  display: none !important;
}
.stMainBlockContainer { max-width: 110rem; padding: 1.2rem 2rem; }
h1 { font-size: clamp(2rem, 3.4vw, 4rem) !important; }
h3 { font-size: clamp(1.2rem, 1.7vw, 2rem) !important; }
.st-key-verdict [data-testid="stElementContainer"] p { font-size: clamp(1.1rem, 1.6vw, 2rem); line-height: 1.4; }
.st-key-verdict > [data-testid="stElementContainer"]:first-child p { font-size: clamp(1.5rem, 2.5vw, 3.2rem); }
</style>"""


def presenting() -> bool:
    """Whether the address asks for that."""
    return st.query_params.get(NAME) == "true"
