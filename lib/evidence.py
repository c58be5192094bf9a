"""Higher, lower, or cannot tell: comparisons as tests over the repeats of a run, at 95 %.

Which test for which kind of number:

- a measurement per repeat, two conditions from the same starting draws: `paired`, Wilcoxon's signed-rank test
  (Wilcoxon 1945; zeros after Pratt 1959), exact up to twelve pairs, ties or not. If a condition may not reach a goal
  at all (infinite steps), ranks mean nothing and it is the sign test (Arbuthnot 1710);
- solved or not per repeat, same draws: `paired_counts`, McNemar's test (1947) in its exact form, the sign test on
  the pairs that differ;
- solved or not, other draws or other numbers of repeats: `counts`, Fisher's exact test (1935);
- "most", "half", or any share that is named beforehand: `share`, the exact binomial test;
- "as well as", "hardly", "alike": `alike`, two one-sided tests (Schuirmann 1987): the difference is shown to be
  smaller than a margin (`alike_counts` for solved or not). That nothing was found is no evidence that nothing is
  there;
- how many times as much: `ratio`, the bootstrap's percentile interval (Efron 1979) for a ratio of paired medians.

All are functions of the numbers alone: the bootstrap draws from a seed of its own, so a verdict has the same key
every time. With ten pairs of which all point one way the signed-rank test gives p = 0.002, and so does the sign
test; with eight of ten the sign test gives 0.11, which tells nothing.
"""

from enum import StrEnum

import numpy as np
import scipy  # its `stats` is loaded at the first comparison, which takes longer than all that a page needs before

from lib.types import Array

LEVEL = 0.05
EXACT = 4096  # sign patterns that are all tried: those of twelve pairs
DRAWS = 2000  # of the bootstrap


class Outcome(StrEnum):
    """What a comparison of the first with the second says."""

    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "cannot tell"


def paired(first: Array, second: Array) -> Outcome:
    """Compare two conditions (R,) repeat by repeat; infinite is more than any number, and equal to infinite."""
    first, second = np.asarray(first, float), np.asarray(second, float)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return _decided(int((first > second).sum()), int((first < second).sum()))
    difference = first - second
    if not difference.any():
        return Outcome.UNCLEAR
    return _sided(_signed_rank(difference, "two-sided"), bool(_signed_ranks(difference).sum() > 0))


def paired_counts(first: Array, second: Array) -> Outcome:
    """Compare how often each of two conditions succeeded, (R,) bool from the same draws."""
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    return _decided(int((first & ~second).sum()), int((~first & second).sum()))


def counts(first: int, of_first: int, second: int, of_second: int) -> Outcome:
    """Compare the share of successes of two conditions that share no draws."""
    table = [[first, of_first - first], [second, of_second - second]]
    return _sided(float(scipy.stats.fisher_exact(table).pvalue), first * of_second > second * of_first)


def share(successes: int, of: int, than: float = 0.5) -> Outcome:
    """Compare a share of successes with one that was named beforehand."""
    if not of:
        return Outcome.UNCLEAR
    return _sided(float(scipy.stats.binomtest(successes, of, than).pvalue), successes > than * of)


def alike(first: Array, second: Array, margin: float) -> bool:
    """Whether two conditions (R,) are shown to differ by less than `margin`, in the numbers' own unit.

    ValueError for successes and failures, whose ranks say nothing about a margin: see `alike_counts`.
    """
    if np.asarray(first).dtype == bool or np.asarray(second).dtype == bool:
        raise ValueError("successes and failures are compared by alike_counts")
    first, second = np.asarray(first, float), np.asarray(second, float)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return False
    difference = first - second
    above, below = _signed_rank(difference + margin, "greater"), _signed_rank(difference - margin, "less")
    return bool(max(above, below) < LEVEL)


def alike_counts(first: Array, second: Array, margin: float) -> bool:
    """Whether the shares of successes of two conditions, (R,) bool from the same draws, differ by less than `margin`.

    The difference lies between minus the share of pairs in which the second alone succeeds and that in which the
    first does; each is bounded from above by Clopper and Pearson (1934).
    """
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    alone = (int((first & ~second).sum()), int((~first & second).sum()))
    level = 1 - 2 * LEVEL  # two-sided, so that each bound is one-sided at LEVEL
    return all(scipy.stats.binomtest(k, len(first)).proportion_ci(level).high < margin for k in alone)


def _decided(more: int, less: int) -> Outcome:
    """The sign test: so many pairs point one way, so many the other."""
    return share(more, more + less)


def _sided(p: float, higher: bool) -> Outcome:
    if p >= LEVEL:
        return Outcome.UNCLEAR
    return Outcome.HIGHER if higher else Outcome.LOWER


def _signed_rank(difference: Array, alternative: str) -> float:
    """Return the p-value of Wilcoxon's signed-rank test; of few pairs, with ties or not, the exact one."""
    if len(difference) < 2 or not difference.any():
        return 1.0
    if 2 ** len(difference) > EXACT:
        return float(scipy.stats.wilcoxon(difference, zero_method="pratt", alternative=alternative).pvalue)
    found = scipy.stats.permutation_test(
        (_signed_ranks(difference),), np.sum, permutation_type="samples", n_resamples=EXACT, alternative=alternative,
        vectorized=True,
    )  # fmt: skip
    return float(found.pvalue)


def _signed_ranks(difference: Array) -> Array:
    """What the test adds up: it and the direction of a difference never disagree."""
    return np.asarray(np.sign(difference) * scipy.stats.rankdata(np.abs(difference)))
