"""The page of a reader's own network: a file of weights goes in, sentences with their controls come out.

Without a file, one of the app's own networks is examined: the machinery of the questions' pages trains it.
"""

import hashlib
import html
from typing import Any

import streamlit as st

from lib import figures, takeaway
from lib.types import Numbers
from lib.ui import address, elements, training
from lib.ui.controls import controls
from lib.ui.frame import head
from lib.ui.grid import side_by_side
from lib.ui.stage import on_a_phone
from lib.ui.task import drawing
from lib.ui.upload import Own
from lib.words import Words, load
from lib.your_network import saying
from lib.your_network.config import YourNetwork
from lib.your_network.contract import FAULT, File, Finding
from lib.your_network.question import Refusal, asking
from lib.your_network.report import Report, Shape

MEGABYTES = 100
ENDINGS = ("safetensors", "pt", "pth", "ckpt", "bin", "npz", "npy", "onnx")
ROWS = 6  # layers in the first picture
ACROSS = 8  # filters in a row
MARKS = "\\`*_{}[]()<>#+-.!|~$:&"


def yours(file: str) -> None:
    """Draw the page."""
    drawing()
    words = head(file).words
    panel, stage = st.columns([1, 2.2], gap="medium")
    with panel.container(key="panel"):
        said = st.container(key="verdict")
        with st.container(key="controls"):
            own = _brought(words)
            config = controls(words, asking(), first=("specimen",)) if own is None else YourNetwork()
            copy = st.empty()
    hero, rest = stage.container(key="hero"), stage.container(key="rest")
    with hero:
        address.notice(config)
        found = training.answer(words, asking(len(own.numbers.content) if own else 0), config, own).result
    if isinstance(found, Refusal):
        said.error(saying.refusal(words, found.key, found.numbers, as_text), icon="📄")
    else:
        with said:
            _verdict(words, found)
        with hero:
            _hero(words, found)
        with rest:
            _drawn(words, found)
    with copy.container():
        address.write(config, False)


def _brought(words: Words) -> Own | None:
    """Offer to bring a file; what it holds stays in this session."""
    file = st.file_uploader(
        words["upload.label"], type=list(ENDINGS), help=words["upload.help"], key="upload_your_network",
        max_upload_size=MEGABYTES,
    )  # fmt: skip
    if file is None:
        st.session_state.pop(training.PRIVATE, None)
        return None
    content = file.getvalue()
    return Own(File(file.name, content), hashlib.sha256(content).hexdigest())


def _verdict(words: Words, found: Report) -> None:
    """Say whether something looks wrong, and what was examined."""
    faults = [finding for finding in found.findings if finding.weight >= FAULT]
    top = saying.finding(words, faults[0], as_text) if faults else ""
    key = "none" if not found.weights else "faults" if faults else "sound"
    numbers: Numbers = {"count": len(faults), "layers": found.layers, "weights": found.weights}
    numbers["claim"] = saying.claim(top)
    claim, _, line = words.say(f"verdict.{key}", **numbers).partition("\n\n")
    st.markdown(claim)
    st.markdown(line)


def _drawn(words: Words, found: Report) -> None:
    _findings(words, "faults", [finding for finding in found.findings if finding.weight >= FAULT])
    _findings(words, "measured", [finding for finding in found.findings if finding.weight < FAULT])
    _file(words, found)
    _one_layer(words, found)
    _take_away(words, found)
    elements.why(words)
    elements.sources(words)


def _hero(words: Words, found: Report) -> None:
    """The first layers, of those that the findings speak of first; in the order of the file."""
    chosen = {shape.layer for shape in found.shapes[:ROWS]}
    order = list(dict.fromkeys(found.table()["layer"])) if len(found.table()) else []
    shown = sorted(found.shapes[:ROWS], key=lambda shape: order.index(shape.layer) if shape.layer in order else 0)
    if not chosen:
        return
    st.subheader(words["figures.layers.title"], anchor=False)
    numbers: dict[str, Any] = {"shown": len(shown), "layers": len(found.shapes)}
    numbers["ends"] = ", ".join(words.say("figures.layers.end", layer=s.layer, share=s.negative) for s in shown)
    elements.chart(_histograms(words, shown), words, "layers", numbers=numbers)
    st.caption(words.say("figures.layers.sentence", **numbers))


