"""What a click in a picture chooses, a keyboard chooses too: arrow keys lead from point to point, Enter clicks.

The picture is a stop of the Tab key. Where the keys have led there is a ring and Plotly's own label, which a screen
reader says. For Plotly it is a mouse that comes, presses and lets go, as for a tap (tapping.py). What was clicked may
have the picture drawn anew: the focus and the ring are where they were.
"""

SCRIPT = """<script>
if (!window.keysChoose) {
  window.keysChoose = true;
  const NAME = %s, WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const LABEL = 150; // milliseconds until Plotly has drawn it
  const at = new Map(); // by the chart's key: where in the picture the keys have led
  let clicked = "";
  const ring = document.createElement("div");
  ring.style.cssText = "position: absolute; width: 20px; height: 20px; margin: -13px; border: 3px solid #d4006a;" +
    "border-radius: 50%%; pointer-events: none; z-index: 1";
  const key = node => node.closest?.("[class*=st-key-chart_]")?.className.match(/st-key-\\S+/)[0];
  const points = ({ _fullData: traces, _fullLayout: layout }) => traces.flatMap(trace => {
    const points = trace.type === "scatter" && trace.visible === true && /markers|text/.test(trace.mode);
    if (!points || !trace.customdata) return [];
    const [x, y] = ["x", "y"].map(way => layout[trace[`${way}axis`].replace(way, `${way}axis`)]);
    return Array.from(trace.x, (value, k) => [x._offset + x.d2p(value), y._offset + y.d2p(trace.y[k]), x._id + y._id])
      .filter(([left, top]) => Math.abs(2 * (left - x._offset) - x._length) <= x._length + 2
        && Math.abs(2 * (top - y._offset) - y._length) <= y._length + 2);
  });
  const least = (list, cost) => list.reduce((best, each) => cost(each) < cost(best) ? each : best, list[0]);
  const from = figure => {
    const [left, top] = at.get(key(figure)) ?? [0, 0];
    return least(points(figure), each => Math.hypot(each[0] - left, each[1] - top));
  };
  const mouse = (figure, [left, top, plot], ...kinds) => {
    const box = figure.querySelector(".svg-container").getBoundingClientRect();
    const target = figure.querySelector(`.draglayer .${plot} .nsewdrag`);
    for (const kind of kinds) target?.dispatchEvent(
      new MouseEvent(kind, { clientX: box.left + left, clientY: box.top + top, bubbles: true }));
  };
  const show = (figure, point) => {
    at.set(key(figure), point);
    figure.querySelector(".svg-container").append(ring);
    [ring.style.left, ring.style.top] = [`${point[0]}px`, `${point[1]}px`];
    mouse(figure, point, "mousemove");
    setTimeout(() => {
      const label = [...figure.querySelectorAll(".hoverlayer tspan, .hoverlayer text:not(:has(tspan))")];
      const region = document.querySelector("#announced");
      if (region && label.length) region.textContent = label.map(each => each.textContent).join(" ");
    }, LABEL);
  };
  const press = event => {
    const figure = event.currentTarget, way = WAYS[event.key];
    if (!figure.contains(ring)) return; // it has the focus from a mouse: arrow keys scroll the page
    if (event.target !== figure || !(way || ["Enter", " "].includes(event.key)) || !points(figure).length) return;
    event.preventDefault();
    const now = from(figure);
    const along = ([left, top]) => (left - now[0]) * way[0] + (top - now[1]) * way[1];
    const aside = ([left, top]) => Math.abs((left - now[0]) * way[1]) + Math.abs((top - now[1]) * way[0]);
    if (way) {
      const there = points(figure).filter(each => along(each) > 1);
      if (there.length) show(figure, least(there, each => along(each) + 3 * aside(each)));
      return;
    }
    clicked = key(figure);
    mouse(figure, now, "mousemove", "mousedown", "mouseup");
  };
  const settle = () => {
    for (const figure of document.querySelectorAll(".js-plotly-plot:not([role])")) {
      if (!/select/.test(figure._fullLayout?.clickmode) || !points(figure).length) continue;
      figure.setAttribute("role", "application");
      figure.setAttribute("aria-label", NAME);
      figure.tabIndex = 0;
      figure.addEventListener("keydown", press);
      figure.addEventListener("focus", () => figure.matches(":focus-visible") && show(figure, from(figure)));
      figure.addEventListener("blur", () => ring.remove());
    }
    if (!clicked || document.activeElement !== document.body) return;
    document.querySelector(`.${CSS.escape(clicked)} .js-plotly-plot[role=application]`)?.focus(); // drawn anew
  };
  for (const kind of ["focusin", "pointerdown"]) {
    addEventListener(kind, ({ target }) => { clicked = key(target) === clicked ? clicked : ""; }, true);
  }
  let asked = false;
  const soon = () => { asked ||= Boolean(requestAnimationFrame(() => { asked = false; settle(); })); };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
}
</script>"""
