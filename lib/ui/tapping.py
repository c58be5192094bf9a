"""A tap chooses what lies under the finger, at once.

Plotly chooses, of what is clicked, the point that the pointer was over last, and hears of that from a moving mouse.
A finger does not move before it taps: the first tap chose nothing, and each later one the place of the tap before.
So a mouse is moved there when a finger comes down.
"""

import streamlit as st

SCRIPT = """<script>
if (!window.tapsChoose) {
  window.tapsChoose = true;
  addEventListener("touchstart", ({ touches, target }) => {
    if (touches.length !== 1 || !target.closest?.(".js-plotly-plot .draglayer")) return;
    const [{ clientX, clientY }] = touches;
    target.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }));
  }, { capture: true, passive: true });
}
</script>"""


def taps_choose() -> None:
    """Have the browser do so, from now on."""
    st.html(SCRIPT, unsafe_allow_javascript=True)
