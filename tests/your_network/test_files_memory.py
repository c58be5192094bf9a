"""No file takes more than 200 MB above its own bytes, whatever it says."""

import json
import subprocess
import sys
from pathlib import Path

import made_by_hand as hand
import made_files as made
import mutating
import pytest
from catalogue import ROOT

from lib.your_network.files import limits

MEGABYTES = 200  # above the file
SIZE = 170_000_000  # bytes of an array that may be unpacked


def zeros(descr, padding):
    """An array that is packed a thousandfold; its numbers begin at a multiple of 16 bytes, or beside it."""
    items = SIZE // int(descr[2:])
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({items},), }}"
    content = hand.described(text.ljust(117 + padding) + "\n", bytes(SIZE))
    return hand.zipped(*([part] for part in hand.entry(b"a.npy", content)))


def pickled(operations):
    """A checkpoint whose pickle repeats operations as long as it may."""
    return made.repacked(made.checkpoint(b"\x80\x04" + operations * (limits.PICKLE // len(operations) - 4) + b"."))


def wide_text():
    """Text that takes four bytes a letter, told with one in a thousand."""
    text = "\N{GRINNING FACE}".encode() + b"a" * 996
    return b"X" + len(text).to_bytes(4, "little") + text


def names_and_numbers():
    """Long names in front of half precision, which doubles: both are held at the same time."""
    names = hand.tagged(1, hand.tagged(1, wide_text()[5:305]) * 50_000)
    numbers = b"\x10\x0a" + hand.tagged(1, b"\x80\xb4\x89\x13")  # float16, 40 million
    return hand.onnx_of(names + hand.tagged(5, numbers + hand.tagged(9, bytes(80_000_000))))


def whole():
    """Whole numbers of a byte each, 40 million; by hand, since the package takes 20 s to write them."""
    shape = b"\x08" + bytes([0x80, 0xB4, 0x89, 0x13])
    return hand.onnx_of(hand.tagged(5, shape + b"\x10\x06" + hand.tagged(5, b"\x01" * 40_000_000)))


def fields(content):
    """A graph of as many fields as may be."""
    return hand.onnx_of(content * (limits.FIELDS - 10))


BOMBS = {
    "zeros.npz": lambda: zeros("<f4", 0),
    "beside.npz": lambda: zeros("<f4", 1),
    "turned.npz": lambda: zeros(">f4", 0),
    "half.npz": lambda: zeros("<f2", 0),
    "booleans.npz": lambda: zeros("|b1", 0),
    "dicts.pt": lambda: pickled(b"}"),
    "lists.pt": lambda: pickled(b"]"),
    "marks.pt": lambda: pickled(b"("),
    "kept.pt": lambda: pickled(b"}\x94"),
    "tuples.pt": lambda: pickled(b"]\x85"),
    "text.pt": lambda: pickled(wide_text()),
    "text and dicts.pt": lambda: pickled(wide_text() + b"}\x94" * 150),
    "place.pt": lambda: made.checkpoint(b"\x80\x02K\x01r\xff\xff\xff\x7f."),
    "lists.safetensors": lambda: made.header(b'{"a":[' + b"[]," * (limits.HEADER // 3 - 10) + b"[]]}"),
    "pairs.safetensors": lambda: made.header(b"{" + b'"":{},' * (limits.HEADER // 6 - 2) + b'"":{}}'),
    "metadata.safetensors": lambda: made.header(
        '{"__metadata__":{' + ",".join(f'"{i:x}":""' for i in range(300_000)) + "}}"
    ),
    "nodes.onnx": lambda: hand.onnx_of(b"\x0a\0" * 5_000_000),
    "few nodes.onnx": lambda: fields(b"\x0a\0"),
    "tensors.onnx": lambda: hand.onnx_of(hand.tagged(1, hand.tagged(5, b"\x2a\0" * (limits.FIELDS - 10)))),
    "graphs.onnx": lambda: hand.onnx_of(hand.tagged(1, hand.tagged(5, b"\x32\0" * (limits.FIELDS - 10)))),
    "inputs.onnx": lambda: hand.onnx_of(hand.tagged(1, b"\x0a\x03abc" * (limits.FIELDS - 10))),
    "text.onnx": lambda: hand.onnx_of(hand.tagged(1, hand.tagged(1, wide_text()[5:]) * 90_000)),
    "names and numbers.onnx": names_and_numbers,
    "arrays.onnx": lambda: hand.onnx_of(hand.tagged(5, b"\x08\0\x10\x01") * limits.ARRAYS),
    "axes.onnx": lambda: hand.onnx_of(hand.tagged(5, hand.tagged(1, b"\x01" * 30_000_000))),
    "pieces.onnx": lambda: hand.onnx_of(hand.tagged(5, b"\x10\x01" + b"\x25\0\0\0\0" * (limits.FIELDS - 10))),
    "whole.onnx": whole,
}
READ = {"zeros.npz", "arrays.onnx"}  # what may be


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_takes_no_more_memory_than_it_may(name, tmp_path):
    """Read in a process that has neither torch nor onnx in memory."""
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    command = [sys.executable, str(Path(mutating.__file__)), "0", str(path)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    assert told["megabytes"] < MEGABYTES, told
    assert (set(told["outcomes"]) <= {"numpy", "onnx"}) == (name in READ), told
    assert name != "zeros.npz" or told["megabytes"] > SIZE / 1e6, "what is taken is not seen"
