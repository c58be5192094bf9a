"""The keyboard's focus is not lost where Streamlit makes a control anew or takes it away.

A chip that looks pressed is another element than the one that was pressed, and a guess, 'Unpin' and 'Stop' go with
their press: the focus would be nowhere, and the Tab key would begin anywhere. It goes to the same control again, or
to the one that comes next; on another page, to its question, which a screen reader then says.
"""

SCRIPT = """<script>
if (!window.focusIsKept) {
  window.focusIsKept = true;
  const NEXT = { unpin: ".st-key-pin_run button", stop: ".st-key-train button" };
  const CONTROL = ".st-key-controls :is([role=radio][aria-checked=true], input)";
  const GOES = /^(guess_|unpin|stop|train|again_when_full)/; // keys of what goes with its press
  let last = null, key = "", page = "", question = "", asked = false;
  const seen = places => [...document.querySelectorAll(places)].find(each => each.checkVisibility());
  const title = () => document.querySelector(".stMain h1");
  const keyOf = node => // a control's own, not that of a part of the page
    node.closest("[data-testid=stElementContainer][class*=st-key-]")?.className.match(/st-key-(\\S+)/)[1] ?? "";
  const next = () => {
    if (last.tagName === "H1" || page !== location.pathname) return title()?.innerText === question ? null : title();
    const same = key && !/^chart_/.test(key) && seen(`.st-key-${CSS.escape(key)} :is(button, input, a)`);
    if (same || !GOES.test(key)) return same || null;
    const runs = document.querySelector("[data-testid=stApp]").dataset.testScriptState !== "notRunning";
    return runs ? null : (NEXT[key] && seen(NEXT[key])) ?? seen(CONTROL);
  };
  const mend = () => {
    asked = false;
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const found = next();
    if (found?.tagName === "H1") found.tabIndex = -1;
    found?.focus({ preventScroll: found.tagName !== "H1" });
  };
  addEventListener("focusin", ({ target }) => {
    [last, key, page, question] = [target, keyOf(target), location.pathname, title()?.innerText];
    if (target.tagName === "H1") question = "";
  });
  addEventListener("focusout", ({ target }) => setTimeout(() => { // left for nothing, not taken away
    if (last === target && target.isConnected && document.activeElement === document.body) last = null;
  }));
  const soon = () => { asked ||= Boolean(requestAnimationFrame(mend)); };
  new MutationObserver(soon).observe(document.body, {
    childList: true, subtree: true, attributeFilter: ["data-test-script-state"],
  });
}
</script>"""
