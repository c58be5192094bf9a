"""A run in a small picture, for a card: an SVG of its own, light enough for dozens on one page.

The kinds and their values: `lines` (L, S), `bars` (B,), `dots` (M, 2), `walks` [(T, 2), ...] and `signs`, images
(K, rows, columns) in the colours of the signs. Pictures only: the page that a card leads to has axes and numbers.
"""

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from lib.figures.style import LINES, NEGATIVE, POSITIVE
from lib.types import Array

WIDTH, HEIGHT, ROOM = 240, 72, 4
WIDTHS = (3, 2.2, 1.6, 1.6, 1.6)  # never colour alone


def thumbnail(kind: str, values: Any) -> str:
    """Return the picture as the address of an image, `data:image/svg+xml...`; KeyError for an unknown kind."""
    kinds: dict[str, Callable[[Any], str]]
    kinds = {"lines": _lines, "bars": _bars, "dots": _dots, "walks": _walks, "signs": _signs}
    inside = kinds[kind](values)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{inside}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _lines(values: Array) -> str:
    steps = np.arange(values.shape[1])
    return _walks([np.column_stack([steps, line]) for line in values])


def _walks(walks: list[Array]) -> str:
    places = _fitted(np.concatenate(walks))
    ends = np.cumsum([len(walk) for walk in walks])[:-1]
    return "".join(
        f'<polyline points="{_points(walk)}" fill="none" stroke="{LINES[k % 5]}" stroke-width="{WIDTHS[k % 5]}"/>'
        for k, walk in enumerate(np.split(places, ends))
    )


def _dots(values: Array) -> str:
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{LINES[0]}" fill-opacity="0.6"/>' for x, y in _fitted(values)
    )


def _bars(values: Array) -> str:
    top = max(float(np.nanmax(values)), 1e-12)
    wide = (WIDTH - 2 * ROOM) / len(values)
    tall = np.nan_to_num(values) / top * (HEIGHT - 2 * ROOM)
    return "".join(_box(ROOM + k * wide + 1, HEIGHT - ROOM - h, wide - 2, max(h, 1)) for k, h in enumerate(tall))


def _signs(images: Array) -> str:
    """Images side by side; the deeper the colour, the larger the value."""
    count, rows, columns = images.shape
    cell = min((WIDTH - ROOM * (count + 1)) / (count * columns), (HEIGHT - 2 * ROOM) / rows)
    wide, tall = columns * cell, rows * cell
    left, top = (WIDTH - count * wide - ROOM * (count - 1)) / 2, (HEIGHT - tall) / 2
    return "".join(
        f'<image x="{left + k * (wide + ROOM):.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}" '
        f'preserveAspectRatio="none" style="image-rendering:pixelated" href="{_png(image)}"/>'
        for k, image in enumerate(images)
    )


def _png(image: Array) -> str:
    """Return an image (rows, columns), scaled to its largest size, as the address of a PNG."""
    strength = np.abs(image) / max(float(np.abs(image).max()), 1e-12)
    hue = np.where(image[..., None] > 0, *(np.array(bytearray.fromhex(c[1:])) for c in (POSITIVE, NEGATIVE)))
    pixels = np.concatenate([hue, 255 * strength[..., None]], axis=2).round().astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _box(x: float, y: float, wide: float, tall: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.2f}" height="{tall:.2f}" fill="{LINES[0]}"/>'


def _fitted(places: Array) -> Array:
    """Places (M, 2), stretched to the picture, y upwards; what is not finite is left out of the stretching."""
    sound = places[np.isfinite(places).all(axis=1)]
    low, high = sound.min(axis=0), sound.max(axis=0)
    share = np.clip(np.nan_to_num((places - low) / np.maximum(high - low, 1e-12), nan=1.0, posinf=1.0), 0, 1)
    wide, tall = WIDTH - 2 * ROOM, HEIGHT - 2 * ROOM
    return np.column_stack([ROOM + share[:, 0] * wide, HEIGHT - ROOM - share[:, 1] * tall])


def _points(walk: Array) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in walk)
