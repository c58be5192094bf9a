"""The data are what they say, and the same every time."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_breast_cancer, load_digits

from lib.engine import data, points


def test_digits_are_scikit_learns():
    split, given = data.digits(), load_digits()
    ours = torch.cat([torch.cat([split.x, split.test_x]), torch.cat([split.y, split.test_y]).unsqueeze(1) / 1.0], 1)
    theirs = np.concatenate([given.data / 16, given.target[:, None]], 1)
    ordered = [np.array(sorted(map(tuple, rows))) for rows in (ours.numpy(), theirs)]
    np.testing.assert_array_equal(ordered[0], ordered[1])
    assert (len(split.x), len(split.test_x)) == (1297, 500)
    assert (split.x.min(), split.x.max()) == (0, 1)


def test_tumours_are_scikit_learns():
    (x, y), given = data.breast_cancer(), load_breast_cancer()
    np.testing.assert_allclose(x.numpy(), given.data, rtol=1e-6)
    np.testing.assert_array_equal(y.numpy(), 1 - given.target)  # theirs: 1 for benign


def test_the_split_is_stratified_and_fixed():
    split = data.digits()
    whole = torch.bincount(torch.cat([split.y, split.test_y]))
    assert ((torch.bincount(split.test_y) - whole * 500 / 1797).abs() <= 1).all()
    data.digits.cache_clear()
    assert torch.equal(data.digits().test_x, split.test_x)


def test_centred_digits_have_mean_zero_in_the_training_half():
    split = data.digits(centred=True)
    assert split.x.mean(0).abs().max() < 1e-6
    torch.testing.assert_close(split.x - split.x[0], data.digits().x - data.digits().x[0])


@pytest.mark.parametrize("name", points.PLANES)
def test_problems_in_the_plane(name):
    x, y = points.plane(name, 200, seed=3)
    again, _ = points.plane(name, 200, seed=3)
    other, _ = points.plane(name, 200, seed=4)
    assert x.shape == (200, 2)
    assert torch.bincount(y).tolist() == [100, 100]
    assert torch.equal(x, again)
    assert not torch.equal(x, other)
    assert x.abs().max() < 2


def test_the_shapes_in_the_plane():
    x, y = points.plane("xor", 400, seed=0, noise=0)
    assert torch.equal(x.prod(1) < 0, y == 1)
    x, y = points.plane("circles", 400, seed=0, noise=0)
    torch.testing.assert_close(x.norm(dim=1), torch.where(y == 1, 0.4, 1.0))
    x, y = points.plane("spirals", 400, seed=0, noise=0)
    angle = 3.5 * torch.pi * x.norm(dim=1) + torch.pi * y
    torch.testing.assert_close(x, x.norm(dim=1, keepdim=True) * torch.stack([angle.cos(), angle.sin()], 1))
    x, y = points.plane("blobs", 400, seed=0, noise=0)
    assert ((x.sum(1) > 0) == (y == 1)).float().mean() > 0.95
    x, y = points.plane("moons", 400, seed=0, noise=0)
    centre = torch.tensor([0.5, 0.25])
    torch.testing.assert_close((torch.where(y.unsqueeze(1) == 1, -x, x) + centre).norm(dim=1), torch.ones(400))


def test_boolean_functions():
    table = {name: data.boolean(name)[1].flatten().bool().tolist() for name in data.BOOLEAN}
    assert len({tuple(row) for row in table.values()}) == 16
    rows = [(False, False), (False, True), (True, False), (True, True)]
    assert data.boolean("xor")[0].bool().tolist() == [list(r) for r in rows]
    for name, rule in {
        "and": lambda a, b: a and b,
        "a_and_not_b": lambda a, b: a and not b,
        "xor": lambda a, b: a != b,
        "or": lambda a, b: a or b,
        "b_or_not_a": lambda a, b: b or not a,
        "a_or_not_b": lambda a, b: a or not b,
        "nand": lambda a, b: not (a and b),
        "not_a": lambda a, b: not a,
        "b": lambda a, b: b,
    }.items():
        assert table[name] == [rule(a, b) for a, b in rows], name


@pytest.mark.parametrize("name", data.CURVES)
def test_curves(name):
    x, y = data.curve(name, 21)
    assert x.shape == y.shape == (21, 1)
    assert (x[0], x[-1]) == (-1, 1)
    assert y.abs().max() <= 1


def test_unknown_names_are_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no problem 'swiss' in the plane; there are xor"):
        points.plane("swiss", 10, 0)
    with pytest.raises(ValueError, match="no Boolean function 'maybe'; there are false"):
        data.boolean("maybe")
    with pytest.raises(ValueError, match="no curve 'cosine'; there are ramp"):
        data.curve("cosine", 5)
