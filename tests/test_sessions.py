"""Who leaves is forgotten: nothing of ours keeps a session's memory, though imports are frozen while it is open."""

import subprocess
import sys

from questions import ROOT


def test_sessions_of_readers_who_left_are_gone():
    command = [sys.executable, str(ROOT / "tests" / "leavers.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    before, after = [list(map(int, line.split())) for line in done.stdout.splitlines() if line[:1].isdigit()]
    assert before[0] == 4
    assert max(after) <= 2
