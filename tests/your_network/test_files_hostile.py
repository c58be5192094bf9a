"""Files that are refused: each with one true sentence, none with a traceback, none run, none with much memory."""

import io
import json
import os
import pickle
import string
import struct
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import made_by_hand as hand
import made_files as made
import mutating
import numpy as np
import pytest
import safetensors
import safetensors.numpy
import torch
from catalogue import ROOT

from lib.words import load
from lib.your_network.contract import Refused
from lib.your_network.files import limits, read

WORDS = load("your_network")
FUZZED = int(os.environ.get("FUZZED_FILES", "300"))  # of each format; 2000 takes half a minute


def refused(content, name="w"):
    """The refusal of a file, its sentence formatted."""
    with pytest.raises(Refused) as caught:
        read(name, content)
    assert WORDS.say(f"refused.{caught.value.key}", **caught.value.numbers)
    return caught.value.key


# What is something else altogether


def tarred():
    return b"sys_info".ljust(257, b"\0") + b"ustar\x0000" + b"storages".rjust(600, b"\0")


def scripted():
    with zipfile.ZipFile(io.BytesIO(made.saved({"w": torch.ones(2)}))) as file:
        parts = [(name, file.read(name)) for name in file.namelist()]
    return made.archive([*parts, ("archive/code/__torch__.py", b"def forward(self): ...")])


def encrypted():
    content = bytearray(made.npz({"w": np.ones(2)}))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


OTHERS = {
    "empty": b"",
    "pickle": pickle.dumps({"w": [1.0]}),
    "legacy_torch": made.saved({"w": torch.ones(2)}, _use_new_zipfile_serialization=False),
    "legacy_torch tar": tarred(),
    "torchscript": scripted(),
    "encrypted": encrypted(),
    "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "keras": made.archive([("config.json", b"{}"), ("model.weights.h5", b"\x89HDF")]),
    "tflite": b"\x1c\0\0\0TFL3" + bytes(50),
    "tensorflow": b"\x08\x01\x12\x20saved_model serve" + bytes(30),
    "tensorflow zip": made.archive([("net/saved_model.pb", b"x"), ("net/variables/variables.index", b"x")]),
    "zip_of_files": made.archive([("model.pt", b"x")]),
    "zip_other": made.archive([("word/document.xml", b"x")]),
    "json": b'{"weights": [1, 2]}',
    "json long": json.dumps({"weights": list(range(30_000))}).encode(),
    "text": b"weights: 1 2 3\n" * 5,
    "html": b"<!DOCTYPE html><html></html>",
    "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "picture jpeg": b"\xff\xd8\xff\xe0" + bytes(40),
    "compressed": b"\x1f\x8b\x08" + bytes(40),
    "other": b"GGUF" + bytes(40),
    "unknown": bytes(range(128, 256)) * 3,
    "large": bytes(limits.FILE + 1),
    "external": made.external(),
    "left_out": made.npz({"w": np.array(["a"])}),
}


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_not_read_is_refused_with_its_own_sentence(case):
    assert refused(OTHERS[case]) == case.partition(" ")[0]


# Pickles that would run something


