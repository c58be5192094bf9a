"""Small pictures side by side in named blocks: digits in ink, weights by their sign, rings around some cells.

All tiles stand on one pair of axes whose unit is a tile's side, so that their cells are square at every width.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.heatmap import mosaic
from lib.figures.scrub import add_frames
from lib.figures.style import GREY, NEGATIVE, POSITIVE, RING, band_colour, figure
from lib.types import Array

# Paper stays white in the dark, as a sheet on a dark table does; sizes have no sign's colour, and nothing at zero.
COLOURS = {
    "signs": [[0, NEGATIVE], [0.5, band_colour(NEGATIVE, 0)], [0.5, band_colour(POSITIVE, 0)], [1, POSITIVE]],
    "ink": [[0, "#F7F7F5"], [1, "#1F2430"]],
    "size": [[0, "rgba(0,150,108,0)"], [1, "rgba(0,150,108,1)"]],
    "grey": [[0, "rgba(128,128,128,0)"], [1, "rgba(128,128,128,1)"]],
}
LINE, NARROW = 17, 330  # pixels: a line of text; the width that a phone leaves
APART = 0.25  # tiles: between two blocks
BAR = 0.55  # tiles: the longest bar


class Block(NamedTuple):
    """Tiles under a title: one picture of (M, h, w) tiles, or (F, M, h, w), a picture for each frame.

    `colours` is "signs", "ink", which is for digits, "size" or "grey". `names` stand over the tiles of the first row,
    `below` under the block; `under` stands under the tiles of the only row, or at the ends of `bars`, one under each
    tile, from a common zero. `rings` (M, h, w) marks cells, `notes` puts a text on cells of the first tile: (cell,
    text), counted row by row. The tile numbered `ringed` has a ring around it. `reach` is the value of the full
    colour, `longest` that of the longest bar, by default the largest that is shown. A cell that can be `clicked`
    answers with its number as `customdata[0]`, counted tile by tile from the tile numbered `first` on.
    """

    title: str
    tiles: Array
    hover: str
    columns: int = 1
    colours: str = "signs"
    names: Sequence[str] = ()
    below: str = ""
    under: Sequence[str] = ()
    bars: Sequence[float] = ()
    rings: Array | None = None
    notes: Sequence[tuple[int, str]] = ()
    reach: float = 0.0
    longest: float = 0.0
    clicked: bool = False
    first: int = 0
    ringed: int | None = None

    @property
    def frames(self) -> Array:
        """The tiles as (F, M, h, w)."""
        return self.tiles if self.tiles.ndim == 4 else self.tiles[None]

    @property
    def full(self) -> float:
        """The value of the full colour."""
        return self.reach or float(np.nanmax(np.abs(self.frames.astype(np.float32)))) or 1.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, in tiles: the gap between two is a cell."""
        _, m, h, w = self.frames.shape
        rows = -(-m // self.columns)
        return self.columns + (self.columns - 1) / w, rows + (rows - 1) / h

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield the upper left corner of every tile within the block."""
        _, m, h, w = self.frames.shape
        for k in range(m):
            yield k % self.columns * (1 + 1 / w), k // self.columns * (1 + 1 / h)


def blocks(
    rows: Sequence[Sequence[Block]], steps: Sequence[int] | Array = (), *, step: str = "",
    right: bool = False, fold: int = 0, height: int = 380,
) -> go.Figure:  # fmt: skip
    """Draw rows of blocks: first a heat map for each, in their order, then rings and notes.

    With `steps` there is a frame for each of them; blocks with a single picture stay as they are. Rows begin at the
    left, or end at the `right`. With `fold` no row has more than so many of a block's tiles: the rows' first tiles
    stand above their next ones.
    """
    rows = _folded(rows, fold) if fold else rows
    chart = figure(height, margin={"l": 4, "r": 4, "t": 4, "b": 4}, showlegend=False)
    wide = max(sum(b.size[0] for b in row) + APART * (len(row) - 1) for row in rows)
    line = LINE * wide / NARROW  # the height of a line of text, in tiles, where tiles are smallest
    places, bottom = _laid_out(rows, line, wide if right else 0)
    pictures = [_picture(block) for block, _, _ in places]
    frames, texts = [], []
    for (block, left, top), picture in zip(places, pictures, strict=True):
        chart.add_trace(_map(block, picture[-1], left, top))
        frames += [*_edges(block, left, top), *_bars(block, left, top, line)]
        texts += [*_labels(block, left, top), *_under(block, left, top, line)]
    for block, left, top in places:
        _mark(chart, block, left, top)
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}
    chart.update_layout(
        shapes=frames,
        annotations=texts,
        xaxis=hidden | {"range": [-0.05, wide + 0.05]},
        yaxis=hidden | {"range": [bottom, 0], "scaleanchor": "x", "constraintoward": "top"},
    )
    if len(steps) > 1:
        rest: list[dict[str, Any]] = [{"type": "scatter"} for _ in chart.traces[len(pictures) :]]
        each = [
            [{"type": "heatmap"} | ({"z": p[f]} if len(p) > 1 else {}) for p in pictures] + rest
            for f in range(len(steps))
        ]
        add_frames(chart, each, [str(s) for s in steps], step, redraw=True)
    return chart


def _folded(rows: Sequence[Sequence[Block]], fold: int) -> list[list[Block]]:
    """The rows with each block's first tiles, then those with its next ones."""
    most = max(block.frames.shape[1] for row in rows for block in row)
    parts = [[_part(block, first, fold) for block in row] for first in range(0, most, fold) for row in rows]
    return [left for row in parts if (left := [block for block in row if block.tiles.size])]


def _part(block: Block, first: int, count: int) -> Block:
    """Some of a block's tiles, coloured as in the whole; the title stands over the first ones alone."""
    some = slice(first, first + count)
    return block._replace(
        title="" if first else block.title, tiles=block.tiles[..., some, :, :], columns=min(count, block.columns),
        names=block.names[some], under=block.under[some], bars=block.bars[some], reach=block.full,
        longest=_longest(block), first=block.first + first, rings=None if block.rings is None else block.rings[some],
        notes=() if first else block.notes,
    )  # fmt: skip


def _laid_out(
    rows: Sequence[Sequence[Block]], line: float, right: float
) -> tuple[list[tuple[Block, float, float]], float]:
    """Where each block's first tile has its upper left corner, (block, left, top), and where the last row ends.

    Rows end at `right`, or begin at the left if there is room for none.
    """
    places, top = [], 0.0
    for row in rows:
        top += line * (max(_lines(b.title) for b in row) + any(b.names for b in row)) + 0.05
        left = max(0.0, right - sum(b.size[0] for b in row) - APART * (len(row) - 1))
        for block in row:
            places.append((block, left, top))
            left += block.size[0] + APART
        below = [line * (_lines(b.below) + (2 if b.bars else bool(b.under))) + 2 * BAR * bool(b.bars) for b in row]
        top += max(b.size[1] for b in row) + max(below) + 0.1
    return places, top


def _picture(block: Block) -> Array:
    """The block's tiles in one picture for each frame; a single tile keeps its type, which may be a small one."""
    return block.frames[:, 0] if block.frames.shape[1] == 1 else mosaic(block.frames, block.columns)


def _lines(text: str) -> int:
    return text.count("<br>") + bool(text)


def _map(block: Block, picture: Array, left: float, top: float) -> dict[str, Any]:
    """A block's heat map."""
    *_, h, w = block.frames.shape
    return {
        "type": "heatmap", "z": picture, "x0": left + 0.5 / w, "dx": 1 / w, "y0": top + 0.5 / h, "dy": 1 / h,
        "name": block.title, "zmin": -block.full if block.colours == "signs" else 0, "zmax": block.full,
        "colorscale": COLOURS[block.colours], "showscale": False,
        "hovertemplate": block.hover + "<extra></extra>", "hoverongaps": False,
    }  # fmt: skip


def _edges(block: Block, left: float, top: float) -> Iterator[dict[str, Any]]:
    """Yield the frames of a block's tiles."""
    for k, (x, y) in enumerate(block.places()):
        edges = {"x0": left + x, "x1": left + x + 1, "y0": top + y, "y1": top + y + 1}
        look = {"color": RING, "width": 3} if block.first + k == block.ringed else {"color": GREY, "width": 1}
        yield {"type": "rect", **edges, "line": look}


def _labels(block: Block, left: float, top: float) -> Iterator[dict[str, Any]]:
    """Yield title and names over a block, and what stands under it."""
    plain = {"showarrow": False, "font": {"size": 12}}
    above = {"xanchor": "left", "yanchor": "bottom", "align": "left", "yshift": LINE if block.names else 0}
    yield {"text": block.title, "x": left, "y": top, **above, **plain}
    for name, (x, _) in zip(block.names, block.places(), strict=False):
        yield {"text": name, "x": left + x + 0.5, "y": top, "xanchor": "center", "yanchor": "bottom", **plain}
    if block.below:
        middle, bottom = left + block.size[0] / 2, top + block.size[1]
        yield {"text": block.below, "x": middle, "y": bottom, "xanchor": "center", "yanchor": "top", **plain}


def _ends(block: Block, left: float, top: float, line: float) -> Iterator[tuple[float, float, float]]:
    """Yield where each tile's bar stands, its value and its end; without bars the ends are the tiles'."""
    bottom = top + block.size[1]
    reach = block.longest or _longest(block)
    for value, (x, _) in zip(block.bars or (0.0,) * len(block.under), block.places(), strict=True):
        yield left + x, value, bottom + line + BAR - BAR * value / reach if block.bars else bottom


def _longest(block: Block) -> float:
    return max((abs(value) for value in block.bars), default=0.0) or 1.0


def _under(block: Block, left: float, top: float, line: float) -> Iterator[dict[str, Any]]:
    """Yield what stands under each tile, or at the end of its bar."""
    if not block.under:
        return
    plain: dict[str, Any] = {"showarrow": False, "xanchor": "center", "font": {"size": 11}}
    for text, (x, value, end) in zip(block.under, _ends(block, left, top, line), strict=True):
        anchor = "bottom" if block.bars and value >= 0 else "top"
        yield {"text": text, "x": x + 0.5, "y": end, "yanchor": anchor, **plain}


def _bars(block: Block, left: float, top: float, line: float) -> Iterator[dict[str, Any]]:
    """Yield the bars under the tiles, from a common zero."""
    if not block.under or not block.bars:
        return
    zero = top + block.size[1] + line + BAR
    for x, value, end in _ends(block, left, top, line):
        colour = NEGATIVE if value < 0 else POSITIVE
        sides = {"x0": x + 0.2, "x1": x + 0.8, "y0": zero, "y1": end}
        yield {"type": "rect", **sides, "line": {"width": 0}, "fillcolor": colour}
    ends = {"x0": left, "x1": left + block.size[0], "y0": zero, "y1": zero}
    yield {"type": "line", **ends, "line": {"color": GREY, "width": 1}}


def _mark(chart: go.Figure, block: Block, left: float, top: float) -> None:
    """Add rings and notes to a block."""
    *_, h, w = block.frames.shape
    if block.rings is not None:
        x, y = _outlines(block, left, top)
        chart.add_scatter(x=x, y=y, mode="lines", line={"color": RING, "width": 2}, hoverinfo="skip")
    if block.notes:
        cells = np.array([cell for cell, _ in block.notes])
        chart.add_scatter(
            x=left + (cells % w + 0.5) / w, y=top + (cells // w + 0.5) / h, mode="markers+text", hoverinfo="skip",
            text=[text for _, text in block.notes], textfont={"size": 11, "color": "#1F2430"},
            marker={"size": 18, "color": "rgba(255,255,255,0.85)", "line": {"color": "#1F2430", "width": 1.5}},
            unselected={"marker": {"opacity": 1}}, selected={"textfont": {"color": "#1F2430"}},
        )  # fmt: skip
    if block.clicked:
        x, y = (np.concatenate(each) for each in zip(*_middles(block, left, top), strict=True))
        values = np.nan_to_num(block.frames[-1].astype(float)).ravel().tolist()
        numbered = enumerate(values, h * w * block.first)
        chart.add_scatter(
            x=x, y=y, customdata=list(numbered), mode="markers", name="", marker={"size": 14, "opacity": 0},
            hovertemplate=block.hover.replace("%{z", "%{customdata[1]"),
            unselected={"marker": {"opacity": 0}}, selected={"marker": {"opacity": 0}},
        )  # fmt: skip


def _middles(block: Block, left: float, top: float) -> Iterator[tuple[Array, Array]]:
    """Yield the middles of each tile's cells, row by row: (x, y)."""
    *_, h, w = block.frames.shape
    rows, columns = np.indices((h, w), np.float32).reshape(2, -1)
    for x, y in block.places():
        yield left + x + (columns + np.float32(0.5)) / w, top + y + (rows + np.float32(0.5)) / h


def _outlines(block: Block, left: float, top: float) -> tuple[Array, Array]:
    """Paths around every marked cell, with gaps: (x, y), six numbers for each."""
    *_, h, w = block.frames.shape
    assert block.rings is not None
    across, down = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (np.nan, np.nan)]).T
    x, y = [np.zeros(0)], [np.zeros(0)]
    for (at, under), mask in zip(block.places(), block.rings, strict=True):
        for row, column in np.argwhere(mask):
            x.append(left + at + (column + across) / w)
            y.append(top + under + (row + down) / h)
    return np.concatenate(x).astype(np.float32), np.concatenate(y).astype(np.float32)
