"""One declaration is widget, address, cache key and command line; what is not offered is refused."""

from dataclasses import dataclass

import pytest
from catalogue import SLUGS, config_class, own_test

from lib.config import Config, choice


@dataclass(frozen=True)
class ToyQuestion(Config):
    width: int = choice(8, among=(4, 8))
    rate: float = choice(0.1, among=(0.1, 1.0))
    kind: str = choice("relu", among=("relu", "tanh"))
    bias: bool = choice(True, among=(False, True))


def test_values_become_the_offered_ones():
    config = ToyQuestion(width=8.0, rate=1)
    assert (type(config.width), type(config.rate)) == (int, float)
    assert config == ToyQuestion(rate=1.0)
    assert hash(config) == hash(ToyQuestion(rate=1.0))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"width": 5}, "width cannot be '5'; choose one of 4, 8"),
        ({"kind": "<script>" * 1000}, "kind cannot be '<script><script><script><script><script>'; choose one of"),
        ({"bias": 1}, "bias cannot be '1'"),
        ({"rate": float("nan")}, "rate cannot be 'nan'"),
    ],
)
def test_what_is_not_offered_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        ToyQuestion(**given)


def test_declarations_are_checked():
    with pytest.raises(ValueError, match="default 3 is not among"):
        choice(3, among=(1, 2))
    with pytest.raises(ValueError, match="look the same in an address"):
        choice(1, among=(1, "1"))
    with pytest.raises(ValueError, match="ToyQuestion is already a Config of test_config"):
        type("ToyQuestion", (Config,), {"__module__": "elsewhere"})


def test_address_and_back():
    config = ToyQuestion(width=4, bias=False)
    assert config.query() == {
        "ToyQuestion.width": "4",
        "ToyQuestion.rate": "0.1",
        "ToyQuestion.kind": "relu",
        "ToyQuestion.bias": "False",
    }
    assert ToyQuestion.from_strings({k.partition(".")[2]: v for k, v in config.query().items()}) == config
    assert ToyQuestion.slug() == "toy_question"
    with pytest.raises(ValueError, match="there is no setting 'depth'; there are width"):
        ToyQuestion.from_strings({"depth": "3"})


def test_grid_varies_one_setting_at_a_time():
    grid = list(ToyQuestion.grid())
    assert grid[0] == ToyQuestion()
    assert len(grid) == 5
    assert len(set(grid)) == 5


@pytest.mark.parametrize("slug", SLUGS)
def test_defaults_and_names_in_links_are_frozen(slug):
    """A link in a lecture must keep its meaning."""
    config = config_class(slug)()
    assert " ".join(f"{k.partition('.')[2]}={v}" for k, v in config.query().items()) == own_test(slug).DEFAULTS
    assert config.slug() == slug
