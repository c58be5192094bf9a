"""The fact check: every claim of every question's words, judged by a run, and where to see that run."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from lib.config import Config
from lib.question import Verdict, find
from lib.ui import address
from lib.ui.background import verdicts
from lib.ui.claims_table import STYLE, Line, table
from lib.ui.frame import Entry, sections
from lib.words import Words, condition, load, plain, ruling

RULINGS = ("right", "depends", "wrong", "open")
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

    @property
    def thread(self) -> str:
        """What the page's filter calls the thread that it comes from: its section's number, or 'elsewhere'."""
        return "elsewhere" if self.elsewhere else str(self.entry.words["section"])


class Judgement(NamedTuple):
    """A ruling (one of RULINGS), its condition if it has one, and the claim and the numbers that settle it."""

    ruling: str
    condition: str
    claim: str
    numbers: str


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
    return Judgement(ruling(case.claim, key), condition(case.claim, key), plain(parts.claim), plain(parts.line))


def facts(words: Words) -> None:
    """Draw the page: all claims at once, each judged as soon as its run is there."""
    with st.container(horizontal=True):
        picked = _filter(words, "ruling", {name: words[f"rulings.{name}"] for name in RULINGS})
        thread = _filter(words, "thread", words["threads"])
        query = {name: value for name, value in {"ruling": picked, "thread": thread}.items() if value != ALL}
        address.link("fact_check", query, query)
    top = st.container(key="verdict").empty()
    st.html(STYLE)
    shown = [case for case in cases() if thread in (ALL, case.thread)]
    tables = {name: (list(group), st.empty()) for name, group in groupby(shown, key=lambda case: case.thread)}
    found: dict[int, Judgement] = {}
    for name in tables:
        _draw(words, tables, name, found, picked)
    for config, group in groupby(shown, key=lambda case: case.config):
        together = list(group)
        top.markdown(words.say("progress", done=len(found), total=len(shown)))
        got = verdicts(find(config.slug()), config, top)
        found |= {id(case.claim): _judgement(case, got, words) for case in together}
        for name in {case.thread for case in together}:
            _draw(words, tables, name, found, picked)
    top.markdown(words.say("verdict.counts", **_counts(found), total=len(found)))


def _filter(words: Words, name: str, options: dict[str, str]) -> str:
    """Draw a filter that the address may set; what the address holds are identifiers, so it is not bound."""
    labels = {ALL: words["all"]} | options
    if name not in st.session_state:
        linked = st.query_params.get(name)
        st.session_state[name] = linked if linked in labels else ALL
    return str(
        st.segmented_control(
            words[f"filters.{name}"], list(labels), default=st.session_state[name], key=name, required=True,
            wrap=True, format_func=labels.__getitem__, label_visibility="collapsed",
        )
    )  # fmt: skip


def _judgement(case: Case, got: dict[str, Verdict] | None, words: Words) -> Judgement:
    return judged(case, got) if got else Judgement("open", "", load("app")["training.failed"], "")


def _draw(words: Words, tables: Any, name: str, found: dict[int, Judgement], picked: str) -> None:
    """Draw one thread's table, without the claims of other rulings than the one that is picked."""
    listed, slot = tables[name]
    lines = [
        _line(words, case, judgement)
        for case in listed
        for judgement in [found.get(id(case.claim))]
        if judgement is None or picked in (ALL, judgement.ruling)
    ]
    heads = words.some("columns", "claim", "ruling", "said", "open")
    first = name == next(iter(tables))
    if lines:
        slot.html(table(lines, words[f"threads.{name}"], heads, first))
    else:
        slot.empty()


def _line(words: Words, case: Case, judgement: Judgement | None) -> Line:
    own, claim = case.entry.words, case.claim
    whose = words.say("whose", whose=claim["whose"])
    link = f"./{own.slug}?{urlencode(case.config.query())}"
    if judgement is None:
        return Line(claim["claim"], whose, "", words["waiting"], "", "", link, own["title"])
    told = words.say("only_if", condition=judgement.condition) if judgement.condition else ""
    numbers = " ".join(part for part in (told, judgement.numbers or judgement.claim) if part)
    return Line(
        claim["claim"], whose, judgement.ruling, words[f"marks.{judgement.ruling}"], numbers,
        judgement.claim, link, own["title"],
    )  # fmt: skip


def _counts(found: dict[int, Judgement]) -> dict[str, int]:
    return {name: sum(judgement.ruling == name for judgement in found.values()) for name in RULINGS}
