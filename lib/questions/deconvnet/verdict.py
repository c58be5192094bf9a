"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired
from lib.question import Verdict
from lib.questions.deconvnet.config import CONDITIONS, SAID
from lib.questions.deconvnet.result import Array, Result
from lib.types import Numbers

SHAPES = ((8, 8), (12, 4), (12, 2))  # units of each layer, and the side of their maps
CHANCE = 0.2  # share of the five new digits that a guess has right


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "looks": looks(result), "single": single(result), "prefer": prefer(result),
            "usable": usable(result)}  # fmt: skip


def _median(values: Array, condition: int) -> float:
    return float(np.median(values[condition]))


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too, in per cent."""
    kept, kept_random = 100 * result.kept()[result.chosen]
    return {"kept": float(kept), "kept_random": float(kept_random)}


def main(result: Result) -> Verdict:
    """Does the projection point at the pixels that drive the unit?"""
    k, untrained = result.chosen, CONDITIONS.index("random")
    control = CONDITIONS.index("trained") if k == untrained else untrained
    kept, kept_random = result.kept()[k]
    numbers: Numbers = {"layer": result.config.layer, "pixels": result.config.pixels, "kept": float(kept),
                        "kept_random": float(kept_random), "kept_bright": 1 - _median(result.lost_bright, k),
                        "weights": SAID[k], "control": SAID[control],
                        "kept_control": float(result.kept()[control, 0])}  # fmt: skip
    found = {Outcome.HIGHER: "points", Outcome.LOWER: "points_not", Outcome.UNCLEAR: "points_unclear"}
    key = found[paired(result.lost[k], result.lost_random[k])]
    if key == "points" and paired(result.lost[k], result.lost_bright[k]) is not Outcome.HIGHER:
        key = "points_or_ink"  # to delete the most ink would do as much
    return Verdict(key, numbers)


def looks(result: Result) -> Verdict:
    """Do untrained networks give pictures that look like images as well?"""
    numbers: Numbers = {f"{name}": _median(result.likeness, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"other_{name}": _median(result.unlike, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {"repeats": result.likeness.shape[1]}
    trained, untrained = (paired(result.likeness[k], result.unlike[k]) is Outcome.HIGHER for k in (0, 1))
    return Verdict("looks_alike" if untrained else "looks_apart" if trained else "looks_unclear", numbers)


def single(result: Result) -> Verdict:
    """How many activations is one picture made of?"""
    units, side = SHAPES[result.config.layer - 1]
    numbers: Numbers = {"places": units * side**2, "layer": result.config.layer}
    return Verdict("single" if result.activations[result.chosen].max() > 0 else "silent", numbers)


def prefer(result: Result) -> Verdict:
    """Does a unit get what its weights ask for where it is most active?"""
    k = result.chosen
    own, other = result.prefer[k], result.prefer_other[k]
    numbers: Numbers = {"own": float(np.median(own)), "other": float(np.median(other))}
    return Verdict("prefers" if paired(own, other) is Outcome.HIGHER else "prefers_unclear", numbers)


def usable(result: Result) -> Verdict:
    """Does the upper layer serve for new digits at all?"""
    upper, untrained = result.probe
    numbers: Numbers = {"upper": float(np.median(upper)), "untrained": float(np.median(untrained)), "chance": CHANCE,
                        "raw": float(np.median(result.probe_pixels))}  # fmt: skip
    above = paired(upper, np.full_like(upper, CHANCE)) is Outcome.HIGHER
    return Verdict("usable" if above else "usable_not", numbers)
