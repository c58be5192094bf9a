"""Files that are read: everything comes back as its own package saved it."""

import io
import zipfile

import made_files as made
import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from onnx import TensorProto, helper, numpy_helper

from lib.words import load
from lib.your_network.contract import Refused
from lib.your_network.files import read
from lib.your_network.files.decoding import table

WORDS = load("your_network")
FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
EIGHTS = [torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz]
WHOLE = [torch.int8, torch.uint8, torch.int16, torch.uint16, torch.int32, torch.uint32, torch.int64, torch.uint64]


def said(weights):
    """Every sentence about a file, formatted."""
    return [WORDS.say(f"notes.{key}", **numbers) for key, numbers in weights.notes] + [
        WORDS[f"skipped.{why}"] for why in weights.skipped.values()
    ]


def plain(tensor):
    """A tensor's numbers as numpy has them; what numpy has not, as float32."""
    tensor = tensor.detach()
    halves = (torch.float16, torch.bfloat16, *EIGHTS)
    return (tensor.float() if tensor.dtype in halves else tensor).numpy()


def same(weights, expected):
    assert list(weights.arrays) == list(expected)
    for name, array in weights.arrays.items():
        assert array.dtype == expected[name].dtype
        np.testing.assert_array_equal(array, expected[name], strict=True)


@pytest.mark.parametrize("form", made.formats())
def test_a_file_is_told_by_its_content(form):
    content = made.formats()[form]
    weights = read("whatever.txt", content)
    assert weights.format == form.split(",")[0].replace("npz", "numpy").replace("npy", "numpy")
    assert set(weights.stored) == set(weights.arrays)
    assert said(weights) is not None


@pytest.mark.parametrize("proto", [2, 3, 4, 5])
def test_a_state_dict_comes_back(proto):
    state = made.network().state_dict()
    content = made.saved(state, pickle_protocol=proto)
    for one in (content, made.repacked(content)):
        same(read("net.pt", one), {name: plain(tensor) for name, tensor in state.items()})


@pytest.mark.parametrize("dtype", [*FLOATS, *EIGHTS, *WHOLE, torch.bool], ids=str)
def test_every_dtype_of_torch_comes_back(dtype):
    values = torch.arange(-8, 8).abs() if dtype in WHOLE else torch.linspace(-3, 3, 16)
    tensor = values.reshape(4, 4).to(dtype)
    weights = read("net.pt", made.saved({"w": tensor, "view": tensor[1:, ::2], "turned": tensor.T}))
    same(weights, {"w": plain(tensor), "view": plain(tensor)[1:, ::2], "turned": plain(tensor).T})
    assert set(weights.stored.values()) == {str(dtype).removeprefix("torch.")}
    assert len([text for text in said(weights) if text]) == len(weights.notes)


@pytest.mark.parametrize("dtype", EIGHTS, ids=str)
def test_every_code_of_eight_bits_is_torchs_number(dtype):
    own = table(str(dtype).removeprefix("torch."))
    np.testing.assert_array_equal(own, torch.arange(256, dtype=torch.uint8).view(dtype).float().numpy())


def test_shapes_of_every_kind_come_back():
    tensors = {
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.ones(2, 3)),
        "expanded": torch.tensor([1.0, 2.0]).expand(3, 2),
        "part": torch.arange(24.0).reshape(2, 3, 4)[1, :, 1:3],
        "last": torch.arange(5)[4:],
    }
    weights = read("net.pt", made.saved(tensors))
    same(weights, {name: plain(tensor) for name, tensor in tensors.items()})
    assert not any(array.flags.writeable for array in weights.arrays.values() if array.size)


def test_nested_checkpoints_have_names_with_dots_and_no_optimiser():
    net = made.network()
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.ones(3, 4)).sum().backward()
    optimiser.step()
    content = made.saved({"epoch": 4, "model": net.state_dict(), "best": 0.3, "opt": optimiser.state_dict()})
    weights = read("net.pt", content)
    same(weights, {f"model.{name}": plain(tensor) for name, tensor in net.state_dict().items()})
    assert weights.skipped == {"opt": "training"}
    assert dict(weights.notes) == {"nested": {"name": "model"}, "training": {"name": "opt"}, "values": {"count": 2}}
    assert len(said(weights)) == 4


