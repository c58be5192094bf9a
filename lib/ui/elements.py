"""The parts of a page: verdict, charts, claims, explanations."""

from typing import Any

import streamlit as st

from lib.question import Answer
from lib.ui import pins
from lib.ui.grid import side_by_side
from lib.words import Words, load

CHART = {"displaylogo": False, "displayModeBar": "hover", "modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def verdict(words: Words, answer: Answer[Any], *, name: str = "main") -> None:
    """Say what the run shows, in large type, with the reader's own numbers."""
    with st.container(key="verdict"):
        st.markdown(words.verdict(name, *answer.verdicts[name]))


def finding(words: Words, answer: Answer[Any], name: str) -> None:
    """Say one of the run's other findings."""
    st.markdown(words.verdict(name, *answer.verdicts[name]))


def heading(words: Words, name: str, **numbers: Any) -> None:
    """Show a figure's title and its sentence."""
    st.subheader(words[f"figures.{name}.title"], anchor=False)
    st.caption(words.say(f"figures.{name}.sentence", **numbers))


def chart(drawn: Any, words: Words, name: str, *, numbers: dict[str, Any], table: Any = None, part: str = "") -> None:
    """Show a figure, with a description for those who do not see it and its numbers in a table.

    `part` tells several charts of one name apart.
    """
    pins.drawn(drawn, f"{name}{part}", words)
    config = CHART | {"toImageButtonOptions": {"filename": f"{words.slug}_{name}", "scale": 2}}
    alt = words.say(f"figures.{name}.alt", **numbers)
    st.plotly_chart(drawn, width="stretch", key=f"chart_{name}{part}", config=config, alt=alt)
    if table is not None:
        with st.expander(load("app")["page.numbers"]):
            st.dataframe(table, hide_index=True)


def figure(
    drawn: Any, words: Words, name: str, *, numbers: dict[str, Any], table: Any = None, part: str = ""
) -> None:
    """Show a figure under its title and sentence; `numbers` are what its texts may name."""
    heading(words, name, **numbers)
    chart(drawn, words, name, numbers=numbers, table=table, part=part)


def guess(words: Words) -> None:
    """Ask for a guess first, if the reader or the link wants that; ends the page's run until there is one."""
    app = load("app")
    wanted = st.sidebar.toggle(
        app["page.guess_toggle"], key="guess", help=app["page.guess_help"], bind="query-params"
    )
    if not wanted or "guess" not in words.table:
        return
    key = f"guess_{words.slug}"
    if key not in st.session_state:
        st.markdown(f"**{words['guess.question']}**")
        with st.container(horizontal=True):
            for option in (*words["guess.options"], app["page.guess_skip"]):
                st.button(option, key=f"{key}_{option}", on_click=_guessed, args=(key, option))
        st.stop()
    if st.session_state[key] != app["page.guess_skip"]:
        st.caption(app.say("page.guessed", guess=st.session_state[key]))


def _guessed(key: str, option: str) -> None:
    st.session_state[key] = option


def claims(words: Words, answer: Answer[Any]) -> None:
    """Judge what people say by this run: a card per claim."""
    app = load("app")
    st.subheader(app["page.claims"], anchor=False)
    st.caption(app["page.claims_text"])
    said = sorted(words["claims"], key=lambda claim: claim.get("origin") == "elsewhere")  # the threads' first
    for column, claim in side_by_side(said):
        found = answer.verdicts[claim["entry"]]
        with column.container(border=True, height="stretch"):
            st.markdown(f"“{claim['claim']}”")
            st.caption(claim["whose"])
            st.markdown(f"**{ruled(claim, found.key)}**")


def ruled(claim: dict[str, Any], key: str) -> str:
    """Return what a verdict's key says about a claim: right, wrong, not settled, or right only on its condition."""
    app, ruling = load("app"), claim["ruling"][key]
    told = claim.get("only_if", "") if ruling == "depends" else ""
    condition = told if isinstance(told, str) else told[key]  # one for all ways, or one for each
    return str(app.say("ruling.only_if", condition=condition) if condition else app[f"ruling.{ruling}"])


def why(words: Words) -> None:
    """Explain: formula and short text."""
    st.subheader(load("app")["page.why"], anchor=False)
    st.markdown(words["why.text"])


def sources(words: Words) -> None:
    """List where facts and claims come from."""
    st.subheader(load("app")["page.sources"], anchor=False)
    st.markdown("\n".join(f"- [{item['text']}]({item['url']})" for item in words["sources"]))
