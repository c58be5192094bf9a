"""The parts of a page: verdict, charts, claims, explanations."""

from typing import Any

import streamlit as st

from lib.question import Answer
from lib.ui import pins
from lib.ui.grid import side_by_side
from lib.words import Words, condition, load, ruling

GUESSING = "guessing"
CHART_KEY = "chart_"
CHART = {"displaylogo": False, "displayModeBar": "hover", "modeBarButtonsToRemove": ["select2d", "lasso2d"]}

# What Streamlit says of a chart that answers clicks when it draws it again: said at once, it need not (redraw.py).
CLICKED = {"clickmode": "event+select", "dragmode": "pan", "hovermode": "closest"}


def chart(
    drawn: Any, words: Words, name: str, *, numbers: dict[str, Any], table: Any = None, part: str = "",
    select: bool = False, file: str = "",
) -> Any:  # fmt: skip
    """Show a figure, with a description for those who do not see it and its numbers in a table.

    `part` tells several charts of one name apart; `file` begins the name of the picture that its camera saves. With
    `select`, return the points that were clicked (dicts).
    """
    pins.drawn(drawn, f"{name}{part}", words)
    config = CHART | {"toImageButtonOptions": {"filename": f"{file or words.slug}-{name}{part}", "scale": 2}}
    more: dict[str, Any] = {"on_select": "rerun", "selection_mode": "points"} if select else {}
    if select:
        drawn.update_layout(CLICKED)
    alt = words.say(f"figures.{name}.alt", **numbers)
    event = st.plotly_chart(drawn, width="stretch", key=f"{CHART_KEY}{name}{part}", config=config, alt=alt, **more)
    if table is not None:
        table_of_numbers(table)
    return event["selection"]["points"] if select else None


def clicked(name: str) -> list[dict[str, Any]]:
    """Return the points that a reader has clicked in a chart with `select`, for what is drawn before it or in it."""
    return list(st.session_state.get(f"{CHART_KEY}{name}", {}).get("selection", {}).get("points", []))


def table_of_numbers(table: Any) -> None:
    """Show a figure's numbers, folded away."""
    with st.expander(load("app")["page.numbers"]):
        st.dataframe(table, hide_index=True)


def guess_toggle() -> bool:
    """Draw the switch that asks for a guess first; a link may have set it."""
    app = load("app")
    if "guess" not in st.session_state:
        linked = st.query_params.get("guess")
        st.session_state["guess"] = st.session_state.get(GUESSING, False) if linked is None else linked == "true"
    wanted = st.toggle(
        app["page.guess_toggle"], st.session_state["guess"], key="guess", help=app["page.guess_help"]
    )  # the value that it has: see controls.py
    st.session_state[GUESSING] = wanted  # for the next page: a widget's own state does not outlive it
    return wanted


def guess(words: Words) -> bool:
    """Ask for a guess where the answer will stand; return whether there is one, or none is asked for."""
    app = load("app")
    if "guess" not in words.table:
        return True
    key = f"guess_{words.slug}"
    if key not in st.session_state:
        st.markdown(f"**{words['guess.question']}**")
        with st.container(horizontal=True, gap="small"):
            for option in (*words["guess.options"], app["page.guess_skip"]):
                st.button(option, key=f"{key}_{option}", on_click=_guessed, args=(key, option))
        return False
    if st.session_state[key] != app["page.guess_skip"]:
        st.caption(app.say("page.guessed", guess=st.session_state[key]))
    return True


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
    app, told = load("app"), condition(claim, key)
    return str(app.say("ruling.only_if", condition=told) if told else app[f"ruling.{ruling(claim, key)}"])


def why(words: Words) -> None:
    """Explain: formula and short text."""
    st.subheader(load("app")["page.why"], anchor=False)
    st.markdown(words["why.text"])


def sources(words: Words) -> None:
    """List where facts and claims come from."""
    st.subheader(load("app")["page.sources"], anchor=False)
    st.markdown("\n".join(f"- [{item['text']}]({item['url']})" for item in words["sources"]))
