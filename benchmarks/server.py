"""A freshly started server and a browser, for the tests and the benchmarks."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")  # no internet: every other host is unknown
TALKATIVE = """import logging
from streamlit.web.cli import main
logging.basicConfig()
logging.getLogger("lib").setLevel(logging.INFO)
main(prog_name="streamlit")"""
NO_CHROMIUM = "no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path"


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """Start the app on a free port; yields its address; RuntimeError if it does not answer."""
    with running_process() as (address, _):
        yield address


@contextlib.contextmanager
def running_process(log: Path = Path(os.devnull)) -> Iterator[tuple[str, int]]:
    """Start the app on a free port; yields its address and its process number; what it says goes to `log`.

    It says what each training took, too.
    """
    port = free_port()
    command = [sys.executable, "-c", TALKATIVE, "run", "app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.fileWatcherType", "none"]
    with log.open("wb") as told:
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        wait(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def memory(process: int, which: str = "VmRSS:") -> float:
    """Resident memory of a process, in megabytes (Linux); `which` can be "VmHWM:", the most that it has held."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition(which)[2].split()[0]) / 1024


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server at `address` answers; RuntimeError if it does not, or its process has ended."""
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)  # a starting server has no event to wait for
    raise RuntimeError("the server did not answer within 30 s")
