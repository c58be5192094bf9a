"""Files of every format that is read, made by their own packages."""

import io
import struct
import zipfile

import numpy as np
import safetensors.numpy
import torch
from onnx import TensorProto, helper, numpy_helper


def saved(value, **options):
    """What torch.save writes."""
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def network():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.BatchNorm1d(6), torch.nn.Linear(6, 2))


def arrays():
    rng = np.random.default_rng(0)
    return {
        "first.weight": rng.normal(size=(6, 4)).astype(np.float32),
        "first.bias": rng.normal(size=6),
        "half": rng.normal(size=(3, 2)).astype(np.float16),
        "index": np.arange(5),
        "mask": np.array([True, False]),
        "scalar": np.array(3.5, np.float32),
        "none": np.zeros((0, 3), np.float32),
    }


def npz(values, compressed=False):
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **values)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def graph(tensors, nodes, inner=()):
    return helper.make_graph([*nodes, *inner], "g", [], [], tensors)


def model(tensors, nodes=()):
    """A serialised ONNX model with initialisers and nodes."""
    nodes = nodes or [helper.make_node("MatMul", ["x", tensors[0].name], ["y"])]
    return helper.make_model(graph(tensors, nodes)).SerializeToString()


def onnx_file():
    values = arrays()
    tensors = [numpy_helper.from_array(value, name) for name, value in values.items()]
    nodes = [
        helper.make_node("Gemm", ["x", "first.weight", "first.bias"], ["h"], transB=1),
        helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.ones((6, 2), np.float32))),
        helper.make_node("MatMul", ["h", "c"], ["y"]),
    ]
    return model(tensors, nodes)


def external():
    tensor = TensorProto(name="w", data_type=1, dims=[2], data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../secret"
    return model([tensor])


def archive(parts, **options):
    """A zip archive of (name, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as written:
        for name, content in parts:
            written.writestr(name, content)
    return file.getvalue()


def checkpoint(pickled, parts=()):
    """A torch archive around any pickle."""
    return archive([("archive/data.pkl", pickled), ("archive/version", b"3\n"), *parts])


def header(text, data=b""):
    """A safetensors file around any header."""
    text = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(text)) + text + data


def formats():
    """One healthy file of each format that is read."""
    layers = network().state_dict()
    return {
        "safetensors": safetensors.numpy.save(arrays()),
        "torch": saved({"model": layers, "epoch": 3, "extra": [torch.ones(3, 2).half()]}),
        "torch, packed": repacked(saved(layers)),
        "npz": npz(arrays()),
        "npz, packed": npz(arrays(), compressed=True),
        "npy": npy(arrays()["first.weight"]),
        "onnx": onnx_file(),
    }


def repacked(content):
    """The same archive, deflated."""
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        parts = [(name, read.read(name)) for name in read.namelist()]
    return archive(parts, compression=zipfile.ZIP_DEFLATED)