class Runs:
    """Pickled as a call."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def named(module, name, arguments=b"(tR"):
    """A pickle that names something and calls it."""
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + arguments + b"."


def computed():
    """Names put together on the stack: os, system."""
    return b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x8c\x04true\x94\x85\x94R\x94."


def doubled(place):
    """A pair of what is remembered, remembered behind it: thirty of these are a tree of 2^30."""
    return b"h%ch%c\x86q%c0" % (place, place, place + 1)


ALLOWED = b"ccollections\nOrderedDict\n"
HOSTILE = {
    "os.system": (pickle.dumps(Runs(os.system, "touch ran"), 2), "stranger"),
    "os.system, newest": (pickle.dumps(Runs(os.system, "touch ran"), 5), "stranger"),
    "eval": (pickle.dumps(Runs(eval, "open('ran', 'w')"), 2), "stranger"),
    "hub": (named("torch.hub", "load"), "stranger"),
    "load": (named("torch", "load"), "stranger"),
    "submodule": (named("torch._utils", "sys.modules"), "stranger"),
    "dotted": (named("collections", "OrderedDict.__init__"), "stranger"),
    "network": (named("torch.nn.modules.linear", "Linear"), "whole_network"),
    "names on the stack": (computed(), "stranger"),
    "names that are none": (b"\x80\x04K\x01K\x02\x93.", "operation"),
    "extension": (b"\x80\x02\x82\x01.", "extension"),
    "INST": (b"(S'touch ran'\nios\nsystem\n.", "operation"),
    "OBJ": (b"\x80\x02(" + ALLOWED + b"o.", "operation"),
    "NEWOBJ": (b"\x80\x02" + ALLOWED + b")\x81.", "operation"),
    "NEWOBJ_EX": (b"\x80\x04" + ALLOWED + b")}\x92.", "operation"),
    "call of a number": (b"\x80\x02K\x01)R.", "operation"),
    "call of a call": (b"\x80\x02" + ALLOWED + b")R)R.", "operation"),
    "call with a list": (b"\x80\x02" + ALLOWED + b"]R.", "operation"),
    "state for a name": (b"\x80\x02" + ALLOWED + b"}b.", "operation"),
    "state for a number": (b"\x80\x02K\x01}b.", "operation"),
    "items of a number": (b"\x80\x02K\x01K\x02K\x03s.", "operation"),
    "append to a dict": (b"\x80\x02}K\x02a.", "operation"),
    "text identifier": (b"Ptext\n.", "operation"),
    "identifier of nothing": (b"\x80\x02K\x01Q.", "damaged"),
    "empty stack": (b"\x80\x020.", "damaged"),
    "no mark": (b"\x80\x02K\x01t.", "damaged"),
    "mark in a tuple": (b"\x80\x02(K\x01\x86.", "damaged"),
    "not remembered": (b"\x80\x02h\x05.", "damaged"),
    "no end": (b"\x80\x02K\x01", "damaged"),
    "two values": (b"\x80\x02K\x01K\x01.", "damaged"),
    "text beyond the end": (b"\x80\x02X\xff\xff\xff\x7fabc.", "damaged"),
    "not a pickle": (b"hello", "damaged"),
    "far place": (b"\x80\x02K\x01r\xff\xff\xff\xff.", "nothing"),
    "deep lists": (b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".", "deep"),
    "deep tuples": (b"\x80\x02)" + b"\x85" * 100_000 + b".", "deep"),
    "doubling": (b"\x80\x02)q\x000" + b"".join(map(doubled, range(30))) + b"h\x1e.", "deep"),
    "itself": (b"\x80\x02}q\0U\x01ah\0s.", "nothing"),
    "long": (b"\x80\x02N" + b"N0" * (limits.PICKLE // 2) + b".", "header"),
    "many steps": (b"\x80\x02" + b"N0" * limits.OPERATIONS + b"N.", "many_operations"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_pickle_is_refused_and_nothing_runs(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pickled, key = HOSTILE[case]
    before = set(sys.modules)
    key = "damaged" if key == "extension" else key
    content = made.checkpoint(pickled)
    assert refused(content) in ({key, "operation"} if case == "extension" else {key})
    assert list(tmp_path.iterdir()) == []
    assert set(sys.modules) == before


def test_the_hostile_pickles_would_run_elsewhere(tmp_path, monkeypatch):
    """The first of them, read by Python's own unpickler, does what it is made for."""
    monkeypatch.chdir(tmp_path)
    pickle.loads(HOSTILE["os.system"][0])
    assert Path("ran").exists()


