"""A screen reader says the answer when it is there, and that a training runs; nothing on the page says it by itself.

Streamlit puts new text into a page without telling anyone. A region of its own, which nobody sees, is given the whole
answer once a run has ended: if its text is another one, or the settings are. A long training is named when its bar
comes and every ten seconds; what a search finds, while the reader types. Notices are Streamlit's alerts, said anyway.
"""

SCRIPT = """<script>
if (!window.answersAreSaid) {
  window.answersAreSaid = true;
  const PAUSE = 500, REMIND = 10000; // milliseconds
  const region = document.body.appendChild(document.createElement("div"));
  region.setAttribute("role", "status");
  region.id = "announced";
  region.style.cssText = "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";
  const say = text => { region.textContent = ""; setTimeout(() => { region.textContent = text; }, 50); };
  const read = (place, part = "[data-testid=stMarkdownContainer]") =>
    [...document.querySelectorAll(`${place} ${part}`)].filter(each => !each.closest("[role=alert]"))
      .map(each => each.innerText.trim()).join(" ");
  const carried = () => new URLSearchParams(document.querySelector(".st-key-carried input")?.value); // see address.py
  const settings = () => [...carried()].filter(([name]) => name.includes(".")).join(); // no pin, nothing pointed at
  const runs = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning";
  let answered = "", given = "", offered = "", told = 0, soon = 0;
  const training = () => {
    const share = read(".stMain", "[data-testid=stProgress]");
    if (!share || Date.now() - told < REMIND) return;
    told = Date.now();
    say(share);
  };
  const look = () => {
    soon = 0;
    const ways = read(".st-key-ways"), typing = document.activeElement?.type === "search";
    if (typing && ways !== offered) say(ways);
    offered = ways;
    if (!document.querySelector(".st-key-verdict")) return;
    if (runs()) return training();
    told = 0;
    const answer = read(".st-key-verdict"), now = settings();
    if (!answer) return;
    if (answer !== answered || (given && now !== given)) say(answer); // on arrival nothing is carried yet
    [answered, given] = [answer, now];
  };
  const change = () => { soon ||= setTimeout(look, PAUSE); };
  new MutationObserver(change).observe(document.body, {
    childList: true, subtree: true, characterData: true, attributeFilter: ["data-test-script-state"],
  });
}
</script>"""
