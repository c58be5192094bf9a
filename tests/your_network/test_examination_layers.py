"""Arrays become layers: which axis counts the units, whose bias it is, what is a stack and what is no weight."""

import numpy as np
import pytest
from networks import fresh, rng, weights
from torch import nn

from lib.your_network.contract import Weights
from lib.your_network.examination import examine, names
from lib.your_network.examination.layers import layers_of
from lib.your_network.examination.pictures import pictures, smoothness


def draw(*shape):
    return rng(sum(shape)).normal(size=shape).astype(np.float32)


def told(arrays, form="torch"):
    return {layer.name: layer for layer in layers_of(weights(arrays, form))}


def test_torch_layers_lie_as_they_are():
    arrays = fresh(lambda: nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 4)))
    layers = told(arrays)
    assert {(x.kind, x.layout, x.fan_in, x.fan_out) for x in layers.values()} == {
        ("linear", "out_in", 6, 4),
        ("linear", "out_in", 4, 4),
    }
    assert np.array_equal(layers["1.weight"].matrix, arrays["1.weight"])
    assert np.array_equal(layers["1.weight"].bias, arrays["1.bias"])


@pytest.mark.parametrize(
    "called", [("W{}", "b{}"), ("dense_{}/kernel:0", "dense_{}/bias:0"), ("coefs_{}", "intercepts_{}")]
)
def test_inputs_in_front_are_turned_and_a_square_follows_the_others(called):
    arrays = {}
    for k, (i, o) in enumerate([(6, 5), (5, 5), (5, 3)]):
        arrays |= {called[0].format(k): draw(i, o), called[1].format(k): draw(o)}
    layers = told(arrays, "numpy")
    assert [x.layout for x in layers.values()] == ["in_out"] * 3
    square = layers[called[0].format(1)]
    assert np.array_equal(square.matrix, arrays[called[0].format(1)].T)
    assert np.array_equal(square.bias, arrays[called[1].format(1)])


def test_a_bias_is_known_by_its_name():
    known = {"fc.weight": "fc.bias", "W1": "b1", "dense/kernel:0": "dense/bias:0", "coefs_2": "intercepts_2"}
    known |= {"weight_ih_l0": "bias_ih_l0"}
    assert {weight: names.bias_of(weight, set(known.values())) for weight in known} == known
    assert names.bias_of("fc2.weight", set(known.values())) == ""


def test_unnamed_arrays_pair_by_their_order():
    layers = told({"arr_0": draw(6, 5), "arr_1": draw(5), "arr_2": draw(5, 3), "arr_3": draw(3)}, "numpy")
    assert [(x.layout, len(x.bias)) for x in layers.values()] == [("in_out", 5), ("in_out", 3)]


def test_biases_behind_all_matrices_pair_by_their_order():
    """As scikit-learn's lists are saved; the first bias is as long as the last matrix has inputs."""
    arrays = [draw(64, 32), draw(32, 32), draw(32, 10), draw(32), draw(32), draw(10)]
    layers = list(told({f"arr_{k}": array for k, array in enumerate(arrays)}, "numpy").values())
    assert [(x.layout, x.fan_in) for x in layers] == [("in_out", 64), ("in_out", 32), ("in_out", 32)]
    assert all(np.array_equal(layer.bias, bias) for layer, bias in zip(layers, arrays[3:], strict=True))


@pytest.mark.parametrize(
    ("shapes", "layout"), [([(5, 6), (3, 5)], "out_in"), ([(6, 5), (5, 3)], "in_out"), ([(4, 4)], "unknown")]
)
def test_without_biases_the_neighbours_tell(shapes, layout):
    arrays = {f"a{k}": draw(*shape) for k, shape in enumerate(shapes)}
    assert {x.layout for x in told(arrays, "numpy").values()} == {layout}


CONVOLUTIONS = {  # stored shape, bias; units, inputs, kernel
    "torch": ((16, 3, 5, 5), 16, (16, 3, (5, 5))),
    "tensorflow": ((5, 5, 3, 16), 16, (16, 3, (5, 5))),
    "tensorflow without bias": ((3, 3, 16, 32), None, (32, 16, (3, 3))),
    "transposed": ((16, 8, 4, 4), 8, (8, 16, (4, 4))),
    "one-dimensional": ((16, 3, 7), 16, (16, 3, (7,))),
    "depthwise": ((16, 1, 3, 3), 16, (16, 1, (3, 3))),
}


@pytest.mark.parametrize("case", CONVOLUTIONS)
def test_convolutions(case):
    shape, bias, (units, inputs, kernel) = CONVOLUTIONS[case]
    array = draw(*shape)
    layer = told({"c.weight": array} | ({"c.bias": draw(bias)} if bias else {}))["c.weight"]
    assert (layer.kind, layer.kernel, layer.matrix.shape) == (
        "convolution",
        kernel,
        (units, inputs * np.prod(kernel)),
    )
    filters = layer.matrix.reshape(units, inputs, *kernel)
    axes = {"tensorflow": (3, 2, 0, 1), "transposed": (1, 0, 2, 3)}.get(case.split()[0], tuple(range(array.ndim)))
    assert np.array_equal(filters, array.transpose(axes))


