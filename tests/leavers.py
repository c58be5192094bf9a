"""A server in a process of its own that counts the sessions in its memory, and the readers who come and leave.

Run by tests/test_sessions.py; prints both numbers before the readers leave, and after.
"""

import itertools
import os
import sys
import time
import traceback
import weakref
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.runtime.app_session import AppSession  # noqa: E402
from streamlit.runtime.state.safe_session_state import SafeSessionState  # noqa: E402
from streamlit.web import bootstrap  # noqa: E402

from benchmarks.reader import Reader  # noqa: E402
from benchmarks.server import free_port  # noqa: E402

LONG = "&".join(f"NegativeWeights.{s}" for s in ("network=cnn", "steps=600", "repeats=16", "activation=tanh"))
KEPT = 1  # seconds that Streamlit keeps the session of a lost connection; two minutes if nothing is said
ROUNDS = 15


def watched(kind):
    """The objects of this kind that are in memory, from now on."""
    alive, begin = weakref.WeakSet(), kind.__init__

    def noted(self, *args, **more):
        begin(self, *args, **more)
        alive.add(self)

    kind.__init__ = noted
    return alive


def connected(address):
    for _ in range(300):
        try:
            return Reader(address)
        except OSError:
            time.sleep(0.1)  # a starting server has no event to wait for
    raise AssertionError("the server did not answer")


def scenario(address, kept):
    """Readers hold pages, trained and half trained, while the imports are frozen; then all leave."""
    readers = [connected(address), *(Reader(address) for _ in range(3))]
    from lib.ui import task  # after the server has begun, as the pages do

    task.SETTLED = 0.0
    for reader, page in zip(readers, ("negative_weights", "weight_space", "", "negative_weights"), strict=True):
        reader.page = page
        reader.ask()
    for reader in (readers[0], readers[1], readers[3]):  # the home page goes on training for its cards
        reader.listen(time.perf_counter(), lambda _: False)
    readers[3].query = LONG
    readers[3].ask()
    readers[3].listen(time.perf_counter(), lambda m: m.delta.new_element.WhichOneof("type") == "progress")
    print(*map(len, kept))
    for reader in readers:
        reader.leave()
    for _ in itertools.takewhile(lambda _: max(map(len, kept)) > 2, range(ROUNDS)):  # the last one's, and one before
        time.sleep(KEPT + 0.5)
        with Reader(address) as one_more:  # Streamlit clears up when another session ends
            one_more.open("negative_weights")
    print(*map(len, kept), flush=True)


def played(address, kept):
    """End the process with the scenario, whatever happens in it."""
    try:
        scenario(address, kept)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def main():
    port = free_port()
    Thread(
        target=played,
        args=(f"http://127.0.0.1:{port}", [watched(AppSession), watched(SafeSessionState)]),
        daemon=True,
    ).start()
    flags = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.disconnectedSessionTTL": KEPT,
    }
    bootstrap.load_config_options(flags)
    bootstrap.run(str(ROOT / "app.py"), False, [], flags)


if __name__ == "__main__":
    main()
