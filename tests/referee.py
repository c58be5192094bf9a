"""A process without this project that runs plain files, each as a program of its own in an empty folder.

It has loaded once what the files import, and made one step of an optimiser, which imports more than all of torch
before it; and forks for every file, so that a file costs what it computes.
"""

import os
import subprocess
import sys
from typing import NamedTuple

SERVER = """
import os, runpy, sys, traceback
import matplotlib.pyplot, numpy, scipy.optimize, scipy.stats, sklearn.datasets, torch
torch.set_num_threads(1)
torch.optim.Adam([torch.zeros(1, requires_grad=True)]).step()
print("there", flush=True)
for line in sys.stdin:
    folder, file = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if not child:
        os.chdir(folder)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
        try:
            runpy.run_path(file, run_name="__main__")
            code = 0
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Ran(NamedTuple):
    """What became of a file."""

    code: int
    out: str
    err: str


class Referee:
    """The process; close it when done."""

    def __init__(self):
        # -I: neither this folder nor PYTHONPATH is on its path, so that no `lib` can be found.
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd="/", env=os.environ | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": "."},
        )  # fmt: skip
        assert self.process.stdout.readline() == "there\n"

    def run(self, folder, text):
        """Run a file's text in a folder; what it printed, and its errors."""
        file = folder / "plain.py"
        file.write_text(text, encoding="utf-8")
        self.process.stdin.write(f"{folder}\t{file.name}\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return Ran(code, (folder / "out").read_text(), (folder / "err").read_text())

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
