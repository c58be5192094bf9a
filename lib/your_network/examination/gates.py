"""Matrices that are stacked in one array, taken apart: gates of recurrent layers, query, key and value."""

from collections.abc import Iterator, Mapping

from lib.types import Array

LSTM = ("input gate", "forget gate", "cell", "output gate")  # torch's order
GRU = ("reset gate", "update gate", "new")
ONNX = {4: ("input gate", "output gate", "forget gate", "cell"), 3: ("update gate", "reset gate", "hidden")}
ATTENTION = ("query", "key", "value")
STACKED = ("in_proj_weight", "qkv.weight", "c_attn.weight")


def parts(name: str, matrix: Array, arrays: Mapping[str, Array]) -> tuple[str, ...]:
    """Return what the blocks of a matrix (O, I) are called; () where it is a single one."""
    if "weight_ih" in name or "weight_hh" in name:
        hidden = arrays.get(name.replace("weight_ih", "weight_hh"))
        times = len(matrix) // hidden.shape[1] if hidden is not None and hidden.ndim == 2 else 0
        return {4: LSTM, 3: GRU}.get(times, ())
    if name.endswith(STACKED) and len(matrix) == 3 * matrix.shape[1]:
        return ATTENTION
    return ()


def recurrent(name: str) -> bool:
    """Tell whether a matrix belongs to a recurrent layer, as torch and Keras name them."""
    return "weight_ih" in name or "weight_hh" in name or "recurrent_kernel" in name


def onnx_bias(use: str, array: Array) -> bool:
    """Tell whether a matrix is the biases of an ONNX LSTM or GRU, (directions, 2 * gates * hidden)."""
    return array.ndim == 2 and len(array) <= 2 and ("LSTM" in use or "GRU" in use)


def onnx(name: str, use: str, array: Array) -> Iterator[tuple[str, Array]]:
    """Yield the gates of an ONNX LSTM or GRU, (directions, gates * hidden, inputs); nothing if it is none.

    `use` is what the graph says, "LSTM:1", or the name, in which exporters say it.
    """
    names = ONNX.get(4 if "LSTM" in use else 3 if "GRU" in use else 0, ())
    if array.ndim != 3 or not names or array.shape[1] % len(names) or array.shape[0] > 2:
        return
    for way, stack in enumerate(array):
        for gate, rows in zip(names, stack.reshape(len(names), -1, stack.shape[1]), strict=True):
            yield f"{name} [{'backward ' if way else ''}{gate}]", rows
