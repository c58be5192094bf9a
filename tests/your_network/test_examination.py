"""What is planted is found and named with its layer and numbers; on healthy networks nothing is invented."""

import numpy as np
import pytest
from catalogue import SLUGS
from networks import MAKERS, STARTS, faults, found, fresh, healthy, rng, trained, weights
from planted import HIDDEN, PLANTED
from torch import nn

from lib.words import load
from lib.your_network.examination import examine

WORDS = load("your_network")


def say(finding):
    return WORDS.say(f"finding.{finding.key}", layer=finding.layer, **finding.numbers)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("kind", MAKERS)
def test_nothing_is_invented_on_healthy_networks(kind, start):
    invented = {seed: faults(trained(kind, start, seed, passes=3)) for seed in range(20)}
    assert {seed: found for seed, found in invented.items() if found} == {}


@pytest.mark.parametrize("key", PLANTED)
def test_what_is_planted_is_found(key):
    plant, layer, numbers = PLANTED[key]
    told = found(plant(), key, layer, form="numpy" if key in ("turned", "layout_unknown") else "torch")
    assert len(told) == 1
    assert {name: told[0].numbers[name] for name in numbers} == numbers
    assert 0 < told[0].weight <= 1


@pytest.mark.parametrize("key", PLANTED)
def test_every_sentence_of_a_planted_network_can_be_said(key):
    examination = examine(weights(PLANTED[key][0]()))
    for finding in examination.findings:
        assert len(say(finding)) > 30
        assert "control" in finding.numbers or finding.key in ("too_few", "normed", "nothing")
        assert finding.question in ("", *SLUGS)
        assert {type(number) for number in finding.numbers.values()} <= {float, int, str}
    assert [f.weight for f in examination.findings] == sorted((f.weight for f in examination.findings), reverse=True)


def test_every_sentence_is_planted_and_every_column_explained():
    assert set(WORDS["finding"]) - {"more", "edges"} == set(PLANTED)  # said behind it
    columns = {column for plant, _, _ in PLANTED.values() for column in examine(weights(plant())).table.columns}
    assert columns == set(WORDS["columns"])


def test_the_same_file_gives_the_same_examination():
    one, other = (examine(weights(healthy())) for _ in range(2))
    assert one.findings == other.findings
    assert one.table.equals(other.table)


def test_progress_is_told_after_every_layer_and_may_give_up():
    told = []
    examine(weights(healthy()), lambda *at: told.append(at))
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(InterruptedError):
        examine(weights(healthy()), lambda *_: (_ for _ in ()).throw(InterruptedError))


def test_arrays_are_left_as_they_are():
    arrays = healthy()
    examine(weights(arrays))
    assert all(np.array_equal(arrays[name], a) for name, a in healthy().items())


FRESH = {  # starts that torch draws: scheme, the module, and whether a single layer can be told
    "torch's default": lambda: nn.Linear(64, 64),
    "He normal": lambda: started(nn.init.kaiming_normal_, nonlinearity="relu"),
    "He uniform": lambda: started(nn.init.kaiming_uniform_, nonlinearity="relu"),
    "Xavier normal": lambda: started(nn.init.xavier_normal_),
    "Xavier uniform": lambda: started(nn.init.xavier_uniform_),
    "LeCun truncated normal": lambda: started(truncated),
    "LeCun normal": lambda: started(nn.init.kaiming_normal_, nonlinearity="linear"),
}


def truncated(weight):
    """Draw as Keras does: lecun_normal leaves out what is beyond two standard deviations and makes up for it."""
    sd = weight.shape[1] ** -0.5 / 0.87962566103423978
    nn.init.trunc_normal_(weight, std=sd, a=-2 * sd, b=2 * sd)


def started(init, **how):
    layer = nn.Linear(96, 80)
    init(layer.weight, **how)
    nn.init.zeros_(layer.bias)
    return layer


@pytest.mark.parametrize("scheme", FRESH)
def test_fresh_layers_are_recognised_by_their_scheme(scheme):
    told = [found(fresh(FRESH[scheme], seed), "untrained") for seed in range(20)]
    assert [f.numbers["start"] for few in told for f in few] == [scheme] * 20


@pytest.mark.parametrize(
    "maker", [lambda: nn.Conv2d(8, 32, 3), lambda: nn.LSTM(20, 32), lambda: nn.Embedding(2000, 32)]
)
def test_fresh_convolutions_gates_and_tables_are_recognised(maker):
    name = {"weight": "embed.weight"} if isinstance(maker(), nn.Embedding) else {}
    arrays = {name.get(n, n): a for n, a in fresh(maker).items()}
    assert set(examine(weights(arrays)).table["as_drawn"].dropna()) == {"yes"}