def test_no_state_reaches_an_object():
    """What a pickle sets on a dict or a tensor is dropped."""
    value = OrderedDict(w=torch.ones(2))
    value.note = "not the network's"
    weights = read("net.pt", made.saved(value))
    assert list(weights.arrays) == ["w"]


# Checkpoints whose numbers are not what is promised


def tensor(offset=0, shape=(2,), strides=(1,), length=2, key="0", kind="Float"):
    """A pickled tensor as torch.save writes it, with any numbers."""

    class Pickler(pickle._Pickler):
        def persistent_id(self, value):
            return value[1] if isinstance(value, tuple) and value and value[0] == "persistent" else None

    file = io.BytesIO()
    storage = ("persistent", ("storage", getattr(torch, f"{kind}Storage"), key, "cpu", length))
    Pickler(file, 2).dump({"w": Runs(torch._utils._rebuild_tensor_v2, storage, offset, shape, strides, False, {})})
    return file.getvalue()


def with_storage(pickled, size=8, key="0"):
    return made.checkpoint(pickled, [(f"archive/data/{key}", bytes(size))])


PROMISES = {
    "offset": (tensor(offset=1), "promises"),
    "strides": (tensor(strides=(2,)), "promises"),
    "shape": (tensor(shape=(3,)), "promises"),
    "length": (tensor(length=3), "promises"),
    "less than the file holds": (tensor(length=1), "promises"),
    "wide": (tensor(kind="Double"), "promises"),
    "huge offset": (tensor(offset=2**70), "promises"),
    "huge shape": (tensor(shape=(2**60,), strides=(0,)), "shape"),
    "product": (tensor(shape=(2**30, 2**30), strides=(0, 0)), "shape"),
    "empty but huge": (tensor(shape=(2**62, 0), strides=(1, 1)), "shape"),
    "many axes": (tensor(shape=(1,) * 100, strides=(1,) * 100), "shape"),
    "expanded": (tensor(shape=(10**9,), strides=(0,)), "unpacked"),
    "negative": (tensor(strides=(-1,), offset=1), "damaged"),
    "axes": (tensor(shape=(1, 2)), "damaged"),
    "text": (tensor(shape=("2",)), "damaged"),
    "boolean": (tensor(shape=(True,)), "damaged"),
    "no file": (tensor(key="1"), "missing"),
    "path": (tensor(key="../0"), "damaged"),
    "key": (tensor(key=""), "damaged"),
}


@pytest.mark.parametrize("case", PROMISES)
def test_a_tensor_that_is_not_in_its_storage_is_refused(case):
    pickled, key = PROMISES[case]
    assert refused(with_storage(pickled)) == key


def test_the_same_tensor_with_true_numbers_is_read():
    assert read("w", with_storage(tensor())).arrays["w"].tolist() == [0, 0]


# Archives


ONE = made.npy(np.zeros(8))


def shared():
    local, line = hand.entry(b"a.npy", ONE)
    return hand.zipped([local], [line, hand.entry(b"b.npy", ONE)[1]])


def kinds_of_archives():
    local, line = hand.entry(b"a.npy", ONE)
    return {
        "zip_overlap": shared(),
        "zip_duplicate": hand.zipped([local, local], [line, hand.entry(b"a.npy", ONE, start=len(local))[1]]),
        "zip_path": hand.zipped(*([part] for part in hand.entry(b"../a.npy", ONE))),
        "damaged name": hand.zipped(*([part] for part in hand.entry(b"a\0.npy", ONE))),
        "zip_path root": hand.zipped(*([part] for part in hand.entry(b"/a.npy", ONE))),
        "zip_method": hand.zipped(*([part] for part in hand.entry(b"a.npy", ONE, method=12))),
        "zip_more": hand.zipped(*([part] for part in hand.entry(b"a.npy", ONE, size=50))),
        "promises": hand.zipped(*([part] for part in hand.entry(b"a.npy", ONE, size=500))),
        "promises stored": hand.zipped(*([part] for part in hand.entry(b"a.npy", ONE, size=500, method=0))),
        "promises packed": hand.zipped(*([part] for part in hand.entry(b"a.npy", ONE, packed=5000))),
        "unpacked": hand.zipped(*([part] for part in hand.entry(b"a.npy", ONE, size=2**32 - 1))),
        "cut": hand.zipped([local], [line])[:-30],
        "damaged count": hand.zipped([local], [line], count=2),
        "damaged length": hand.zipped([local], [line], length=10),
        "damaged place": hand.zipped([local], [hand.entry(b"a.npy", ONE, start=3)[1]]),
        "damaged bytes": hand.zipped([local[:35] + b"\xff" * (len(local) - 35)], [line]),
        "many": hand.zipped([local], [line], count=60_000),
    }