def test_copies_and_shared_numbers_are_told():
    state = made.network().state_dict()
    moved = {name: tensor.clone() for name, tensor in state.items()}
    copies = read("net.pt", made.saved({"model": state, "ema": moved}))
    assert ("copies", {"names": "model, ema", "count": 2}) in copies.notes
    table_ = torch.ones(5, 3)
    tied = read("net.pt", made.saved({"embed": table_, "head": table_, "other": torch.ones(2), "part": table_[0]}))
    assert tied.notes == (("shared", {"names": "embed, head", "count": 2, "of": 4, "groups": 1}),)
    layers = read("net.pt", made.saved({"one": {"weight": torch.ones(2)}, "two": {"weight": torch.ones(2)}}))
    assert layers.notes == ()
    assert len(said(copies)) == len(copies.notes)


def test_equal_names_stay_apart():
    weights = read("net.pt", made.saved({"a.b": torch.ones(1), "a": {"b": torch.zeros(1)}}))
    same(weights, {"a.b": np.ones(1, np.float32), "a.b (2)": np.zeros(1, np.float32)})


@pytest.mark.filterwarnings("ignore")  # torch's own, about sparse and quantised tensors
def test_what_numpy_has_not_is_left_out_with_its_reason():
    ones = torch.ones(2, 3)
    tensors = {
        "sparse": ones.to_sparse(),
        "rows": ones.to_sparse_csr(),
        "quantised": torch.quantize_per_tensor(ones, 0.1, 0, torch.qint8),
        "complex": torch.ones(2, dtype=torch.complex64),
        "lazy": torch.ones(2, dtype=torch.complex64).conj(),
        "meta": torch.ones(2, device="meta"),
        "kept": ones,
        "number": np.float64(3),
        "size": torch.Size([2]),
    }
    weights = read("net.pt", made.saved(tensors))
    assert list(weights.arrays) == ["kept"]
    assert weights.skipped == {
        "sparse": "sparse", "rows": "sparse", "quantised": "quantised", "complex": "complex", "lazy": "lazy",
        "meta": "meta",
    }  # fmt: skip
    assert said(weights)


