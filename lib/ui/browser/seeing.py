"""On a phone, who presses a chip, a new start or a pin sees what comes of it: the answer comes into sight.

They stand below the picture there; by the time that a thumb has them, most of the picture is beyond the upper edge.
Settings leave the page where it is: who moves one may move it again.
"""

SCRIPT = """<script>
if (!window.answersShow) {
  window.answersShow = true;
  const HEADER = 60; // pixels
  const BUTTONS = "[class*='st-key-try_'] button, .st-key-new_start button, .st-key-pin_run button";
  addEventListener("click", event => {
    const picture = document.querySelector(".st-key-hero .js-plotly-plot")?.getBoundingClientRect();
    if ((innerWidth >= 800 && innerHeight > 450) || !picture || !event.target.closest?.(BUTTONS)) return;
    if (picture.bottom - HEADER >= picture.height / 2) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    document.querySelector(".st-key-verdict")?.scrollIntoView({ block: "start", behavior });
  });
}
</script>"""