@pytest.mark.parametrize("case", kinds_of_archives())
def test_an_archive_that_is_not_what_it_says_is_refused(case):
    assert refused(kinds_of_archives()[case]) == case.partition(" ")[0]


def test_the_archive_made_here_is_read_when_it_is_whole():
    local, line = hand.entry(b"a.npy", ONE)
    assert read("w", hand.zipped([local], [line])).arrays["a"].tolist() == [0] * 8


# Headers of numpy, safetensors, ONNX


NUMPY = {
    "promises": "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n",
    "promises fortran": "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 1), }\n",
    "shape": "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }\n",
    "damaged": "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -1), }\n",
    "damaged code": "{'descr': '<f4', 'fortran_order': False, 'shape': (exit(),), }\n",
    "damaged digits": "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9" * 5000 + ",), }\n",
    "damaged depth": "(" * 5000,
    "pickle": "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
    "left_out": "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }\n",
}


@pytest.mark.parametrize("case", NUMPY)
def test_a_numpy_header_that_is_not_true_is_refused(case):
    assert refused(hand.described(NUMPY[case])) == case.partition(" ")[0]
    assert refused(hand.described(NUMPY[case])[:30]) == "promises"


def listed(begin=0, end=8, shape="[2]", dtype="F32", more=""):
    return f'{{"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]}}{more}}}'


SAFE = {
    "promises": made.header(listed(end=12, shape="[3]"), bytes(8)),
    "promises shape": made.header(listed(shape="[3]"), bytes(8)),
    "promises header": struct.pack("<Q", 2**50) + b"{}",
    "promises backwards": made.header(listed(begin=8, end=0), bytes(8)),
    "shape": made.header(listed(shape="[1152921504606846976, 16, 0]"), bytes(8)),
    "header": made.header(b"{" + b" " * limits.HEADER + b"}"),
    "overlap": made.header(listed(more=',"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}'), bytes(8)),
    "overlap hole": made.header(listed(begin=8, end=16), bytes(16)),
    "left_over": made.header(listed(), bytes(9)),
    "damaged twice": made.header(listed(more="," + listed()[1:-1]), bytes(8)),
    "damaged dtype": made.header(listed(dtype="F33"), bytes(8)),
    "damaged sign": made.header(listed(shape="[-2]"), bytes(8)),
    "damaged fraction": made.header(listed(shape="[2.0]"), bytes(8)),
    "damaged boolean": made.header(listed(shape="[true, 2]"), bytes(8)),
    "damaged depth": made.header("{" + '"a":[' * 1 + "[" * 100_000),
    "damaged digits": made.header(listed(shape="[" + "9" * 5000 + "]"), bytes(8)),
    "damaged text": made.header(b"{\xff\xfe}"),
    "damaged constant": made.header(listed(shape="[NaN]"), bytes(8)),
    "many": made.header(
        "{" + ",".join(f'"{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}' for i in range(20_001)) + "}"
    ),
    "nothing": made.header("{}"),
}


@pytest.mark.parametrize("case", SAFE)
def test_a_safetensors_header_that_is_not_true_is_refused(case):
    assert refused(SAFE[case]) == case.partition(" ")[0]


