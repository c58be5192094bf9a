"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.conditioning.result import Result
from lib.types import Array, Numbers

MORE = 2.0  # two condition numbers within this factor are alike: the loss is round to the eye in both
HARDLY = 1.25  # numbers of steps within this factor are alike: a quarter more is what another start may cost


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {each.__name__: each(result) for each in (main, rate, bias, absorbs)}


def numbers_of(result: Result) -> Numbers:
    """The numbers of all sentences."""
    config, row, at = result.config, result.row, result.at
    kappa, steps, largest = (np.median(v, 2) for v in (result.kappa, result.steps, result.largest))
    late = np.median(result.late, 1)
    return {
        "offset": config.offset, "inputs": config.inputs, "share": config.share, "bias": config.bias,
        "repeats": result.largest.shape[2],
        "kappa": float(kappa[row, at]), "kappa_zero": float(kappa[row, 0]),
        "kappa_without": float(kappa[0, at]), "kappa_with": float(kappa[1, at]),
        "largest": float(largest[row, at]), "limit": float(2 / largest[row, at]),
        "limit_zero": float(2 / largest[row, 0]), "lr": float(config.share * 2 / largest[row, at]),
        "steps": float(steps[row, at]), "steps_zero": float(steps[row, 0]),
        "own": float(np.median(result.own_steps)),
        "steps_without": float(steps[0, at]), "steps_with": float(steps[1, at]), "with_zero": float(steps[1, 0]),
        "felt": int((result.late[1] > HARDLY * result.late[0]).sum()),
        "late_without": float(late[0]), "late_with": float(late[1]),
    }  # fmt: skip


def headline(result: Result) -> Numbers:
    """The numbers of the answer, which the plain file prints too."""
    numbers = numbers_of(result)
    return {name: numbers[name] for name in ("kappa", "steps", "steps_zero", "limit")}


def _within(first: Array, second: Array, factor: float) -> bool:
    """Whether two conditions (R,) are shown to be within this factor of one another."""
    return alike(np.log(first), np.log(second), float(np.log(factor)))


def main(result: Result) -> Verdict:
    """Does the offset stretch the loss, and does descent pay for it?"""
    numbers = numbers_of(result)
    kappa, round_kappa = result.kappa[result.row, [result.at, 0]]
    steps, round_steps = result.steps[result.row, [result.at, 0]]
    if result.config.offset == 0:
        return Verdict("no_offset", numbers)
    if _within(kappa, round_kappa, MORE):
        return Verdict("round", numbers)
    paid = paired(kappa, round_kappa) == paired(steps, round_steps) == Outcome.HIGHER
    return Verdict("stretched" if paid else "unpaid", numbers)


def rate(result: Result) -> Verdict:
    """Does the descent at the chosen share of 2 / lambda_max converge?"""
    return Verdict("rate_converges" if (result.own_steps >= 0).all() else "rate_diverges", numbers_of(result))


def bias(result: Result) -> Verdict:
    """Does a bias stretch the loss still more, and does descent come to feel it?

    It never makes it rounder: the matrix without a bias is a part of the one with it, so that its eigenvalues lie
    between those (Cauchy's interlacing).
    """
    numbers = numbers_of(result)
    without, with_bias = result.kappa[:, result.at]
    if _within(with_bias, without, MORE):
        return Verdict("bias_alike", numbers)
    late_without, late_with = result.late
    if _within(late_with, late_without, HARDLY):
        return Verdict("bias_unfelt", numbers)
    if paired(late_with, late_without) is not Outcome.HIGHER:
        return Verdict("bias_unclear", numbers)
    much = paired(late_with, HARDLY * late_without) is Outcome.HIGHER
    return Verdict("bias_worse" if much else "bias_rare", numbers)


def absorbs(result: Result) -> Verdict:
    """With a bias that could take the offset away, does the offset still cost steps?"""
    numbers = numbers_of(result)
    offset, zero = result.steps[1, [result.at, 0]]
    if result.config.offset == 0:
        return Verdict("absorbs_nothing", numbers)
    if paired(offset, zero) is Outcome.HIGHER:
        return Verdict("absorbs_not", numbers)
    return Verdict("absorbs_all" if _within(offset, zero, HARDLY) else "absorbs_unclear", numbers)