@pytest.mark.parametrize("stored", ["float16", "bfloat16"])
def test_a_fresh_layer_in_half_precision_is_recognised(stored):
    layer = {f"{n}": a for n, a in fresh(lambda: nn.Linear(64, 128)).items()}
    if stored == "float16":
        layer = {n: a.astype(np.float16).astype(np.float32) for n, a in layer.items()}
    else:
        layer = {n: (a.view(np.uint32) & 0xFFFF0000).view(np.float32) for n, a in layer.items()}
    assert found(layer, "untrained", stored=dict.fromkeys(layer, stored))


def test_one_small_step_is_told_from_a_fresh_start():
    """A signSGD step of a hundredth of the bound carries some weights across it."""
    arrays = fresh(lambda: nn.Linear(64, 128))
    assert found(arrays, "untrained")
    arrays["weight"] += np.float32(0.01 / 8) * rng().choice(np.float32([-1, 1]), (128, 64))
    assert not found(arrays, "untrained")


def test_a_pattern_is_told_from_a_fresh_start():
    """One direction of rank one, too faint to see in the distribution."""
    arrays = {"w.weight": rng().normal(0, np.sqrt(2 / 256), (256, 256)).astype(np.float32)}
    assert found(arrays, "untrained")
    faint = np.outer(rng(1).normal(size=256), rng(2).normal(size=256)) * np.sqrt(2 / 256) * 0.12
    assert not found({"w.weight": arrays["w.weight"] + faint}, "untrained")


def test_a_normal_start_is_told_by_its_zero_biases_or_by_many_weights():
    """Without either a layer that moved a little looks the same."""
    alone = {"w.weight": rng().normal(0, np.sqrt(2 / 64), (64, 64)).astype(np.float32)}
    assert list(examine(weights(alone)).table["as_drawn"]) == ["cannot tell"]
    assert found(alone | {"w.bias": np.zeros(64, np.float32)}, "untrained")
    assert not found(alone | {"w.bias": rng(1).normal(0, 0.05, 64).astype(np.float32)}, "untrained")
    assert found({"w.weight": rng().normal(0, np.sqrt(2 / 256), (256, 256)).astype(np.float32)}, "untrained")


def test_rows_too_short_for_twins_are_not_compared():
    arrays = {"w.weight": rng().standard_t(5, (400, 2)), "w.bias": rng().normal(size=400)}
    assert not found(arrays, "twins")
    assert examine(weights(arrays)).table["rows_compared"].iloc[0] == 0


def test_a_pruned_matrix_has_dead_rows_only_beyond_chance():
    """Ninety per cent zeros in rows of eight: 0.9^8 = 43 % of all rows are empty by chance."""
    sparse = rng().normal(size=(500, 8)) * (rng(1).random((500, 8)) < 0.1)
    told = found({"w.weight": sparse}, "dead_rows")
    assert all(f.numbers["control"] > 150 for f in told)


def test_depthwise_filters_that_are_alike_are_no_twins():
    kernel = rng().normal(size=(1, 1, 3, 3)) * np.ones((16, 1, 1, 1))
    first = {"a.weight": rng().normal(size=(16, 3, 3, 3))}
    assert not found(first | {"b.weight": kernel + 1e-7}, "twins")
    assert found({"b.weight": kernel + 1e-7 * rng().normal(size=kernel.shape)}, "twins")


def test_places_are_no_quantised_weights():
    assert not found(healthy() | {"places": np.arange(600).reshape(2, 300)}, "whole")


def test_masks_and_infinities():
    mask = np.triu(np.full((16, 16), -np.inf), 1)
    assert not found(healthy() | {"causal": mask}, "broken")
    assert not found(healthy() | {"lowest": np.array([-np.inf])}, "broken")
    arrays = healthy()
    arrays[HIDDEN][0, :2] = np.inf, -np.inf
    told = found(arrays, "broken", HIDDEN)
    assert (told[0].numbers["broken"], told[0].numbers["nan"]) == (2, 0)


def test_a_batch_norm_is_one_layer_though_it_keeps_four_rows():
    net = nn.Sequential(nn.Linear(20, 30), nn.BatchNorm1d(30), nn.Linear(30, 30), nn.LayerNorm(30), nn.Linear(30, 10))
    assert [one.numbers["layers"] for one in found(fresh(lambda: net), "normed")] == [2]
