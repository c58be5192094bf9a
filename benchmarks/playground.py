"""The browser's own way, for comparison: a scalar engine in JavaScript (`playground.js`), run by Node."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch

from benchmarks.items import Item, batches, ours
from lib.engine import mlp

SCRIPT = Path(__file__).with_suffix(".js")
MEMBERS = 4  # networks, one after the other
SAMPLES = 12_000  # shown to each, so many that Node's compiler has long done its work


def playground(item: Item) -> Callable[[], float] | None:
    """Seconds per step for the whole ensemble, by gradient descent as the playground has it; None without Node."""
    node = shutil.which("node")
    if node is None or not isinstance(item.network, mlp.MLP) or item.network.sizes[-1] > 1:
        return None
    x, y = item.data
    steps = SAMPLES // (item.recipe.batch or len(x))
    given = {
        "sizes": item.network.sizes, "activation": item.network.activation, "output": item.network.output,
        "loss": item.recipe.loss, "lr": item.recipe.lr, "steps": steps, "x": x.tolist(), "y": y.flatten().tolist(),
        "batches": [b.tolist() for b in islice(batches(len(x), item.recipe.batch), steps + 1)],
        "params": [[p[member].tolist() for p in item.start()] for member in range(MEMBERS)],
    }  # fmt: skip
    text = json.dumps(given)

    def run() -> dict[str, list[float]]:
        done = subprocess.run([node, str(SCRIPT)], input=text, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    plain = replace(item, recipe=replace(item.recipe, optimiser="sgd", steps=steps))
    torch.testing.assert_close(ours(plain)()[:MEMBERS], torch.tensor(run()["losses"]), rtol=1e-3, atol=1e-4)
    return lambda: float(run()["seconds"]) / steps * item.members / MEMBERS  # type: ignore[arg-type]
