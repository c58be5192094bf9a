"""What the browser draws when a figure changes: once, and zoomed as it was before.

Streamlit makes a chart's element anew whenever its figure changes, draws it without a width, and a moment later a
clone of it in the width that the element has had all the time. And Plotly's `uirevision` cannot reach across two
elements. So a script steps in front of `Plotly.react`, by which Streamlit draws every chart: Plotly's bundle leaves
itself in `window.Plotly`. Were it not there, a chart would be drawn twice and its zoom lost, and no more.

The first drawing gets the width of its element, and a second one that says the same is left out. The ranges that axes
were zoomed to are remembered by the chart's key, and what is drawn under the same key is zoomed before it is painted.
A double click shows the whole again, and forgets, as another page does. An axis that says something else now (other
kind, title or categories), or whose whole no longer meets the zoom, is a new picture: it is whole.
"""

SCRIPT = """<script>
if (!window.keptZooms) {
  const kept = window.keptZooms = new Map();  // by the chart's key: axis -> its range and what it says
  const whole = new WeakMap();  // by the chart's element: axis -> the range that it was first drawn with
  const once = new WeakMap();  // by the chart's element, from its first drawing to the next: what its layout said
  let page = location.pathname;
  const key = figure => [...figure.closest("[class*=st-key-chart_]")?.classList ?? []].find(c => /^st-key-/.test(c));
  const axes = figure => Object.entries(figure._fullLayout ?? {}).filter(([name]) => /^[xy]axis\\d*$/.test(name));
  const says = axis => JSON.stringify([axis.type, axis.title?.text, axis._categories ?? []]);
  const moved = (axis, from) => !axis.autorange && axis.range.some((end, k) => end !== from?.[k]);
  const meet = ([a, b], [c, d]) => Math.min(a, b) < Math.max(c, d) && Math.min(c, d) < Math.max(a, b);
  const note = figure => {
    const zoomed = axes(figure).filter(([name, axis]) => moved(axis, whole.get(figure)[name]));
    const zoom = zoomed.map(([name, axis]) => [name, { range: [...axis.range], says: says(axis) }]);
    if (zoom.length) kept.set(key(figure), new Map(zoom));
    else kept.delete(key(figure));
  };
  const fits = (figure, zoom) => zoom.every(([name, { range, says: said }]) => {
    const axis = figure._fullLayout[name];
    return axis && !axis.fixedrange && says(axis) === said && meet(axis.range, range);
  });
  const know = figure => whole.set(figure, Object.fromEntries(axes(figure).map(([n, axis]) => [n, [...axis.range]])));
  const listen = figure => figure.on("plotly_relayout", () => note(figure));
  const turn = () => {
    if (page !== location.pathname) kept.clear();
    page = location.pathname;
  };
  const first = async figure => {  // drawn under this key for the first time or anew
    turn();
    if (!key(figure)) return;
    know(figure);
    const zoom = [...kept.get(key(figure)) ?? []];
    if (!fits(figure, zoom)) kept.delete(key(figure));
    const ranges = zoom.map(([name, { range }]) => [`${name}.range`, [...range]]);
    if (kept.has(key(figure))) await Plotly.relayout(figure, Object.fromEntries(ranges));
    listen(figure);
  };
  const zoomed = (layout, zoom) => {  // in place, as Plotly does it: another layout would be drawn again, for ever
    for (const [name, { range }] of zoom) Object.assign(layout[name] ??= {}, { range: [...range], autorange: false });
  };
  const settled = /^([xy]axis|polar|width)/;  // what Plotly itself writes into a layout that it draws
  const bare = layout => JSON.stringify(Object.entries(layout).filter(([name]) => !settled.test(name)));
  const begin = (figure, { layout }) => {
    const { width } = figure.getBoundingClientRect();
    if (width) layout.width ??= width;
    once.set(figure, bare(layout));
  };
  const again = (figure, { data, layout }) => {  // whether this is what is there, which then goes by its names
    const said = once.get(figure), alike = layout.width === figure._fullLayout?.width;
    once.delete(figure);
    if (!alike || said !== bare(layout) || data.length !== figure.data.length) return false;
    data.splice(0, data.length, ...figure.data);  // the traces that are drawn, which Plotly goes on with
    Object.assign(figure, { data, layout });
    return true;
  };
  const stepIn = () => {
    turn();
    const react = Plotly.react;
    Plotly.react = (figure, given, ...more) => {
      const known = whole.has(figure);
      if (known) zoomed(given.layout, kept.get(key(figure)) ?? []);  // the second drawing is whole, too
      if (!figure.data) begin(figure, given);
      else if (again(figure, given)) return Promise.resolve(figure);
      const drawn = react(figure, given, ...more);
      return known ? drawn : drawn.then(() => first(figure)).catch(() => kept.clear()).then(() => drawn);
    };
    const there = [...document.querySelectorAll(".js-plotly-plot")].filter(key);
    there.forEach(figure => { know(figure); listen(figure); });
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, turn, true);  // on pages without charts, too
  let plotly = window.Plotly;
  if (plotly) stepIn();
  else Object.defineProperty(window, "Plotly", {  // the bundle comes with the first chart
    configurable: true, get: () => plotly, set: bundle => { plotly = bundle; stepIn(); },
  });
}
</script>"""
