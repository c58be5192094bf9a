"""Work in a thread of its own, and a script that only looks on: a moved control ends the script at once.

Streamlit ends a script where it next speaks to Streamlit; a script that computed itself would go on until its
experiment next tells its progress, and the reader would wait for that. The work that is left behind ends there.
"""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")
EVERY = 0.05  # seconds between two looks


def watched(work: Callable[[threading.Event], T], look: Callable[[], object]) -> T:
    """Return what `work` returns, or raise what it raises; meanwhile `look` is called in the caller's thread.

    What `look` raises is raised at once. The work is told so by its event, and has to end by itself.
    """
    left, result = threading.Event(), Future[T]()

    def run() -> None:
        try:
            result.set_result(work(left))
        except BaseException as error:  # whatever it is, it is the caller's
            if not left.is_set():  # nobody would take it, and it holds all that the work has in hand
                result.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
    try:
        while not wait([result], timeout=EVERY).done:
            look()
    except BaseException:
        left.set()
        raise
    return result.result()
