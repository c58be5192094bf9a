"""Damaged copies of a file, and a process of its own that reads many: how long one took, how much memory they took.

    python tests/your_network/mutating.py COUNT FILE...

prints a line of JSON. Neither torch nor onnx is imported: their memory would hide the reader's.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from lib.your_network.contract import Refused
from lib.your_network.files import read

STATUS = Path("/proc/self/status")


def mutated(content, rng):
    """A damaged copy: bits turned, a piece cut, moved, doubled, or lengths written over."""
    data = bytearray(content)
    kind = rng.integers(6)
    at, other = (int(place) for place in rng.integers(len(data), size=2))
    run = int(rng.integers(1, 64))
    if kind == 0:
        for place in rng.integers(len(data), size=int(rng.integers(1, 9))):
            data[place] ^= 1 << int(rng.integers(8))
    elif kind == 1:
        del data[at:]
    elif kind == 2:
        data[at : at + run] = data[other : other + run]
    elif kind == 3:
        data[at:at] = data[other : other + run]
    elif kind == 4:
        width = int(rng.choice([1, 2, 4, 8]))
        value = int(rng.choice([0, 1, 127, 2**7, 2**15, 2**31, 2**32 - 1, 2**62, 2**63, 2**64 - 1]))
        data[at : at + width] = (value % 2 ** (8 * width)).to_bytes(width, "little")
    else:
        del data[at : at + run]
    return bytes(data)


def outcome(name, content):
    """The format of a file that was read, or the key of its refusal."""
    try:
        return read(name, content).format
    except Refused as refused:
        return refused.key


def copies(content, count, seed=0):
    """The file itself and `count` damaged copies."""
    rng = np.random.default_rng(seed)
    yield content
    for _ in range(count):
        yield mutated(content, rng)


def peak():
    """The most memory that this process has had, in MB.

    Linux counts in `ru_maxrss` what the process that started this one had, so its own account is asked first.
    """
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main(count, paths):
    """Read all, and print what it cost."""
    contents = [(Path(path).name, Path(path).read_bytes()) for path in paths]
    before, outcomes, slowest = peak(), {}, 0.0
    for name, content in contents:
        for one in copies(content, count):
            start = time.perf_counter()
            key = outcome(name, one)
            slowest = max(slowest, time.perf_counter() - start)
            outcomes[key] = outcomes.get(key, 0) + 1
    print(json.dumps({"megabytes": peak() - before, "slowest": slowest, "outcomes": outcomes}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
