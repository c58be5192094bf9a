"""On a phone, a link in the sidebar folds it away again: it would lie over half of the page that it leads to.

Streamlit folds it for its own list of pages, which does not show sections and questions as ours does.
"""

import streamlit as st

SCRIPT = """<script>
if (!window.linksFold) {
  window.linksFold = true;
  addEventListener("click", event => {
    const bar = event.target.closest?.("[data-testid=stSidebar]");
    if (innerWidth >= 768 || bar?.dataset.collapsed !== "false" || !event.target.closest("a")) return;
    bar.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });
}
</script>"""


def links_fold() -> None:
    """Have the browser do so, from now on."""
    st.html(SCRIPT, unsafe_allow_javascript=True)
