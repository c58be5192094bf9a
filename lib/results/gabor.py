"""What a run of `lib.experiments.gabor` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

MANY = 0.25  # share of edge detectors above the control's that is more than chance
SOME = 0.08  # above the untrained filters': more than a chance fit
SILENT = 0.015  # share of active units below which a code says next to nothing
GOOD = 0.7  # median R^2 of filters that are Gabor functions, edge or wave


@dataclass(frozen=True)
class Result:
    """Conditions: untrained, pictures, scrambled (or shuffled labels), no sparsity; R repeats, H filters."""

    config: Any  # the Gabor of the run
    own: bool  # learned from the reader's own picture
    steps: Array  # (F,)
    sheets: Array  # (F, H, side, side) the first repeat's filters, best fit first
    fitted: Array  # (H, side, side) the Gabor functions beside them
    r2: Array  # (1 + C, R, H)
    edge: Array  # (1 + C, R, H) a good fit with a narrow window
    angle: Array  # (R, H) radians across the stripes, of the pictures' filters
    used: Array  # (1 + C, R, H) filters that count
    active: Array  # (C, R) share of active units
    accuracy: Array  # (C, R) of telling real from scrambled, or (0, R)
    kurtosis: tuple[float, ...]  # of the pictures' patches and of the scrambled ones

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {"main": main(self), "phase": phase(self), "need": need(self)}

    def shares(self) -> Array:
        """Per cent of the filters that count which are edge detectors (1 + C, R)."""
        return 100 * (self.edge & self.used).sum(2) / self.used.sum(2)

    def medians(self) -> Array:
        """Median R^2 of the filters that count, in per cent (1 + C, R)."""
        return 100 * np.nanmedian(np.where(self.used, self.r2, np.nan), 2)

    def compared(self) -> Array:
        """Both of them, for the figure: (1 + C, R, 2)."""
        return np.stack([self.shares(), self.medians()], 2)

    def rose(self, sectors: int) -> Array:
        """Edge detectors per direction of their edge over all repeats, in per cent of them (sectors,), from 0."""
        angles = self.angle[self.edge[1] & self.used[1]]
        along = np.degrees(angles + np.pi / 2) % 180  # the edge runs along the stripes
        counts = np.bincount((np.round(along * sectors / 180) % sectors).astype(int), minlength=sectors)
        return 100 * counts / max(counts.sum(), 1)

    def directions(self, sectors: int) -> pd.DataFrame:
        """The rose as a table."""
        return pd.DataFrame({"degrees": np.arange(sectors) * 180 / sectors, "percent": self.rose(sectors)})

    def filters(self) -> pd.DataFrame:
        """The first network's filters, best fit first."""
        order = np.argsort(-self.r2[1, 0], kind="stable")
        return pd.DataFrame(
            {
                "filter": np.arange(1, len(order) + 1),
                "r2": self.r2[1, 0][order],
                "edge_detector": self.edge[1, 0][order],
                "edge_degrees": np.degrees(self.angle[0][order] + np.pi / 2) % 180,
            }
        )

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        count, repeats = self.shares().shape
        return pd.DataFrame(
            {
                "condition": np.repeat(np.arange(count), repeats),
                "repeat": list(range(repeats)) * count,
                "edge_detectors_percent": self.shares().ravel(),
                "median_r2_percent": self.medians().ravel(),
            }
        )


def _numbers(result: Result) -> Numbers:
    shares, medians = np.median(result.shares(), 1), np.median(result.medians(), 1)
    return {
        "edges": float(shares[1]),
        "untrained": float(shares[0]),
        "control": float(shares[2]),
        "r2": float(medians[1]) / 100,
        "r2_untrained": float(medians[0]) / 100,
        "r2_control": float(medians[2]) / 100,
        "filters": result.config.filters,
        "steps": result.config.steps,
        "repeats": result.r2.shape[1],
        "sparsity": result.config.sparsity,
        "active": float(np.median(result.active[0])),
        "kurtosis": result.kurtosis[0],
        "kurtosis_control": result.kurtosis[1],
    }


def main(result: Result) -> Verdict:
    """Have the filters become edge detectors?"""
    numbers = _numbers(result)
    if float(numbers["active"]) < SILENT and float(numbers["edges"]) < 100 * MANY:
        return Verdict("silent", numbers)
    if float(numbers["edges"]) > float(numbers["control"]) + 100 * MANY:
        return Verdict("edges", numbers)
    if _found(numbers):
        return Verdict("some", numbers)
    return Verdict("waves" if float(numbers["r2"]) > GOOD else "none", numbers)


def phase(result: Result) -> Verdict:
    """Is it the edges in the pictures, or only their spectrum? Or is it the task?"""
    numbers = _numbers(result)
    coded = result.config.task == "sparse_code"
    if not _found(numbers):
        return Verdict("phase_nothing" if coded else "labels_nothing", numbers)
    if float(numbers["control"]) < float(numbers["edges"]) / 2:
        return Verdict("phase_matters" if coded else "labels_matter", numbers)
    return Verdict("phase_alike" if coded else "labels_alike", numbers)


def _found(numbers: Numbers) -> bool:
    """Whether there are more edge detectors than untrained filters have by chance."""
    return float(numbers["edges"]) > float(numbers["untrained"]) + 100 * SOME


def need(result: Result) -> Verdict:
    """Does it take sparsity, or a task that needs edges?"""
    numbers = _numbers(result)
    if len(result.accuracy):
        right = np.median(result.accuracy, 1)
        numbers |= {"accuracy": float(right[0]), "shuffled": float(right[1])}
        return Verdict("need_task" if right[0] > right[1] + 0.1 else "need_task_failed", numbers)
    numbers |= {"dense": float(np.median(result.shares()[3]))}
    if result.config.sparsity == 0:
        return Verdict("need_none_chosen", numbers)
    if not _found(numbers):
        return Verdict("need_nothing", numbers)
    few = float(numbers["dense"]) < float(numbers["edges"]) / 2
    return Verdict("need_sparsity" if few else "need_no_sparsity", numbers)
