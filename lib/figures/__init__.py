"""Arrays and words in, plotly figures out. Nothing is computed here, and no word is chosen here.

Every figure has a fixed height, fixed axis ranges where the caller gives them, and colours that hold on a light
and on a dark page. What changes over training is scrubbed through in the browser (`scrub.py`).
"""

from lib.figures.bars import shares, terms
from lib.figures.blocks import Block, blocks
from lib.figures.circuit import Circuit, circuit
from lib.figures.curves import curves
from lib.figures.detour import Detour
from lib.figures.dice import Thrown, dice
from lib.figures.digits import digits
from lib.figures.eggs import eggs
from lib.figures.examined import examined
from lib.figures.fits import fits
from lib.figures.grid import grid
from lib.figures.heatmap import heatmap, mosaic
from lib.figures.histograms import histograms
from lib.figures.intervals import intervals
from lib.figures.journeys import journeys
from lib.figures.landscape import Mark, landscape
from lib.figures.matrices import matrices
from lib.figures.narrow import narrow
from lib.figures.networks import networks
from lib.figures.parts import Parts, parts
from lib.figures.piles import Picture, Pile, piles
from lib.figures.pinned import outline, overlay
from lib.figures.planes import planes
from lib.figures.polar import polar
from lib.figures.quadrants import quadrants
from lib.figures.race import race
from lib.figures.ringed import Ringed, ringed
from lib.figures.rows import rows
from lib.figures.scatter import scatter
from lib.figures.slopes import Panel, Strip, slopes
from lib.figures.stamps import stamps
from lib.figures.strips import strips
from lib.figures.style import colours, enlarge
from lib.figures.sweep import sweep
from lib.figures.threads import threads
from lib.figures.tiles import tiles
from lib.figures.twins import twins
from lib.figures.walks import walks

__all__ = [
    "Block",
    "Circuit",
    "Detour",
    "Mark",
    "Panel",
    "Parts",
    "Picture",
    "Pile",
    "Ringed",
    "Strip",
    "Thrown",
    "blocks",
    "circuit",
    "colours",
    "curves",
    "dice",
    "digits",
    "eggs",
    "enlarge",
    "examined",
    "fits",
    "grid",
    "heatmap",
    "histograms",
    "intervals",
    "journeys",
    "landscape",
    "matrices",
    "mosaic",
    "narrow",
    "networks",
    "outline",
    "overlay",
    "parts",
    "piles",
    "planes",
    "polar",
    "quadrants",
    "race",
    "ringed",
    "rows",
    "scatter",
    "shares",
    "slopes",
    "stamps",
    "strips",
    "sweep",
    "terms",
    "threads",
    "tiles",
    "twins",
    "walks",
]
