"""What a run of `lib.experiments.wide_networks` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

FIT_FROM = 32  # the slope is fitted from this width on: below, nothing is lazy yet
DRAWN = (4, 16, 64, 256)
LEAST = 1e-9  # stands in for a smaller number before a logarithm or a division
LOWEST = 1e-6  # a smaller loss, relative to its beginning, is drawn as this
ZERO = 1e-6  # an eigenvalue below is zero in this arithmetic


@dataclass(frozen=True)
class Result:
    """W widths of the chosen start, R repeats, S = steps + 1; `other_` is Gaussian, sine, 0.5 at the chosen width."""

    config: Any  # the WideNetworks of the run
    widths: Array  # (W,)
    lr: float
    loss: Array  # (W, S, R) half the mean squared error
    accuracy: Array  # (W, R) of the training labels
    moved: Array  # (W, R) distance travelled by the hidden weights over their length at the start
    kernel: Array  # (W, R) the Gram matrix's change, relative
    flipped: Array  # (W, R) share of (unit, sample) pairs that went on or off
    eigenvalue: Array  # (W, R) smallest of the Gram matrix at the start
    largest: Array  # (W, R)
    limit: Array  # (R,) smallest eigenvalue of the Gram matrix of infinitely many Gaussian units
    units: Array  # (W, R) different units at the end
    diverged: Array  # (W, R)
    other_loss: Array  # (3, S, R)
    other_accuracy: Array  # (3, R)
    other_units: Array  # (3, R)
    other_eigenvalue: Array  # (3, R)

    @property
    def chosen(self) -> int:
        """Index of the chosen width."""
        return self.widths.tolist().index(self.config.width)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {"main": main(self), "slope": slope(self), "kernel": kernel(self), "gram": gram(self),
                "constant": constant(self), "dice": dice(self)}  # fmt: skip

    def names(self) -> list[str]:
        """The widths as text."""
        return [str(m) for m in self.widths]

    def drawn_steps(self) -> Array:
        """About forty of the steps, even on a log scale."""
        last = self.loss.shape[1] - 1
        return np.unique(np.round(np.geomspace(1, last + 1, 40)).astype(int) - 1)

    def curves(self) -> Array:
        """log10 of the loss relative to its beginning (S', R, drawn widths + the constant)."""
        runs = [self.loss[self.widths.tolist().index(m)] for m in DRAWN] + [self.other_loss[2]]
        ratio = np.stack([run / np.maximum(run[0], LEAST) for run in runs], 2)[self.drawn_steps()]
        return np.log10(np.clip(ratio, LOWEST, 1e3))

    def over_steps(self) -> pd.DataFrame:
        """Medians of the curves, as powers of ten."""
        names = [*(f"width_{m}" for m in DRAWN), f"half_everywhere_{self.config.width}"]
        return pd.DataFrame(np.median(self.curves(), 1), columns=names).assign(step=self.drawn_steps())

    def summary(self) -> pd.DataFrame:
        """Medians, one row per width."""
        return self.table().groupby("width", as_index=False).median().drop(columns="repeat")

    def fit(self) -> tuple[float, float]:
        """Slope and height of a line through log distance against log width, from `FIT_FROM` on."""
        use = self.widths >= FIT_FROM
        heights = np.log(np.maximum(np.median(self.moved[use], 1), LEAST))
        gradient, height = np.polyfit(np.log(self.widths[use]), heights, 1)
        return float(gradient), float(height)

    def distances(self) -> Array:
        """Distance travelled, the fitted line, and a line of slope -1/2 through its last point (W, R, 3)."""
        gradient, height = self.fit()
        logs = np.log(self.widths)
        fitted = height + gradient * logs
        lines = [np.exp(fitted), np.exp(fitted[-1] - (logs - logs[-1]) / 2)]
        repeats = self.moved.shape[1]
        drawn = [np.repeat(np.where(self.widths >= FIT_FROM, v, np.nan)[:, None], repeats, 1) for v in lines]
        return np.stack([np.maximum(self.moved, LEAST), *drawn], 2)

    def shares(self) -> Array:
        """Labels fitted, signs flipped and the kernel's change in per cent (W, R, 3)."""
        return 100 * np.stack([self.accuracy, self.flipped, self.kernel], 2)

    def table(self) -> pd.DataFrame:
        """One row per width and repeat."""
        index = pd.MultiIndex.from_product([self.widths, range(self.moved.shape[1])], names=["width", "repeat"])
        parts = {"loss_end": self.loss[:, -1], "train_accuracy": self.accuracy, "moved": self.moved,
                 "kernel_change": self.kernel, "signs_flipped": self.flipped, "smallest_eigenvalue": self.eigenvalue,
                 "different_units": self.units}  # fmt: skip
        return pd.DataFrame({k: v.ravel() for k, v in parts.items()}, index=index).reset_index()


def main(result: Result) -> Verdict:
    """Does a network of the chosen width fit all labels, and how far does it go for it?"""
    k, config = result.chosen, result.config
    numbers = _medians(accuracy=result.accuracy[k], loss=result.loss[k, -1], begin=result.loss[k, 0],
                       moved=result.moved[k], narrow=result.accuracy[0], units=result.units[k])  # fmt: skip
    numbers |= {"width": config.width, "samples": config.samples, "labels": config.labels, "steps": config.steps,
                "repeats": result.moved.shape[1], "narrowest": int(result.widths[0]),
                "diverged": int(result.diverged[k].sum())}  # fmt: skip
    return Verdict(_main_key(config.start, numbers), numbers)


def _main_key(start: str, numbers: Any) -> str:
    if numbers["diverged"]:
        return "run_away"
    if numbers["accuracy"] == 1:
        return "fits_nearby" if numbers["moved"] < 0.3 else "fits_far"
    if numbers["units"] <= 2:  # as many as there are output signs
        return "same_units"
    return "alike_units" if start == "jittered_half" else "not_fitted"


def slope(result: Result) -> Verdict:
    """Does the distance fall like one over the square root of the width?"""
    fitted = np.median(result.accuracy[result.widths >= FIT_FROM], 1).min()  # at the worst width of the fit
    numbers: Numbers = {"slope": result.fit()[0], "first": FIT_FROM, "last": int(result.widths[-1]),
                        "fitted": float(fitted)}  # fmt: skip
    if fitted < 1:
        return Verdict("slope_unfitted", numbers)
    return Verdict("slope_half" if abs(result.fit()[0] + 0.5) < 0.1 else "slope_other", numbers)


def kernel(result: Result) -> Verdict:
    """Does the Gram matrix stay what it was?"""
    k = result.chosen
    numbers = _medians(change=result.kernel[k], flipped=result.flipped[k], narrow=result.kernel[0])
    key = "kernel_stays" if np.median(result.kernel[k]) < 0.1 else "kernel_moves"
    return Verdict(key, numbers | {"narrowest": int(result.widths[0]), "width": result.config.width})


def gram(result: Result) -> Verdict:
    """Is the smallest eigenvalue positive, is the theorem's rate kept, and what else does the theorem ask for?"""
    k, samples = result.chosen, result.config.samples
    smallest, limit = result.eigenvalue[k], float(np.median(result.limit))
    bound = (1 - result.lr * np.maximum(smallest, 0) / 2) ** result.config.steps
    ratio = result.loss[k, -1] / np.maximum(result.loss[k, 0], LEAST)
    kept = ratio <= bound + 1e-6
    numbers = _medians(smallest=abs(smallest), bound=bound, ratio=ratio, change=result.kernel[k])
    numbers |= {"limit": limit, "kept": int(kept.sum()), "repeats": len(kept), "lr": result.lr,
                "stable": float(result.lr * np.median(result.largest[k])), "width": result.config.width,
                "order": float(np.log10(samples**6 / max(limit, LEAST) ** 4)),
                "rate": limit / samples**2}  # fmt: skip
    if np.median(smallest) < ZERO:
        return Verdict("gram_singular", numbers)
    return Verdict("gram_positive" if kept.all() else "gram_bound_missed", numbers)


def constant(result: Result) -> Verdict:
    """What happens from 0.5 everywhere, at the chosen width?"""
    numbers = _medians(accuracy=result.other_accuracy[2], loss=result.other_loss[2, -1], units=result.other_units[2],
                       smallest=abs(result.other_eigenvalue[2]), gaussian=result.other_accuracy[0])  # fmt: skip
    numbers["width"] = result.config.width
    if numbers["accuracy"] == 1:
        return Verdict("constant_fits", numbers)
    return Verdict("constant_stuck" if numbers["gaussian"] == 1 else "constant_open", numbers)


def dice(result: Result) -> Verdict:
    """Do weights and output signs without a random number in them fit as well as Gaussian ones?"""
    right, loss, eigenvalue = result.other_accuracy, result.other_loss[:, -1], result.other_eigenvalue
    numbers = _medians(sine=right[1], gaussian=right[0], loss_sine=loss[1], loss_gaussian=loss[0],
                       eigen_sine=abs(eigenvalue[1]), eigen_gaussian=abs(eigenvalue[0]))  # fmt: skip
    if np.median(right[0]) < 1:
        return Verdict("dice_open", numbers)
    return Verdict("dice_not_needed" if np.median(right[1]) == 1 else "dice_needed", numbers)


def _medians(**arrays: Array) -> Numbers:
    """One number for each array: the median of its repeats."""
    return {name: float(np.median(array)) for name, array in arrays.items()}
