"""`python -m benchmarks.cold`: what the first visitor of a fresh server waits for, by package.

A fresh process visits a page once; Python's own `-X importtime` tells how long each module took. Times are told as
shares of the visit, since machines are noisy; `python -m benchmarks.app` has the seconds in a browser. The same
without compiled bytecode: what a container costs whose image has none and whose user may not write any.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict

from benchmarks.server import ROOT

PAGE = "pages/11_negative_weights.py"
VISIT = f"""
import time
begun = time.perf_counter()
import streamlit.web.bootstrap
from streamlit.testing.v1 import AppTest
test = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=300).switch_page({PAGE!r}).run()
assert not test.exception
print(time.perf_counter() - begun, time.process_time())
"""
LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
SHOWN = 8


def visit(environment: dict[str, str]) -> tuple[float, float, dict[str, float]]:
    """Visit the page in a fresh process; seconds, seconds of processor time, and seconds of import by package."""
    command = [sys.executable, "-X", "importtime", "-c", VISIT]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True)
    took: dict[str, float] = defaultdict(float)
    for micro, module in LINE.findall(done.stderr):
        package = module.partition(".")[0].lstrip("_")
        took["the standard library" if package in sys.stdlib_module_names else package] += int(micro) / 1e6
    seconds, processor = map(float, done.stdout.split())
    return seconds, processor, took


def main() -> None:
    """Print where the time of a first visit goes, and what missing bytecode adds."""
    visit({})  # from here on all files are in the machine's memory, and compiled
    seconds, processor, took = visit({})
    print(f"first visit {seconds:.1f} s, imports {sum(took.values()) / seconds:.0%} of it:")
    for package, part in sorted(took.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"  {package:24} {part / seconds:4.0%}")
    with tempfile.TemporaryDirectory() as empty:
        _, bare, _ = visit({"PYTHONPYCACHEPREFIX": empty, "PYTHONDONTWRITEBYTECODE": "1"})
    print(f"without compiled bytecode {bare / processor:.1f} times the processor's time ({bare:.1f} s)")


if __name__ == "__main__":
    main()
