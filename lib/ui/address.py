"""The page's address: read when the reader arrives, and kept in step by the browser.

It holds identifiers, never labels, and one mechanism serves settings, pin, picture, what is pointed at, and guess.
The server only reads: what it would write itself is pushed onto the history and redraws the page. After each run a
component replaces the address (`history.replaceState`), so Back leads to the page before, and not to the move before.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

import streamlit as st

from lib.config import Config
from lib.ui.presenting import NAME, presenting
from lib.words import load

EXTRAS = ("pin", "picture", "at")
RECENT = 20  # addresses of a page that a session remembers
NOTICE, SEEN, KEPT, EXTRA = "address_notice", "address_seen", "address_kept", "address_extra"
GIVEN, COUNT = "address_given", "address_count"
HTML = '<button type="button"></button><span role="status"></span>'
CSS = """
:host { display: block; }
button {
  font: inherit; font-size: 0.875rem; color: inherit; background: transparent; cursor: pointer;
  min-height: 2.5rem; padding: 0.25rem 0.75rem;
  border: 1px solid var(--st-border-color, #8888); border-radius: 0.5rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color, #1b66b8); }
button:focus-visible { outline: 2px solid var(--st-primary-color, #1b66b8); outline-offset: 2px; }
span { display: block; font-size: 0.8rem; min-height: 1.2em; }
"""
# A frame of another site may not use the clipboard: there a selected field is copied, as browsers have always let.
JS = """
export default function ({ parentElement, data }) {
  const own = location.pathname.replace(/\\/$/, "").split("/").pop();
  if (own === data.page) {
    const query = new URLSearchParams(data.query);
    for (const [key, value] of new URLSearchParams(location.search))
      if (key.startsWith("embed")) query.append(key, value);
    const text = query.toString();
    history.replaceState(history.state, "", location.pathname + (text ? "?" + text : "") + location.hash);
  }
  const button = parentElement.querySelector("button"), told = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  button.title = data.help;
  const link = location.origin + location.pathname.replace("/~/+", "") + "?" + new URLSearchParams(data.link);
  const typed = () => {
    const field = document.createElement("textarea");
    field.value = link;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  button.onclick = async () => {
    const copied = await navigator.clipboard?.writeText(link).then(() => true, () => typed()) ?? typed();
    told.textContent = copied ? data.copied : link;
    button.focus();
  };
}
"""
_component = st.components.v2.component("address", html=HTML, css=CSS, js=JS)
QUIET = 400  # milliseconds without a move in a view, after which the page is drawn again with what it points at
SETTLING = """
export default function ({ data, setTriggerValue }) {
  const timer = setTimeout(() => setTriggerValue("settled", data.at), data.quiet);
  return () => clearTimeout(timer);
}
"""
_settling = st.components.v2.component("settling", js=SETTLING)


def arrive(config_class: type[Config]) -> None:
    """Set the controls to what the reader came with: the address's settings, or those that the session has kept.

    What is not offered falls back to the default, and is noted for `notice`.
    """
    now, seen, slug = _query(), st.session_state.setdefault(SEEN, {}), config_class.slug()
    keys = [config_class.key(item.name) for item in config_class.choices()]
    catch_up(slug)
    new = any(key not in st.session_state for key in keys)  # another page's controls are forgotten by Streamlit
    carried = _carried(slug, None if new else {key: st.session_state[key] for key in keys})
    came = now
    if new:
        st.session_state.get(GIVEN, {}).pop(slug, None)
    if new and carried:
        now = tuple(sorted((key, tuple(values)) for key, values in parse_qs(carried).items() if key != COUNT))
    if not new and now in seen.get(slug, ()):
        return
    seen[slug] = [came, now]
    given = _named(config_class, dict(now))
    extras = {name: values[0] for name, values in now if name in EXTRAS}
    if not given and not extras and new:
        _set(config_class, st.session_state.setdefault(KEPT, {}).get(slug, {}))
        return
    st.session_state.setdefault(EXTRA, {})[slug] = extras
    st.session_state[NOTICE] = (slug, _set(config_class, given))


def _carried(slug: str, settings: dict[str, str] | None) -> str:
    """Have the browser carry the settings in a field that nobody sees; return what it carried.

    When a page is connected anew, to a server that knows nothing of it, Streamlit's browser side sends the address
    that the reader came with, and the fields as they are now.
    """
    key = f"carried_{slug}"
    if settings is not None:
        st.session_state[key] = urlencode(settings | extras(slug) | {COUNT: st.session_state.get(COUNT, 0)})
    with st.container(key="carried"):
        return str(st.text_input(key, key=key, label_visibility="collapsed"))


def give(config_class: type[Config], settings: Mapping[str, str]) -> None:
    """Set controls, by their names, for the reader: what a button or a click in a picture asks for.

    A browser that asks for something else before it has heard of it reports the controls as they were. So what was
    given is given again, until the browser carries its number or the reader has moved that control.
    """
    slug = config_class.slug()
    catch_up(slug)
    given = st.session_state.setdefault(GIVEN, {}).setdefault(slug, {})
    count = st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1
    for name, value in settings.items():
        key = config_class.key(name)
        before = given[key][1] if key in given else st.session_state.get(key)
        st.session_state[key] = value
        given[key] = (count, before, value)


def catch_up(slug: str) -> None:
    """Give again what the browser had not heard of when it asked for this run."""
    known = parse_qs(str(st.session_state.get(f"carried_{slug}", ""))).get(COUNT, ["0"])[0]
    given = st.session_state.get(GIVEN, {}).get(slug, {})
    for key, (count, before, value) in list(given.items()):
        if (known.isdecimal() and int(known) >= count) or st.session_state.get(key) not in (before, value):
            del given[key]
        else:
            st.session_state[key] = value


def _query() -> tuple[tuple[str, tuple[str, ...]], ...]:
    keys = [key for key in st.query_params if not key.startswith("embed")]
    return tuple(sorted((key, tuple(st.query_params.get_all(key))) for key in keys))


def _named(config_class: type[Config], query: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The settings of an address by their names, known or not; typed by hand they may come without the prefix."""
    prefix, names = f"{config_class.__name__}.", {item.name for item in config_class.choices()}
    bare = {key: values for key, values in query.items() if key in names}
    return bare | {key.removeprefix(prefix): values for key, values in query.items() if key.startswith(prefix)}


def _set(config_class: type[Config], given: Mapping[str, Any]) -> list[str]:
    """Put settings into the controls; return the names of those that are not offered, '' for an unknown one."""
    refused = [""] if any(name not in {c.name for c in config_class.choices()} for name in given) else []
    for item in config_class.choices():
        values = given.get(item.name, (str(item.default),))
        fits = len(values) == 1 and values[0] in map(str, item.among)
        st.session_state[config_class.key(item.name)] = values[0] if fits else str(item.default)
        refused += [] if fits else [item.name]
    return refused


def notice(config: Config) -> None:
    """Say which settings of the address were not understood, until a control moves."""
    slug, refused = st.session_state.get(NOTICE, ("", []))
    if slug != config.slug() or not refused:
        return
    app = load("app")
    # Only names of our own are repeated on the page: the rest of the text is a stranger's.
    names = sorted(name or app["controls.unknown"] for name in refused)
    st.warning(app.say("controls.notice", names=", ".join(names)), icon="⚠️")


def keep(config: Config) -> None:
    """Remember the settings, for when the reader comes back from another page; a move ends the notice."""
    kept = st.session_state.setdefault(KEPT, {})
    now = {item.name: (str(getattr(config, item.name)),) for item in config.choices()}
    if kept.get(config.slug(), now) != now and st.session_state.get(NOTICE, ("",))[0] == config.slug():
        del st.session_state[NOTICE]
    kept[config.slug()] = now


def extras(slug: str) -> dict[str, str]:
    """Return what the address holds besides settings, by name (`EXTRAS`); what is put into it stays."""
    found: dict[str, str] = st.session_state.setdefault(EXTRA, {}).setdefault(slug, {})
    return found


def settled(slug: str) -> bool:
    """Have the browser tell when what the address holds besides settings has not changed for a while; whether it has.

    Told at every move, a control of a view that is moved on and on would wait for the whole page each time.
    """
    now = urlencode(extras(slug))
    with st.container(key="settling"):
        told = _settling(key="settled", data={"at": now, "quiet": QUIET}, on_settled_change=lambda: None)
    return bool(told.settled == now)


def write(config: Config, guess: bool) -> None:
    """Draw the button that copies the link with every setting; the browser's address gets those not at default."""
    more = extras(config.slug())
    usual = type(config)().query()
    short = {key: value for key, value in config.query().items() if value != usual[key]} | more
    short |= {"guess": "true"} if guess else {}
    short |= {NAME: "true"} if presenting() else {}
    seen = st.session_state[SEEN].setdefault(config.slug(), [])
    seen.append(tuple(sorted((key, (value,)) for key, value in short.items())))
    del seen[:-RECENT]  # the browser comes back with what it was given last, or just before: that is no arrival
    link(config.slug(), short, config.query() | more)


def link(page: str, query: dict[str, str], whole: dict[str, str]) -> None:
    """Draw the button that copies a page's link with the `whole` query; the browser's address gets `query`."""
    app = load("app")
    _component(
        key="address",
        data={
            "page": page, "query": urlencode(query), "link": urlencode(whole),
            "label": app["share.copy"], "help": app["share.copy_help"], "copied": app["share.copied"],
        },
    )  # fmt: skip
