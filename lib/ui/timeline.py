"""One time slider for all figures that have frames: by mouse, finger and keyboard, in the browser alone.

It moves each figure's own slider of Plotly's, which is hidden, by the mouse events that Plotly listens to. Figures
with other steps than the slider's follow with their nearest one.
"""

from typing import Any

import streamlit as st

from lib.ui import pins
from lib.words import load

PLAYED = "timeline_played"
# The slider says its step itself; an output that did so, too, would speak through all of what plays.
HTML = """<div class="row"><button type="button"></button><input type="range" min="0" step="1">
<output aria-live="off"></output></div>"""
CSS = """
.row { display: flex; align-items: center; gap: 0.6rem; }
input { flex: 1; min-width: 5rem; accent-color: var(--st-primary-color, #1b66b8); }
output { min-width: 5.5rem; font-variant-numeric: tabular-nums; }
button { font: inherit; color: inherit; background: transparent; cursor: pointer; border-radius: 0.5rem;
  border: 1px solid var(--st-border-color, #8888); min-width: 2.4rem; min-height: 2.2rem; }
:is(button, input):focus-visible { outline: 2px solid var(--st-primary-color, #1b66b8); outline-offset: 2px; }
"""
JS = """
const steps = figure => figure.layout?.sliders?.[0]?.steps?.map(step => step.label) ?? [];
const nearest = (labels, wanted, share) => {
  const numbers = labels.map(Number), value = Number(wanted);
  if (labels.includes(wanted)) return labels.indexOf(wanted);
  if (numbers.some(Number.isNaN) || Number.isNaN(value)) return Math.round(share * (labels.length - 1));
  return numbers.reduce((best, n, k) => Math.abs(n - value) < Math.abs(numbers[best] - value) ? k : best, 0);
};
const show = (figure, wanted, share) => {
  const labels = steps(figure), rail = figure.querySelector(".slider-rail-touch-rect");
  if (!rail || labels.length < 2) return;
  const box = rail.getBoundingClientRect();
  const clientX = box.left + box.width * nearest(labels, wanted, share) / (labels.length - 1);
  const at = { clientX, clientY: box.top + box.height / 2, bubbles: true, view: window };
  rail.dispatchEvent(new MouseEvent("mousedown", at));
  document.dispatchEvent(new MouseEvent("mouseup", at));
  window.dispatchEvent(new MouseEvent("mouseup", at));
};
export default function ({ parentElement, data }) {
  const [button, input, output] = ["button", "input", "output"].map(name => parentElement.querySelector(name));
  const last = data.labels.length - 1;
  const pace = Math.min(250, 10000 / last);  // ms: a long walk does not play for minutes
  let timer = 0;
  const say = () => {
    output.textContent = data.prefix + data.labels[input.value];
    input.setAttribute("aria-valuetext", output.textContent);
  };
  const go = k => {
    input.value = k;
    say();
    for (const figure of document.querySelectorAll(".js-plotly-plot")) show(figure, data.labels[k], k / last);
  };
  const face = (sign, name) => { button.textContent = sign; button.setAttribute("aria-label", name); };
  const stop = () => { clearInterval(timer); timer = 0; face("▶", data.play); };
  const play = () => {
    if (Number(input.value) >= last) go(0);
    face("❚❚", data.pause);
    timer = setInterval(() => Number(input.value) >= last ? stop() : go(Number(input.value) + 1), pace);
  };
  input.max = last;
  input.value = last;
  input.setAttribute("aria-label", data.name);
  input.oninput = () => { stop(); go(Number(input.value)); };
  button.onclick = () => timer ? stop() : play();
  say();
  stop();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const once = () => { if (!timer && Number(input.value) === last) play(); };
  const soon = data.first && !calm ? setTimeout(once, 1500) : 0;
  return () => { clearTimeout(soon); stop(); };
}
"""
_component = st.components.v2.component("timeline", html=HTML, css=CSS, js=JS)


def timeline(figure: Any) -> None:
    """Draw the slider for a figure with frames; it stands at the last step. A session's first one plays once."""
    app = load("app")
    slider = figure.plan.sliders[0]
    first = not st.session_state.get(PLAYED, False)
    _, outlines = st.session_state.get(pins.CURRENT, (None, False))
    st.session_state[PLAYED] = not (first and outlines)  # a pinned run's page is drawn again at once
    _component(
        key="timeline",
        data={
            "labels": [step.label for step in slider.steps], "prefix": slider.currentvalue.prefix or "",
            "first": first,
            "play": app["time.play"], "pause": app["time.pause"], "name": app["time.name"],
        },
    )  # fmt: skip