def nested(depth):
    inside = b""
    for _ in range(depth):
        inside = hand.tagged(
            1, hand.tagged(4, b"If") + hand.tagged(5, hand.tagged(1, b"body") + hand.tagged(6, inside))
        )
    return hand.onnx_of(inside)


ONNX = {
    "promises": hand.proto(data_type=1, dims=[3], raw_data=bytes(8)),
    "promises floats": hand.proto(data_type=1, dims=[3], float_data=[1, 2]),
    "promises whole": hand.proto(data_type=6, dims=[3], int32_data=[1, 2]),
    "damaged": hand.proto(data_type=6, dims=[1], int32_data=[1, 2]),
    "damaged end": hand.onnx_of(b"\x0a\xff\x01"),
    "shape": hand.proto(data_type=1, dims=[2**60, 2**60], raw_data=bytes(8)),
    "shape sign": hand.proto(data_type=1, dims=[-2], raw_data=bytes(8)),
    "deep": nested(20),
    "many_fields": hand.onnx_of(hand.tagged(1, b"\x0a\0" * (limits.FIELDS + 1))),
    "many_fields nodes": hand.onnx_of(b"\x0a\0" * (limits.PARTS + 1)),
    "many": hand.onnx_of(hand.tagged(5, b"\x08\0\x10\x01") * (limits.ARRAYS + 1)),
    "nothing": hand.onnx_of(hand.tagged(1, hand.tagged(4, b"Relu"))),
}


@pytest.mark.parametrize("case", ONNX)
def test_an_onnx_model_that_is_not_true_is_refused(case):
    assert refused(ONNX[case], "net.onnx") == case.partition(" ")[0]


# Damaged at random


@pytest.mark.parametrize("form", made.formats())
def test_a_damaged_file_is_read_or_refused_with_a_sentence(form):
    """Whatever is damaged, nothing but Refused is raised; the sentence is there, and its numbers are."""
    outcomes = set()
    for one in mutating.copies(made.formats()[form], FUZZED):
        try:
            outcomes.add(read(form, one).format)
        except Refused as caught:
            outcomes.add(caught.key)
            assert WORDS.say(f"refused.{caught.key}", **caught.numbers)
    assert len(outcomes) > 3


def test_the_safetensors_package_reads_and_refuses_the_same_files():
    for one in mutating.copies(made.formats()["safetensors"], FUZZED, seed=1):
        try:
            theirs = dict(safetensors.deserialize(one))
        except safetensors.SafetensorError:
            assert mutating.outcome("w.safetensors", one) != "safetensors"
        else:
            own = read("w.safetensors", one)
            assert {name: list(array.shape) for name, array in own.arrays.items()} == {
                limits.clean(name): part["shape"] for name, part in theirs.items()
            }


def fuzzed_pickles(count):
    """Checkpoints whose pickle is damaged under a true checksum, as the archive's own damage seldom leaves it."""
    rng = np.random.default_rng(2)
    pickled = zipfile.ZipFile(io.BytesIO(made.formats()["torch"])).read("archive/data.pkl")
    for _ in range(count):
        yield made.checkpoint(mutating.mutated(pickled, rng), [(f"archive/data/{i}", bytes(200)) for i in range(9)])


def test_a_damaged_pickle_is_read_or_refused():
    outcomes = {mutating.outcome("net.pt", one) for one in fuzzed_pickles(FUZZED)}
    assert {"damaged", "operation", "stranger"} <= outcomes


# Sentences


def test_every_sentence_is_written_with_the_numbers_it_gets():
    """Each key that the code names stands in the words, and none stands there for nothing."""
    code = "".join(file.read_text() for file in (ROOT / "lib/your_network/files").glob("*.py"))
    for section in ("refused", "notes", "skipped"):
        for key, sentence in WORDS[section].items():
            assert f'"{key}"' in code or key.startswith("float8"), key
            assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(sentence))
