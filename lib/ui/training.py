"""From a config to its result: cached, shared between readers, with progress, a stop, and fair turns.

A moved control abandons the old training at once: `progress` reads the session state, where Streamlit ends a script
that is out of date. Two readers who ask for the same train once. Nothing here imports torch before the words and
controls are on the screen.
"""

import contextvars
import gc
import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st

from lib.config import Config
from lib.turns import Turns
from lib.ui.controls import AGAIN
from lib.ui.parts import sources, why
from lib.words import Words, load

SHOW_AFTER = 0.4  # seconds until a training shows its progress
DRAW_EVERY = 0.12  # seconds between two drawings of the bar
ENTRIES, SIZE = 200, "200mb"  # of all results kept for all readers: a small cloud machine has about 1 GB
STOPPED = "stopped_training"

Progress = Callable[[int, int], None]


class Desk:
    """What all readers of this server share."""

    def __init__(self) -> None:
        """Two places on two cores: torch leaves Python's lock while it computes."""
        self.turns = Turns(min(2, os.cpu_count() or 1))
        self.running: set[object] = set()
        self.modules = 0


@st.cache_resource(show_spinner=False)
def _desk() -> Desk:
    return Desk()


def answer(words: Words, module: ModuleType, config: Config) -> Any:
    """Return `module.run(config)`, from the cache or trained now; ends the page's run if it was stopped or failed."""
    app = load("app")
    if st.session_state.get(STOPPED, {}).get("config") == config:
        _stopped_page(words, app)
    slot = st.empty()
    if "torch" not in sys.modules:
        slot.caption(app["training.cold"])
    elif (config, module.__name__) in _desk().running:
        slot.caption(app["training.shared"])
    try:
        result = _cached(module.__name__, config, _fingerprint(module), _Task(module, config, slot))
        if st.session_state.pop(AGAIN, False):
            result = _compared(result, _Task(module, config, slot, stop="stop_again")(), app)
    except Exception:
        logging.getLogger(__name__).exception("a training failed: %s", config)
        slot.error(app["training.failed"])
        _bottom(words)
    slot.empty()
    _settle()
    return result


@st.cache_data(max_entries=ENTRIES, max_size=SIZE, show_spinner=False)
def _cached(name: str, config: Config, fingerprint: str, _task: "_Task") -> Any:
    return _task()


class _Task:
    """One training in one reader's session."""

    def __init__(self, module: ModuleType, config: Config, slot: Any, *, stop: str = "stop") -> None:
        # Two trainings of one run (the second to compare) may both show a stop button: each its own key.
        self.module, self.config, self.slot, self.stop = module, config, slot, stop
        # Drawn in the context outside the cached function, the bar is neither recorded nor replayed by the cache.
        self.outside = contextvars.copy_context()
        self.begun = self.drawn = time.monotonic()
        self.bar: Any = None

    def __call__(self) -> Any:
        desk, key = _desk(), (self.config, self.module.__name__)
        desk.running.add(key)
        try:
            with desk.turns.turn(self._waiting) as pass_on:
                return self.module.run(self.config, progress=self._progress(pass_on))
        finally:
            desk.running.discard(key)

    def _progress(self, pass_on: Callable[[], None]) -> Progress:
        app = load("app")

        def progress(done: int, total: int) -> None:
            _yield_point()
            pass_on()
            share = done / total
            st.session_state.setdefault("training_share", {})["share"] = share
            self._draw(share, app.say("training.running", share=share))

        return progress

    def _waiting(self) -> None:
        _yield_point()
        self._draw(0.0, load("app")["training.waiting"])

    def _draw(self, share: float, text: str) -> None:
        now = time.monotonic()
        if now - self.begun < SHOW_AFTER or now - self.drawn < DRAW_EVERY:
            return
        self.drawn = now
        self.outside.run(self._bar, share, text)

    def _bar(self, share: float, text: str) -> None:
        if self.bar is None:
            box = self.slot.container()
            self.bar = box.progress(share, text)
            box.button(load("app")["training.stop"], key=self.stop, icon="⏹️", on_click=_stop,
                       args=(self.config,))  # fmt: skip
        self.bar.progress(share, text)


def _yield_point() -> None:
    """Let Streamlit end this script if a control has moved: it looks whenever the session state is read."""
    _ = "heartbeat" in st.session_state


def _stop(config: Config) -> None:
    share = st.session_state.get("training_share", {}).get("share", 0.0)
    st.session_state[STOPPED] = {"config": config, "share": share}


def _stopped_page(words: Words, app: Words) -> None:
    st.info(app.say("training.stopped", share=st.session_state[STOPPED]["share"]), icon="⏹️")
    st.button(
        app["training.train"],
        key="train",
        type="primary",
        on_click=st.session_state.pop,
        args=(STOPPED, None),
    )
    _bottom(words)


def _bottom(words: Words) -> None:
    """End the page without a result: what does not depend on one stays."""
    why(words)
    sources(words)
    st.stop()


def _compared(old: Any, new: Any, app: Words) -> Any:
    """Say whether two results are the same to the last bit; return the new one."""
    pairs = list(zip(_numbers(old), _numbers(new), strict=True))
    different = sum(sum(x != y for x, y in zip(a.tolist(), b.tolist(), strict=True)) for a, b in pairs
                    if a.tobytes() != b.tobytes())  # fmt: skip
    count = sum(a.size for a, _ in pairs)
    if different or any(a.tobytes() != b.tobytes() for a, b in pairs):
        st.error(app.say("controls.not_same", different=different, count=count))
    else:
        st.success(app.say("controls.same", count=f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")), icon="🟰")
    return new


def _numbers(value: Any) -> list[Any]:
    """Return all arrays in a result, flat, in order."""
    if hasattr(value, "tobytes"):
        return [value.ravel()]
    if is_dataclass(value):
        return [a for f in fields(value) for a in _numbers(getattr(value, f.name))]
    return [a for part in value for a in _numbers(part)] if isinstance(value, tuple) else []


def _fingerprint(module: ModuleType) -> str:
    """Return a hash of the code behind a result, so that no result outlives the code that made it.

    All of the engine counts, imported yet or not: it is imported in the middle of a training, and a key that
    depended on what happens to be loaded would change under a result and come back after a reload.
    """
    # Kept on the module object: code that is loaded anew is a new object and is hashed anew.
    if "_fingerprint" not in vars(module):
        module._fingerprint = _hashed(Path(str(module.__file__)))  # type: ignore[attr-defined]
    return str(vars(module)["_fingerprint"])


def _hashed(experiment: Path) -> str:
    """Hash all that a result can depend on (tests/test_architecture.py keeps it so), names and bytes."""
    lib = experiment.parents[1]
    files = [
        lib / "config.py",
        experiment,
        lib / "results" / experiment.name,
        *sorted((lib / "engine").rglob("*.py")),
    ]
    digest = hashlib.sha256()
    for file in files:
        text = file.read_bytes()
        digest.update(f"{file.relative_to(lib)} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def _settle() -> None:
    """Take what the imports made out of the garbage collector's sight.

    Streamlit collects garbage after every run of a script, with Python's lock held; walking through all of torch
    each time would cost every reader a quarter of a second per move.
    """
    desk = _desk()
    if len(sys.modules) > desk.modules + 20:
        desk.modules = len(sys.modules)
        gc.collect()
        gc.freeze()