@pytest.mark.parametrize(("maker", "gates"), [(nn.LSTM, 4), (nn.GRU, 3), (nn.RNN, 0)])
def test_gates_are_told_apart(maker, gates):
    arrays = fresh(lambda: maker(5, 7))
    layers = [x for x in told(arrays).values() if x.matrix is not None]
    assert len(layers) == 2 * max(1, gates)
    assert all(x.kind == "recurrent" and x.matrix.shape[0] == 7 for x in layers)
    joined = np.concatenate([x.matrix for x in layers if "hh" in x.name])
    assert np.array_equal(joined, arrays["weight_hh_l0"])
    assert np.array_equal(np.concatenate([x.bias for x in layers if "ih" in x.name]), arrays["bias_ih_l0"])


def test_attention_and_onnx_stacks():
    attention = told(fresh(lambda: nn.MultiheadAttention(8, 2)))
    assert [name for name in attention if "[" in name] == [
        f"in_proj_weight [{part}]" for part in ("query", "key", "value")
    ]
    onnx = told({"onnx::LSTM_7": draw(1, 28, 5), "onnx::LSTM_9": draw(1, 56)}, "onnx")
    assert [layer.kind for layer in onnx.values()] == ["recurrent"] * 4 + ["bias"]
    assert list(onnx)[:2] == ["onnx::LSTM_7 [input gate]", "onnx::LSTM_7 [output gate]"]


USED = {  # what the graph says: kind and layout, for a square matrix that says nothing itself
    "MatMul:1": ("linear", "in_out"),
    "MatMul:0": ("linear", "out_in"),
    "Gemm:1": ("linear", "in_out"),
    "Gemm:1:transB": ("linear", "out_in"),
    "Gather:0": ("embedding", "out_in"),
    "Mul:1": ("constant", "unknown"),
    "MatMul:1, MatMul:0": ("linear", "unknown"),
}


@pytest.mark.parametrize("use", USED)
def test_an_onnx_graph_tells_what_an_array_is(use):
    (layer,) = layers_of(Weights("onnx", {"a": draw(5, 5)}, {}, {}, (), {"a": use}))
    assert (layer.kind, layer.layout) == USED[use]


def test_an_onnx_graph_tells_stacks_and_transposed_convolutions():
    arrays = {"w": draw(2, 28, 5), "b": draw(2, 56), "c": draw(6, 4, 3, 3)}
    uses = {"w": "LSTM:1", "b": "LSTM:3", "c": "ConvTranspose:1"}
    layers = layers_of(Weights("onnx", arrays, {}, {}, (), uses))
    assert [layer.kind for layer in layers] == ["recurrent"] * 8 + ["bias", "convolution"]
    assert layers[-1].matrix.shape == (4, 6 * 9)
    assert layers[4].name == "w [backward input gate]"


def test_norm_layers_tables_and_what_is_no_weight():
    net = nn.Sequential(nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.PReLU(4))
    layers = told(fresh(lambda: net) | {"embed.weight": draw(30, 8), "window": draw(2, 9), "mask": np.eye(3)})
    kinds = {name: layer.kind for name, layer in layers.items()}
    assert kinds == {
        "0.weight": "convolution",
        "1.weight": "norm",
        "1.running_mean": "norm",
        "1.running_var": "norm",
        "1.num_batches_tracked": "constant",
        "2.weight": "norm",
        "embed.weight": "embedding",
        "window": "constant",
        "mask": "constant",
    }
    assert np.array_equal(layers["1.weight"].bias, np.zeros(4))


def test_weight_norm_is_put_together():
    with pytest.warns(FutureWarning):
        net = nn.utils.weight_norm(nn.Linear(6, 4))
    net.weight_g.data *= 3
    expected = (net.weight_g * net.weight_v / net.weight_v.norm(dim=1, keepdim=True)).detach().numpy()
    arrays = {name: tensor.detach().numpy() for name, tensor in net.state_dict().items()}
    assert np.allclose(told(arrays)["weight_v"].matrix, expected)
    assert set(told(arrays)) == {"weight_v"}


def test_pictures_show_the_weights_as_pixels():
    dense, colour = draw(7, 64), draw(5, 3, 6, 6)
    shown = pictures(told({"a.weight": dense})["a.weight"])
    assert np.array_equal(shown[2, :, :, 0], dense[2].reshape(8, 8))
    shown = pictures(told({"a.weight": colour})["a.weight"])
    assert np.array_equal(shown, np.moveaxis(colour, 1, -1))
    assert pictures(told({"a.weight": draw(7, 60)})["a.weight"]) is None


def test_smoothness_is_one_for_stripes_along_and_about_zero_for_noise():
    stripes = np.tile(np.repeat([1.0, -1.0], 16), (1, 4, 1))[..., None]  # (1, 4, 32, 1), one edge
    assert smoothness(stripes) == pytest.approx((1 + 29 / 31) / 2)
    assert abs(smoothness(rng().normal(size=(200, 8, 8, 1)))) < 0.2
    assert smoothness(np.ones((2, 8, 8, 1))) == 0


def test_the_table_has_a_row_for_every_layer():
    arrays = fresh(lambda: nn.Sequential(nn.Linear(6, 4), nn.LayerNorm(4), nn.LSTM(4, 3)))
    table = examine(weights(arrays)).table
    assert list(table["layer"]) == [layer.name for layer in layers_of(weights(arrays))]
    assert (table["weights"].dropna() > 0).all()
