"""The fact check: every claim of every question's words, judged by a run, and where to see that run."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import streamlit as st

from lib import figures
from lib.config import Config
from lib.question import Verdict, find
from lib.ui.background import Summary, summary
from lib.ui.elements import chart, ruled
from lib.ui.frame import Entry, sections
from lib.words import Words, load, ruling

RULINGS = ("right", "depends", "wrong", "open")
COLOURS = {"right": "green", "depends": "orange", "wrong": "red", "open": "grey"}
ALL = "all"


class Case(NamedTuple):
    """A claim, the question that settles it, and at which settings."""

    entry: Entry
    claim: dict[str, Any]
    config: Config

    @property
    def elsewhere(self) -> bool:
        """Whether nobody in the threads said so: a paper did, or it is a common objection."""
        return self.claim.get("origin") == "elsewhere"

    def heading(self, app: Words, words: Words) -> str:
        """Under what it stands on the page."""
        return words["elsewhere"] if self.elsewhere else app[f"sections.{self.entry.words['section']}.title"]


class Judgement(NamedTuple):
    """A ruling (one of RULINGS), how the page says it, and the sentence with the number that settles it."""

    ruling: str
    said: str
    sentence: str


def cases() -> Iterator[Case]:
    """Yield every claim there is, section by section; a claim's own `settings` stand in place of the defaults.

    Those that nobody made in the threads (`origin = "elsewhere"`) come last.
    """
    everything = list(_everything())
    yield from (case for case in everything if not case.elsewhere)
    yield from (case for case in everything if case.elsewhere)


def _everything() -> Iterator[Case]:
    for entries in sections().values():
        for entry in entries:
            settings = find(entry.words.slug).config
            for claim in sorted(entry.words["claims"], key=lambda c: "settings" in c):
                yield Case(entry, claim, settings(**claim.get("settings", {})))


def judged(case: Case, verdicts: dict[str, Verdict]) -> Judgement:
    """Return what a run says about a claim."""
    entry = case.claim["entry"]
    key = verdicts[entry].key
    parts = case.entry.words.parts(entry, *verdicts[entry])
    return Judgement(ruling(case.claim, key), ruled(case.claim, key), f"{parts.claim} {parts.line}".strip())


def facts(words: Words) -> None:
    """Draw the page: all claims at once, then a judgement for each as soon as its run is there."""
    app = load("app")
    picked = st.segmented_control(
        words["show.label"], [ALL, *RULINGS], default=ALL, key="ruling", required=True, bind="query-params",
        help=words["show.help"],
    )  # fmt: skip
    top, picture = st.container(key="verdict").empty(), st.empty()
    listed = [(case, slot) for case, slot in _slots(words, list(cases()))]
    found: list[tuple[Case, Judgement]] = []
    for config, group in groupby(listed, key=lambda pair: pair[0].config):
        together = list(group)
        top.markdown(words.say("progress", done=len(found), total=len(listed)))
        got = summary(find(config.slug()), config, together[0][1])
        for case, slot in together:
            found.append((case, _shown(case, got, slot, picked or ALL, app)))
    top.markdown(words.say("verdict.counts", **_counts(found), total=len(found)))
    with picture.container():
        _chart(words, found)


def _slots(words: Words, everything: list[Case]) -> Iterator[tuple[Case, Any]]:
    """Draw the headings and, for every claim, a place that says that it waits."""
    app = load("app")
    for heading, together in groupby(everything, key=lambda case: case.heading(app, words)):
        st.header(heading, anchor=False)
        for case in together:
            slot = st.empty()
            slot.caption(f"“{case.claim['claim']}” · {words['waiting']}")
            yield case, slot


def _shown(case: Case, got: Summary | None, slot: Any, picked: str, app: Words) -> Judgement:
    failed = Judgement("open", app["ruling.open"], app["training.failed"])
    judgement = judged(case, got.verdicts) if got else failed
    slot.empty()
    if picked in (ALL, judgement.ruling):
        with slot.container(border=True):
            _card(case, judgement, app)
    return judgement


def _card(case: Case, judgement: Judgement, app: Words) -> None:
    st.markdown(f"“{case.claim['claim']}”  \n:small[{case.claim['whose']}]")
    st.markdown(f"**:{COLOURS[judgement.ruling]}[{judgement.said}]**")
    st.markdown(judgement.sentence)
    st.page_link(case.entry.path, label=f"{app['ruling.see']} {case.entry.words['question']}",
                 icon=case.entry.words["icon"], query_params=case.config.query())  # fmt: skip


def _counts(found: list[tuple[Case, Judgement]]) -> dict[str, int]:
    return {ruling: sum(j.ruling == ruling for _, j in found) for ruling in RULINGS}


def _chart(words: Words, found: list[tuple[Case, Judgement]]) -> None:
    """Draw how many claims of each section are right, wrong and so on, with all of them in a table."""
    app = load("app")
    by_section = {
        number: _counts([f for f in found if f[0].entry.words["section"] == number]) for number in sections()
    }
    rows = [app[f"sections.{number}.title"] for number in by_section]
    values = [[counts[ruling] for ruling in RULINGS] for counts in by_section.values()]
    drawn = figures.stacks(
        values, rows, [words[f"rulings.{r}"] for r in RULINGS], **words.some("figures.counts", "x", "hover")
    )
    table = [
        {
            "question": c.entry.words["question"],
            "claim": c.claim["claim"],
            "whose": c.claim["whose"],
            "ruling": j.ruling,
        }
        for c, j in found
    ]
    chart(drawn, words, "counts", numbers=_counts(found), table=table)
