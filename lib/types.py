"""Names for types that every layer speaks of."""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]  # what stands in a sentence, by its name there
Progress = Callable[[int, int], object]  # called with (steps done, steps in all); may raise to give up