def _histograms(words: Words, shown: list[Shape]) -> Any:
    say = words.say
    return figures.examined(
        shown[0].edges, [s.density for s in shown], [s.outline for s in shown], [_short(s.layer) for s in shown],
        **words.some("figures.layers", "x", "y", "hover", "start"),
        counters=[
            (say("figures.layers.below", share=s.negative), say("figures.layers.above", share=s.positive))
            for s in shown
        ],
    )  # fmt: skip


def _short(name: str) -> str:
    """A layer's name above its picture, in which Plotly would take what looks like a tag for one, a link too."""
    return html.escape(name if len(name) <= 40 else f"…{name[-39:]}", quote=False)


def _findings(words: Words, part: str, found: list[Finding]) -> None:
    """Each finding as a sentence, with the page that explains it."""
    if not found:
        return
    st.subheader(words[f"parts.{part}"], anchor=False)
    for column, finding in side_by_side(found):
        with column.container(border=True, height="stretch"):
            st.markdown(saying.finding(words, finding, as_text))
            if finding.question:
                asked = load(finding.question)
                st.markdown(f":small[[{asked['icon']} {asked['question']}](./{finding.question})]")


def as_text(text: str) -> str:
    """A text from a file in which no sign means anything to Markdown."""
    return "".join(f"\\{sign}" if sign in MARKS else sign for sign in text if sign.isprintable())


def _file(words: Words, found: Report) -> None:
    """What the file is, and what in it was left out."""
    lines = list(saying.about_file(words, found, as_text))
    if lines:
        st.subheader(words["parts.file"], anchor=False)
        st.markdown("\n".join(f"- {line}" for line in lines))


def _one_layer(words: Words, found: Report) -> None:
    """One layer that the reader picks: its histogram, and its filters where they are pictures."""
    if not found.shapes:
        return

    @st.fragment
    def draw() -> None:
        st.subheader(words["parts.layer"], anchor=False)
        names = [shape.layer for shape in found.shapes]
        picked = st.selectbox(words["parts.pick"], names, key="your_layer", label_visibility="collapsed")
        shape = next(s for s in found.shapes if s.layer == picked)
        numbers = {"layer": shape.layer, "share": shape.negative, "rms": shape.rms}
        elements.chart(_histograms(words, [shape]), words, "layer", numbers=numbers)
        if shape.filters is not None:
            st.caption(words.say("figures.filters.title", count=len(shape.filters)))
            sheet = figures.mosaic(shape.filters.mean(3)[None], columns=ACROSS)
            heat = figures.heatmap(sheet, [0], x="", y="", **words.some("figures.filters", "hover", "value"), step="",
                                   ticks=False)  # fmt: skip
            if on_a_phone():
                figures.narrow(heat)
            elements.chart(heat, words, "filters", numbers={"count": len(shape.filters), "layer": shape.layer})

    draw()


def _take_away(words: Words, found: Report) -> None:
    app = load("app")
    st.subheader(app["page.take_away"], anchor=False)
    stem = found.name.rpartition("/")[2].partition(".")[0] if found.name else takeaway.name(found.config)
    with st.container(horizontal=True):
        st.download_button(
            app["share.csv"], lambda: found.table().to_csv(index=False), f"{stem}-layers.csv", "text/csv",
            icon="📄", on_click="ignore",
        )  # fmt: skip
        if found.file:
            st.download_button(
                app["share.network"], found.file, f"{stem}.safetensors", "application/octet-stream", icon="🧠",
                on_click="ignore",
            )  # fmt: skip
        with st.popover(app["share.columns"], icon="📋"):
            st.markdown("\n".join(f"- `{name}`: {text}" for name, text in takeaway.columns(words, found).items()))
    with st.expander(words["parts.table"]):
        st.dataframe(found.table(), hide_index=True)