def test_a_big_endian_checkpoint_is_turned_round():
    tensor = torch.linspace(0, 1, 5)
    with zipfile.ZipFile(io.BytesIO(made.saved({"w": tensor}))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["archive/byteorder"] = b"big"
    parts["archive/data/0"] = tensor.numpy().astype(">f4").tobytes()
    weights = read("net.pt", made.archive(parts.items()))
    same(weights, {"w": tensor.numpy()})
    assert weights.notes == (("big_endian", {}),)


def test_a_wrong_checksum_is_told():
    content = bytearray(made.saved({"w": torch.full((4,), 1.5)}))
    content[content.find(np.float32(1.5).tobytes() * 4)] ^= 1
    assert ("checksum", {"count": 1}) in read("net.pt", bytes(content)).notes
    content = bytearray(made.npz({"w": np.full(4, 1.5)}))
    content[content.find(np.float64(1.5).tobytes() * 4)] ^= 1
    assert ("checksum", {"count": 1}) in read("net.npz", bytes(content)).notes


def expected(array):
    """As it is given: halves as float32."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


@pytest.mark.parametrize("form", ["safetensors", "npz", "npz, packed", "onnx"])
def test_arrays_come_back_from_every_other_format(form):
    weights = read("net", made.formats()[form])
    for name, array in made.arrays().items():
        np.testing.assert_array_equal(weights.arrays[name], expected(array), strict=True)
        assert weights.stored[name] == array.dtype.name


def test_safetensors_of_torch_come_back():
    tensors = {str(dtype): torch.linspace(-2, 2, 6).to(dtype) for dtype in [*FLOATS, *EIGHTS]}
    content = safetensors.torch.save(tensors, {"format": "pt"})
    weights = read("net.safetensors", content)
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(weights.arrays[name], plain(tensor), strict=True)
    assert ("framework", {"name": "pt"}) in weights.notes
    assert [weights.stored[str(dtype)] for dtype in EIGHTS] == [str(dtype).removeprefix("torch.") for dtype in EIGHTS]


def test_numpys_own_layouts_come_back():
    array = np.arange(24.0).reshape(2, 3, 4)
    for one in (np.asfortranarray(array), array.astype(">f8"), array.astype(">f2"), array[..., 0].T):
        same(read("a/w.npy", made.npy(one)), {"w": expected(one.astype(one.dtype.newbyteorder("=")))})


def test_what_is_no_number_in_npz_is_left_out():
    odd = {
        "text": np.array(["a"]), "time": np.array(["2020-01-01"], "M8[D]"), "complex": np.ones(2, complex),
        "table": np.zeros(2, [("a", "f4"), ("b", "i4", (2,))]), "objects": np.array([None]), "kept": np.ones(2),
        "unknown": np.zeros(2, "V2"),
    }  # fmt: skip
    weights = read("odd.npz", made.npz(odd))
    assert list(weights.arrays) == ["kept"]
    assert weights.skipped == {name: name for name in odd if name != "kept"}
    assert len(said(weights)) == 6


def test_uses_of_onnx_are_told():
    weights = read("net.onnx", made.onnx_file())
    assert weights.uses == {
        "first.weight": "Gemm:1:transB", "first.bias": "Gemm:2:transB", "c": "Constant:0, MatMul:1",
    }  # fmt: skip
    assert ("constants", {"count": 1}) in weights.notes


CODES = [code for code in TensorProto.DataType.values() if code not in (0, 8, 14, 15) and code < 17]


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "fields"])
@pytest.mark.parametrize("code", CODES, ids=TensorProto.DataType.Name)
def test_every_dtype_of_onnx_comes_back(code, raw):
    values = np.array([0, 1, 3, 100, 1] if code in (2, 4, 12, 13, 9) else [0, 1, -3, 100, -1.0])
    kind = helper.tensor_dtype_to_np_dtype(code)
    tensor = helper.make_tensor("w", code, [5], values.astype(kind).tobytes() if raw else values.astype(kind), raw)
    array = read("net.onnx", made.model([tensor])).arrays["w"]
    half = code in (TensorProto.FLOAT16, TensorProto.BFLOAT16)
    np.testing.assert_array_equal(
        array, numpy_helper.to_array(tensor).astype(np.float32 if half else kind), strict=True
    )


def test_graphs_within_nodes_are_read_and_names_do_not_mix():
    branches = {
        name: made.graph(
            [numpy_helper.from_array(np.full(3, value, np.float32), "w")],
            [helper.make_node("Add", ["w", "outer"], [f"out_{name}"])],
        )
        for name, value in (("then_branch", 1), ("else_branch", 2))
    }
    outer = numpy_helper.from_array(np.zeros(3, np.float32), "outer")
    same_one = helper.make_node("Identity", ["outer"], ["alias"])
    node = helper.make_node("If", ["condition"], ["y"], name="choose", **branches)
    weights = read("net.onnx", made.model([outer], [same_one, node, helper.make_node("Mul", ["y", "alias"], ["z"])]))
    assert {name: array[0] for name, array in weights.arrays.items()} == {
        "outer": 0, "choose.then_branch.w": 1, "choose.else_branch.w": 2,
    }  # fmt: skip
    assert weights.uses == {
        "outer": "Add:1, Mul:1", "choose.then_branch.w": "Add:0", "choose.else_branch.w": "Add:0",
    }  # fmt: skip
    assert ("subgraphs", {"count": 2}) in weights.notes
    assert said(weights)


def test_a_pickled_array_is_refused_where_there_is_nothing_else():
    with pytest.raises(Refused, match="pickle"):
        read("w.npy", made.npy(np.array([None, 1])))


def test_a_byte_that_is_no_boolean_is_true():
    """numpy would keep it, and count it as it is."""
    content = bytearray(made.npy(np.array([False, True])))
    content[-1] = 7
    assert read("w.npy", bytes(content)).arrays["w"].view(np.uint8).tolist() == [0, 1]
