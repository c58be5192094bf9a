"""Numbers agree as printed: every verdict of every question, at every setting that differs from the default in one.

Few repeats and the shortest training that still says something: what is looked at is how the numbers of one sentence
go together, not how large they are.
"""

import os
import re
from dataclasses import replace

import pytest
from catalogue import SLUGS, config_class, experiment

from lib.question import find
from lib.words import load

FEW = {"REPEATS": 3, "TUNING": 1, "PANEL_STEPS": 20, "TRIES_STEPS": 40}
SHORT = 30  # steps at the most, but where the number of steps is the setting that differs


def grid(slug):
    """The default, and all that differ from it in one word or one end of a number; with few steps.

    With WHOLE_GRID set, in every value that is offered, which takes three times as long.
    """
    default = config_class(slug)()
    numbers = {item.name: item.among for item in config_class(slug).choices() if not isinstance(item.default, str)}
    for config in config_class(slug).grid():
        changed = [n for n in numbers if getattr(config, n) != getattr(default, n)]
        ends = all(getattr(config, name) in (numbers[name][0], numbers[name][-1]) for name in changed)
        if "seed" not in changed and (ends or os.environ.get("WHOLE_GRID")):
            yield shortened(config, default)


def shortened(config, default):
    if not hasattr(config, "steps") or config.steps != default.steps:
        return config
    offered = next(item.among for item in config.choices() if item.name == "steps")
    return replace(config, steps=max((s for s in offered if s <= SHORT), default=min(offered)))


NUMBER = r"([\d.]+)"
THINGS = "weights|units|networks|runs|digits|samples|gradients|patients|pairs"


def faults(sentence, config):
    """What no sentence may say, whatever it is about."""
    last = getattr(config, "steps", float("inf"))
    for part, whole in re.findall(r"(?<![\d.])(\d+) of (?:the |all )?(\d+)(?![\d.]*%)", sentence):
        if int(part) > int(whole):
            yield f"a part above its whole: {part} of {whole}"
    for low, high in re.findall(rf"between \**{NUMBER}%? and {NUMBER}%", sentence):
        if float(low) > float(high):
            yield f"an interval upside down: {low} to {high}"
    for share in re.findall(rf"(?<![−+\d.]){NUMBER}% of (?:the |its |all )?(?:{THINGS})", sentence):
        if float(share) > 100:
            yield f"more than the whole: {share}%"
    for step in re.findall(r"(?:after|before|at|by|around|until) \**step \**(\d+)", sentence):
        if int(step) > last:
            yield f"step {step} of {last}"
    if re.search(r"(?<![\de.])−0(?:\.0+)?(?![\d.])", sentence):
        yield "minus nothing"


@pytest.mark.parametrize("slug", SLUGS)
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
