"""From a file, or from one of our own networks, to the report."""

from safetensors import numpy as safetensors

from lib.engine.progress import part
from lib.types import Progress
from lib.yours import specimens
from lib.yours.config import YourNetwork
from lib.yours.examination import examine
from lib.yours.files import read
from lib.yours.question import File
from lib.yours.report import Report
from lib.yours.reporting import report


def examined(config: YourNetwork, progress: Progress | None = None, own: File | None = None) -> Report:
    """Read and examine; Refused for a file that is not read. A network of our own goes through a file, too."""
    if own is not None:
        return report(config, own.name, examine(read(own.name, own.content), progress))
    made = safetensors.save(specimens.arrays(config, part(progress, 0, 2)))
    return report(config, "", examine(read("", made), part(progress, 1, 2)), made)
