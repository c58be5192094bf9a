"""A screen reader hears what only looks so: the chip whose settings the page has, the page that is open, the outline.

Headings under the page's own are Streamlit's third level, for their size: for the outline they are the second.
"""

SCRIPT = """<script>
if (!window.statesAreSaid) {
  window.statesAreSaid = true;
  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
  const settle = () => {
    for (const chip of document.querySelectorAll("[class*=st-key-try_] button")) {
      set(chip, "aria-pressed", String(chip.dataset.testid === "stBaseButton-primary"));
    }
    for (const heading of document.querySelectorAll(".stMain h3")) set(heading, "aria-level", "2");
    const [home, ...links] = document.querySelectorAll("[data-testid=stSidebar] a"); // home's leads to "", anywhere
    const open = links.find(link => link.pathname === location.pathname) ?? home;
    for (const link of [home, ...links]) if (link) set(link, "aria-current", link === open ? "page" : "false");
  };
  let asked = false;
  const soon = () => { asked ||= Boolean(requestAnimationFrame(() => { asked = false; settle(); })); };
  new MutationObserver(soon).observe(document.body, {
    childList: true, subtree: true, attributeFilter: ["data-testid", "data-test-script-state"],
  });
  settle();
}
</script>"""
