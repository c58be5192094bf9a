"""A figure's bar of small buttons is one stop of the Tab key, as a toolbar should be: arrow keys lead along it.

Plotly makes a stop of each of its eight buttons (the pattern: W3C, ARIA Authoring Practices, toolbar).
"""

SCRIPT = """<script>
if (!window.oneStopPerBar) {
  window.oneStopPerBar = true;
  const buttons = bar => [...bar.querySelectorAll(".modebar-btn")];
  const settle = () => {
    for (const bar of document.querySelectorAll(".modebar")) {
      const all = buttons(bar);
      if (all.filter(button => button.tabIndex === 0).length > 1) all.forEach((b, k) => { b.tabIndex = k ? -1 : 0; });
    }
  };
  document.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], bar = event.target.closest?.(".modebar");
    if (!step || !bar) return;
    const all = buttons(bar), next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    all.forEach(button => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
    event.preventDefault();
  });
  let asked = false;
  const soon = () => { asked = asked || Boolean(requestAnimationFrame(() => { asked = false; settle(); })); };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  settle();
}
</script>"""
