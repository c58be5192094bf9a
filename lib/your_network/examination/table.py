"""A table to take away: a row a layer, the numbers behind the sentences."""

from collections.abc import Sequence

import pandas as pd

from lib.your_network.contract import Layer
from lib.your_network.examination import centring, signs, sizes
from lib.your_network.examination.facts import Facts

Row = dict[str, object]


def tabulated(layers: Sequence[Layer], facts: Sequence[Facts]) -> pd.DataFrame:
    """Return a row for every layer; what is not told of a layer is empty."""
    told = {f.name: f for f in facts}
    return pd.DataFrame(
        [_what(layer) | (_numbers(told[layer.name]) if layer.name in told else {}) for layer in layers]
    )


def _what(layer: Layer) -> Row:
    shape = " x ".join(map(str, layer.shape))
    return {"layer": layer.name, "kind": layer.kind, "shape": shape, "layout": layer.layout}


def _numbers(f: Facts) -> Row:
    m = f.moments
    row: Row = {"weights": m.n, "not_finite": m.broken, "mean": m.mean, "sd": m.sd, "largest": m.largest}
    row |= {"negative": m.negative, "negative_error": signs.error(m), "negative_normal": signs.expected(m)}
    row |= {"zero": m.zero, "size_over_he": sizes.gain(f) if f.layer.fan_in else None}
    return row | _start(f) | _alike(f) | _values(f)


def _start(f: Facts) -> Row:
    if not f.start:
        return {}
    found = f.start
    row: Row = {"nearest_start": found.scheme.name, "ks_distance": found.distance, "ks_distance_fresh": found.control}
    row |= {"as_drawn": {"fresh": "yes", "moved": "no", "few": "cannot tell"}[found.answer]}
    return row | {
        "row_means": centring.row_spread(f),
        "bias_over_row": centring.bias_ratio(f) if _biased(f) else None,
    }


def _biased(f: Facts) -> bool:
    return f.layer.bias is not None


def _alike(f: Facts) -> Row:
    if not (a := f.alike):
        return {}
    row: Row = {"twin_rows": a.pairs.twins, "opposite_rows": a.pairs.opposites, "rows_compared": a.pairs.compared}
    row |= {"dead_rows": a.rows, "unheard_inputs": a.inputs, "rank": a.rank, "rank_shuffled": a.rank_control}
    row |= {"directions": a.directions, "directions_shuffled": a.directions_control}
    return row | {"rank_of": f"{a.shape[0]} x {a.shape[1]}"}


def _values(f: Facts) -> Row:
    if not (v := f.values):
        return {}
    row: Row = {"distinct_values": v.levels, "distinct_values_fresh": v.levels_control}
    return row | {
        "largest_over_rms": v.largest,
        "pixel_correlation": v.smooth,
        "pixel_correlation_shuffled": v.smooth_control,
    }
