"""On a phone, a link in the sidebar folds it away again: it would lie over half of the page that it leads to.

So does a page that is opened: Streamlit remembers a sidebar that was left open, for the next visit too.

Streamlit folds it for its own list of pages, which does not show sections and questions as ours does.
"""

SCRIPT = """<script>
if (!window.linksFold) {
  window.linksFold = true;
  const FOLD = "[data-testid=stSidebarCollapseButton] button";
  const small = () => innerWidth < 768 || innerHeight <= 450; // the second: a phone that lies
  if (small()) document.querySelector(`[data-testid=stSidebar][data-collapsed=false] ${FOLD}`)?.click();
  addEventListener("click", event => {
    const bar = event.target.closest?.("[data-testid=stSidebar]");
    if (!small() || bar?.dataset.collapsed !== "false" || !event.target.closest("a")) return;
    bar.querySelector(FOLD)?.click();
  });
}
</script>"""
