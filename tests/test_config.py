"""One declaration is widget, address, cache key and command line; what is not offered is refused."""

from dataclasses import dataclass

import pytest
from questions import STEMS, config_class

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
    assert ToyQuestion.stem() == "toy_question"
    with pytest.raises(ValueError, match="there is no setting 'depth'; there are width"):
        ToyQuestion.from_strings({"depth": "3"})


def test_grid_varies_one_setting_at_a_time():
    grid = list(ToyQuestion.grid())
    assert grid[0] == ToyQuestion()
    assert len(grid) == 5
    assert len(set(grid)) == 5


# A link in a lecture must keep its meaning: names and defaults of a published question are frozen here.
GOLDEN = {
    "influence": "effect=loss cut=0.8 rescale=3 pixels=raw repair=60 decay=0.0 width=32 steps=300 seed=0",
    "negative_weights": "network=mlp activation=relu start=abs_he/4 optimiser=adam lr=0.005 decay=0.0 steps=300 "
    "repeats=10 seed=0",
    "forbidden_sign": "task=xor held=all activation=relu hidden=1 width=8 steps=300 seed=0",
    "gabor": "data=photographs task=sparse_code sparsity=2.0 filters=32 steps=200 seed=0",
    "null_space": "jitter=0.0 data=digits activation=relu depth=5 width=64 angle=60 seed=0",
    "gradient_signs": "activation=relu layer=2 batch=30 pixels=positive steps=100 start=abs_he/4 unit=0 seed=0",
    "synapses": "task=xor inhibitory=1 inputs=excitatory activation=relu width=8 steps=300 seed=0",
    "template": "network=softmax images=jittered bound=sphere steps=100 decay=0.0 unit=3 seed=0",
    "must_it_be_random": "start=hadamard jitter=0.0 steps=100 activation=relu depth=2 seed=0",
    "wide_networks": "width=256 start=gaussian labels=random samples=64 steps=200 seed=0",
    "other_noise": "source=hidden_dropout amount=0.2 activation=tanh constant=0.5 width=8 lr=0.2 steps=600 seed=0",
    "probability": "held=free feature=radius steps=300 seed=0",
    "deconvnet": "weights=trained layer=2 unit=0 method=zeiler pixels=3 steps=100 seed=0",
    "features": "view=bottleneck activation=relu steps=300 seed=0",
    "symmetry": "constant=0.5 jitter=0.0 arithmetic=float64 width=8 problem=xor activation=tanh lr=0.4 "
    "steps=600 seed=0",
    "restarts": "width=3 activation=relu problem=xor constant=0.5 lr=0.03 steps=500 seed=0",
    "weight_decay": "shrink=0.005 start=abs_he steps=200 seed=0",
    "weight_space": "width=32 start=own steps=400 matched=weights decay=0.0 seed=0",
    "activations": "pair=sigmoid depth=3 biases=zero saturation=8 goal=0.9 steps=100 seed=0",
    "cures": "activation=sigmoid pixels=raw norm=batch_after optimiser=momentum depth=3 goal=0.5 steps=150 seed=0",
    "scale": "gain=1.0 depth=20 activation=relu init=he trainability=off width=64 seed=0",
    "zigzag": "offset=3.0 direction=135 lr=0.03 bias=without seed=0",
    "batch": "batch=64 offset=1.8 inputs=10 error=removed target=across lr=0.01 seed=0",
    "conditioning": "offset=2.0 inputs=10 bias=without share=0.9 seed=0",
    "inverted_input": "network=mlp start=mirrored inversion=minus_x share=0.5 activation=relu optimiser=adam "
    "lr=0.005 decay=0.0 steps=300 seed=0",
}


@pytest.mark.parametrize("stem", STEMS)
def test_defaults_and_names_in_links_are_frozen(stem):
    config = config_class(stem)()
    assert " ".join(f"{k.partition('.')[2]}={v}" for k, v in config.query().items()) == GOLDEN[stem]
    assert config.stem() == stem
