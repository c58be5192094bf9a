"""Numbers agree as printed: every verdict of every question, at every setting that differs from the default in one.

Few repeats and the shortest training that still says something: what is looked at is how the numbers of one sentence
go together, not how large they are. The slow questions take two minutes: set WHOLE_GRID to look at them too. What all
of them say at the ends of their controls is looked at by tests/test_ui.py.
"""

import os
from dataclasses import replace

import pytest
from catalogue import SLUGS, config_class, experiment
from printed import faults

from lib.question import find
from lib.words import load

FEW = {"REPEATS": 3, "TUNING": 1, "PANEL_STEPS": 20, "TRIES_STEPS": 40}
SLOW = {
    *("activations", "cures", "deconvnet", "features", "gabor", "influence", "must_it_be_random"),
    *("negative_weights", "null_space", "probability", "restarts", "scale", "weight_space"),
}
SHORT = 30  # steps at the most, but where the number of steps is the setting that differs


def grid(slug):
    """The default and all that differ from it in one setting, not in the start number; with few steps."""
    default = config_class(slug)()
    for config in config_class(slug).grid():
        if getattr(config, "seed", 0) == getattr(default, "seed", 0):
            yield shortened(config, default)


def shortened(config, default):
    if not hasattr(config, "steps") or config.steps != default.steps:
        return config
    offered = next(item.among for item in config.choices() if item.name == "steps")
    return replace(config, steps=max((s for s in offered if s <= SHORT), default=min(offered)))


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in SLOW or os.environ.get("WHOLE_GRID")])
def test_the_numbers_of_a_sentence_go_together(slug, monkeypatch):
    question, words, found = find(slug), load(slug), []
    for name, value in FEW.items():
        monkeypatch.setattr(experiment(slug), name, value, raising=False)
    for config in dict.fromkeys(grid(slug)):
        for entry, verdict in question.verdicts(experiment(slug).run(config)).items():
            sentence = words.verdict(entry, *verdict)
            found += [f"{config}\n{entry}: {fault}\n{sentence}" for fault in faults(sentence, config)]
    assert not found, "\n\n".join(found[:10])


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("after **step 101** of the run", "step 101 of 100"),
        ("11 of 10 networks", "a part above its whole: 11 of 10"),
        ("between 12% and 3% of them", "an interval upside down: 12 to 3"),
        ("fell by −0.0 points", "minus nothing"),
        ("120% of the weights", "more than the whole: 120%"),
    ],
)
def test_each_fault_is_found(sentence, fault):
    config = config_class("negative_weights")(steps=100)
    assert list(faults(sentence, config)) == [fault]
    assert list(faults("after step 100, 10 of 10, between 3% and 12%, −0.04, 100% of them", config)) == []
