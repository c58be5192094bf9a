"""What a claim's author meant is ruled on, also at other ends than the default's: no more, and nothing else."""

import pytest

from lib.words import condition, load, ruling

CASES = [  # slug, claim, how a run ended, what follows
    ("batch", "batch_mitigates", "unreached", "open"),  # no signs were looked at
    ("batch", "batch_frees_signs", "signs_untied", "open"),  # single samples were freer, so nothing was tied
    ("other_noise", "every_layer_random", "layers_one", "wrong"),  # one was enough
    ("other_noise", "equal_for_ever", "sorted", "right"),
    ("symmetry", "works_badly", "equal_longer", "right"),
    ("symmetry", "works_badly", "equal_one_enough", "depends"),
    ("symmetry", "takes_much_longer", "equal_longer", "right"),
    ("template", "feature", "template_unclear", "open"),
    ("template", "resembles", "maximiser_box", "right"),  # "in the sense of the dot product", says its author
    ("weight_space", "other_start_other_weights", "start_and_order", "right"),  # of batches it says nothing
    ("zigzag", "zigzags", "zigzag_bias", "right"),
    ("zigzag", "zigzags", "straight", "open"),  # "could"
]


def claim_of(slug, name):
    return next(claim for claim in load(slug)["claims"] if claim["id"] == name)


@pytest.mark.parametrize(("slug", "name", "key", "told"), CASES)
def test_a_ruling_is_fair_to_what_was_meant(slug, name, key, told):
    assert ruling(claim_of(slug, name), key) == told


def test_a_condition_is_one_that_the_run_found_true():
    """For the accuracy 'all else is equal' does not help: there the bigger weight does not even then matter more."""
    claim = claim_of("influence", "bigger_matters_more")
    assert condition(claim, "clause") == condition(claim, "plain") == "all else is equal"
    assert condition(claim, "input") == "size times input is meant"


def test_a_condition_says_more_than_its_claim():
    claim = claim_of("weight_space", "all_one_basin")
    assert "wide enough" in claim["claim"] and "wide enough" not in condition(claim, "barrier_shrinks")


def test_half_a_guess_is_not_its_author_s():
    """The comment's −2 is a missing link and hops from elsewhere: without the second half nobody said it."""
    assert "hops" in claim_of("synapses", "minus_two_synapses")["claim"]
    assert claim_of("synapses", "negative_missing_link")["origin"] == "elsewhere"
