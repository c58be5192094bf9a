"""A picture file as grey numbers; no torch, so that a page can offer an upload before torch is there."""

import io

import numpy as np
from PIL import Image

from lib.types import Array

SMALLEST, LONGEST = 64, 640  # pixels along a side
PIXELS = 40_000_000  # an upload may not unpack to more


def decoded(content: bytes) -> Array:
    """A PNG or JPEG as grey numbers in [0, 1] (height, width), at most 640 pixels a side.

    Raises ValueError with one word: broken (not a PNG or JPEG, or damaged), large (too many pixels), small, blank.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > PIXELS:
                raise ValueError("large")
            image.draft("L", (LONGEST, LONGEST))  # a JPEG is unpacked no larger than needed
            grey = image.convert("L")
    except ValueError as error:
        raise ValueError("large" if error.args == ("large",) else "broken") from error
    except Exception as error:  # Pillow's decoders raise many kinds on damaged files
        raise ValueError("broken") from error
    grey.thumbnail((LONGEST, LONGEST))
    numbers = np.asarray(grey, dtype=np.float64) / 255
    if min(numbers.shape) < SMALLEST:
        raise ValueError("small")
    if numbers.std() < 0.01:
        raise ValueError("blank")
    return numbers
