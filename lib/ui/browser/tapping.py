"""A finger that stays where it comes down chooses what lies under it; one that moves scrolls the page.

Plotly takes every touch of a picture that answers clicks for a drag of the picture: the page could not be scrolled
there. And of what is clicked it chooses the point that the pointer was over last, and hears of that from a moving
mouse; a finger does not move before it taps, so that a tap chose the place of the tap before. So Plotly hears of no
touch, and for a tap of a mouse that comes, presses and lets go.
"""

SCRIPT = """<script>
if (!window.tapsChoose) {
  window.tapsChoose = true;
  const REACH = 10; // pixels by which a finger may slip
  let down = null;
  addEventListener("touchstart", event => {
    down = null;
    if (!event.target.closest?.(".js-plotly-plot .draglayer")) return;
    event.stopImmediatePropagation();
    if (event.touches.length === 1) down = event.touches[0];
  }, { capture: true, passive: true });
  addEventListener("touchend", event => {
    if (!down) return;
    const [{ clientX, clientY, target }] = event.changedTouches;
    if (Math.hypot(clientX - down.clientX, clientY - down.clientY) > REACH) return;
    event.preventDefault(); // the browser would send a mouse of its own after it
    for (const kind of ["mousemove", "mousedown", "mouseup"]) {
      target.dispatchEvent(new MouseEvent(kind, { clientX, clientY, bubbles: true }));
    }
  }, { capture: true, passive: false });
  addEventListener("touchcancel", () => { down = null; }, { capture: true, passive: true }); // it scrolls
}
</script>"""
