"""From a file, or from one of our own networks, to the report."""

from dataclasses import replace

from safetensors import numpy as safetensors

from lib.engine.progress import part
from lib.types import Progress
from lib.your_network import gabor, specimens
from lib.your_network.config import YourNetwork
from lib.your_network.contract import Examination, File, Weights
from lib.your_network.examination import examine
from lib.your_network.files import read
from lib.your_network.report import Report
from lib.your_network.reporting import report


def examined(config: YourNetwork, progress: Progress | None = None, own: File | None = None) -> Report:
    """Read and examine; Refused for a file that is not read. A network of our own goes through a file, too."""
    if own is not None:
        return report(config, own.name, _looked_at(read(own.name, own.content), progress))
    made = safetensors.save(specimens.arrays(config, part(progress, 0, 2)))
    return report(config, "", _looked_at(read("", made), part(progress, 1, 2)), made)


def _looked_at(weights: Weights, progress: Progress | None) -> Examination:
    """Examine, and look for edge detectors."""
    found = examine(weights, progress)
    every = (*found.findings, *gabor.findings(found.layers))
    return replace(found, findings=tuple(sorted(every, key=lambda finding: -finding.weight)))
