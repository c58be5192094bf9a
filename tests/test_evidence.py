"""Comparisons against simulated data whose truth is known: few false alarms, real differences found."""

import numpy as np
import pytest
from scipy import stats

from lib.evidence import Outcome, alike, alike_counts, counts, paired, paired_counts, share

ROUNDS = 200
ALARMS = stats.binom.ppf(0.999, ROUNDS, 0.05)  # of tests whose level is kept, once in a thousand more than these


def simulated(kind, rng, repeats=10, shift=0.0):
    """Pairs from the same draws: a common part, and for each condition its own."""
    common = rng.standard_normal(repeats)
    noise = {
        "normal": lambda: rng.standard_normal(repeats),
        "skewed": lambda: rng.exponential(size=repeats),
        "whole numbers": lambda: rng.integers(0, 4, repeats).astype(float),
        "mostly equal": lambda: (rng.random(repeats) < 0.2).astype(float),
        "some never": lambda: np.where(rng.random(repeats) < 0.3, np.inf, rng.standard_normal(repeats)),
    }[kind]
    return common + noise() + shift, common + noise()


KINDS = ("normal", "skewed", "whole numbers", "mostly equal", "some never")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("repeats", [10, 20])
def test_two_conditions_that_do_not_differ_are_rarely_told_apart(kind, repeats):
    rng = np.random.default_rng(1)
    alarms = sum(paired(*simulated(kind, rng, repeats)) != Outcome.UNCLEAR for _ in range(ROUNDS))
    assert alarms <= ALARMS


def test_a_real_difference_is_found_with_its_direction():
    rng = np.random.default_rng(2)
    found = [paired(*simulated("normal", rng, 10, shift=3.0)) for _ in range(200)]
    assert found.count(Outcome.HIGHER) > 190
    assert found.count(Outcome.LOWER) == 0
    first, second = simulated("normal", rng, 10, shift=3.0)
    assert paired(first, second) == Outcome.HIGHER
    assert paired(second, first) == Outcome.LOWER
    assert paired(first, first) == Outcome.UNCLEAR


def test_the_signed_rank_test_is_scipys_exact_one_where_that_has_no_ties():
    rng = np.random.default_rng(3)
    for _ in range(20):
        first, second = simulated("normal", rng, 10, shift=0.8)
        exact = stats.wilcoxon(first - second, method="exact").pvalue
        assert (paired(first, second) != Outcome.UNCLEAR) == (exact < 0.05)


def test_a_single_pair_tells_nothing():
    assert paired(np.ones(1), np.zeros(1)) == Outcome.UNCLEAR
    assert not alike(np.ones(1), np.ones(1), 1.0)


def test_who_never_arrives_is_later_than_who_does():
    steps, never = np.arange(10.0), np.full(10, np.inf)
    assert paired(never, steps) == Outcome.HIGHER
    assert paired(never, never) == Outcome.UNCLEAR


def test_nineteen_of_twenty_are_not_fewer_than_twenty():
    nineteen = np.arange(20) > 0
    assert paired_counts(nineteen, np.ones(20, bool)) == Outcome.UNCLEAR
    assert counts(19, 20, 20, 20) == Outcome.UNCLEAR
    assert counts(197, 200, 173, 200) == Outcome.HIGHER
    assert paired_counts(np.zeros(20, bool), np.arange(20) < 8) == Outcome.LOWER


@pytest.mark.parametrize("of", [10, 20, 64])
def test_shares_keep_their_level(of):
    rng = np.random.default_rng(4)
    alarms = sum(share(int(rng.binomial(of, 0.5)), of) != Outcome.UNCLEAR for _ in range(ROUNDS))
    assert alarms <= ALARMS
    assert (share(of, of), share(0, of), share(0, 0)) == (Outcome.HIGHER, Outcome.LOWER, Outcome.UNCLEAR)


def test_alike_has_to_be_shown():
    rng = np.random.default_rng(5)
    first, second = simulated("normal", rng, 10)
    assert not alike(first, second, 0.1)  # too few repeats to tell
    assert alike(first, second, 10.0)
    wrong = [alike(*simulated("normal", rng, 10, shift=1.0), margin=1.0) for _ in range(ROUNDS)]
    assert sum(wrong) <= ALARMS  # a difference as large as the margin is rarely called none
    never = np.array([1.0, np.inf])
    assert not alike(never, np.ones(2), 1.0)
    assert not alike(never, never, 1.0)


def test_alike_shares_have_to_be_shown_too():
    rng = np.random.default_rng(7)
    with pytest.raises(ValueError, match="alike_counts"):
        alike(np.ones(4, bool), np.ones(4, bool), 0.1)
    assert alike_counts(np.ones(60, bool), np.ones(60, bool), 0.05)
    assert not alike_counts(np.ones(20, bool), np.ones(20, bool), 0.05)  # too few to tell
    apart = rng.random((ROUNDS, 2, 100)) < np.array([0.9, 0.8])[:, None]
    assert sum(alike_counts(*pair, 0.1) for pair in apart) <= ALARMS
