"""A button that saves the page's first picture, as its own camera does, where readers look for what they can take."""

import streamlit as st

HTML = """<button type="button"><span aria-hidden="true">📷</span><span class="name"></span></button>"""
CSS = """
button { font: inherit; font-size: 0.875rem; display: flex; gap: 0.5rem; align-items: center;
  color: inherit; background: var(--st-background-color, transparent); cursor: pointer;
  border: 1px solid var(--st-border-color, #8888); border-radius: var(--st-button-radius, 0.5rem);
  min-height: 2.5rem; padding: 0.25rem 0.75rem; white-space: nowrap; }
button:hover { border-color: var(--st-primary-color, #1b66b8); color: var(--st-primary-color, #1b66b8); }
button:focus-visible { outline: 2px solid var(--st-primary-color, #1b66b8); outline-offset: 2px; }
"""
JS = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.querySelector(".name").textContent = data.name;
  button.onclick = () => {
    document.querySelector(".st-key-hero .js-plotly-plot .modebar-btn")?.click();  // the bar's first is the camera
  };
}
"""
_component = st.components.v2.component("picture", html=HTML, css=CSS, js=JS)


def picture(name: str) -> None:
    """Draw the button under its name."""
    _component(key="picture", data={"name": name}, width="content")
