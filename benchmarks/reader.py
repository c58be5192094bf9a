"""A reader without a browser: a real session over Streamlit's own protocol (a websocket with protobuf messages)."""

import itertools
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

PATIENCE = 300.0  # seconds that a reader waits for an answer
IGNORED = ("navigation", "session_status_changed")


@dataclass
class Answer:
    """What one run of the page's script sent: seconds until its first figure and its end, bytes, texts, figures."""

    figure: float
    end: float
    size: int
    texts: list[str]
    figures: list[str]  # as Plotly's JSON, with the numbers in it


class Reader:
    """One session: opens a page, presses buttons, leaves."""

    def __init__(self, address: str, cookie: str = "") -> None:
        """Connect to the server at `address`, http://host:port, as a browser of its own unless given a `cookie`."""
        place = address.replace("http://", "ws://") + "/_stcore/stream"
        self.stack = ExitStack()
        connection = connect(
            place,
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            open_timeout=60,
            close_timeout=0.5,  # a closed tab does not listen to the end either
            additional_headers={"Cookie": cookie or f"_streamlit_xsrf={uuid.uuid4().hex}"},
        )
        self.socket = self.stack.enter_context(connection)
        self.buttons: dict[str, str] = {}  # label: the widget's id
        self.controls: dict[str, str] = {}  # the widget's key: its id
        self.moved: dict[str, str] = {}  # the widget's id: the option that was chosen
        self.page, self.query = "", ""

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave."""
        self.leave()

    def leave(self) -> None:
        """Close the connection, as a closed tab does."""
        self.stack.close()

    def open(self, page: str, query: str = "") -> Answer:
        """Open a page by its address, '' for home; a session that is on the page already keeps its controls."""
        self.page, self.query = page, query
        return self.run()

    def press(self, label: str) -> Answer:
        """Press a button and wait for the page that it leads to."""
        return self.run(self.buttons[label])

    def move(self, key: str, option: str) -> Answer:
        """Choose an option of a control (a slider over options, or a row of buttons) and wait for the page."""
        self.moved[self.controls[key]] = option
        return self.run()

    def ask(self, pressed: str = "") -> None:
        """Ask for a run of the script, without waiting."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        for control, option in self.moved.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = control
            state.string_array_value.data.append(option)
        if pressed:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        self.socket.send(message.SerializeToString())

    def run(self, pressed: str = "") -> Answer:
        """Ask for a run and wait until it has ended."""
        begun = time.perf_counter()
        self.ask(pressed)
        return self.listen(begun, lambda _: False)

    def interrupt(self, after: float, query: str) -> Answer:
        """Ask for the page, and `after` seconds later for other settings; the answer to these, timed from then."""
        self.ask()
        until = time.monotonic() + after
        while (left := until - time.monotonic()) > 0:
            with suppress(TimeoutError):
                self.socket.recv(timeout=left)
        self.query, begun = query, time.perf_counter()
        self.ask()
        return self.listen(begun, lambda _: False)

    def listen(self, begun: float, enough: Callable[[ForwardMsg], bool]) -> Answer:
        """Collect messages until the run has ended or one is `enough`."""
        figure, size, started = float("nan"), 0, False
        texts: list[str] = []
        figures: list[str] = []
        for count in itertools.count():
            raw = self.socket.recv(timeout=PATIENCE)
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            size += len(raw)
            started |= message.HasField("new_session")
            element = message.delta.new_element if message.HasField("delta") else None
            if element is not None:
                self._note(element, texts, figures)
            if figures and figure != figure:
                figure = time.perf_counter() - begun
            ended = message.HasField("script_finished") and started
            if ended or enough(message):
                return Answer(figure, time.perf_counter() - begun, size, texts, figures)
            assert count < 100_000
        raise AssertionError("unreachable")

    def _note(self, element: Any, texts: list[str], figures: list[str]) -> None:
        """Note buttons, controls, texts and figures."""
        kind = element.WhichOneof("type")
        if kind in ("slider", "button_group"):
            widget = getattr(element, kind).id
            self.controls[widget.split("-", 2)[-1]] = widget  # $$ID-hash-key
        if kind == "button":
            self.buttons[element.button.label] = element.button.id
        if kind == "markdown":
            texts.append(element.markdown.body)
        if kind == "progress":
            texts.append(element.progress.text)
        if kind == "plotly_chart":
            figures.append(element.plotly_chart.spec)
