"""Arrays and words in, plotly figures out. Nothing is computed here, and no word is chosen here.

Every figure has a fixed height, fixed axis ranges where the caller gives them, and colours that hold on a light
and on a dark page. What changes over training is scrubbed through in the browser (`scrub.py`).
"""

from lib.figures.bars import shares, terms
from lib.figures.boundary import boundary
from lib.figures.cloud import cloud
from lib.figures.clouds import clouds
from lib.figures.curves import curves
from lib.figures.digits import digits
from lib.figures.dots import dots
from lib.figures.fits import fits
from lib.figures.grid import grid
from lib.figures.heatmap import heatmap, mosaic
from lib.figures.histograms import histograms
from lib.figures.intervals import intervals
from lib.figures.landscape import Mark, landscape, trail
from lib.figures.path import path
from lib.figures.pinned import outline, overlay
from lib.figures.polar import polar
from lib.figures.rose import rose
from lib.figures.scatter import scatter
from lib.figures.stacks import stacks
from lib.figures.stretch import stretch
from lib.figures.sweep import sweep
from lib.figures.thumbnail import thumbnail
from lib.figures.wiring import wiring

__all__ = [
    "Mark",
    "boundary",
    "cloud",
    "clouds",
    "curves",
    "digits",
    "dots",
    "fits",
    "grid",
    "heatmap",
    "histograms",
    "intervals",
    "landscape",
    "mosaic",
    "outline",
    "overlay",
    "path",
    "polar",
    "rose",
    "scatter",
    "shares",
    "stacks",
    "stretch",
    "sweep",
    "terms",
    "thumbnail",
    "trail",
    "wiring",
]
