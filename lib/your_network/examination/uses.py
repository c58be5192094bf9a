"""What an ONNX graph's nodes tell of the arrays they take: layout, table, gates, or no weight at all.

The inputs of a node are counted from 0 (https://onnx.ai/onnx/operators): x @ W is "MatMul:1", W @ x "MatMul:0".
"""

TOLD = {
    "MatMul:1": "in_out",
    "MatMul:0": "out_in",
    "Gemm:1": "in_out",
    "Gemm:1:transB": "out_in",
    "Conv:1": "out_in",
    "ConvTranspose:1": "transposed",
    "Gather:0": "table",
    "LSTM:1": "gates",
    "LSTM:2": "gates",
    "GRU:1": "gates",
    "GRU:2": "gates",
}
ARITHMETIC = {
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Pow",
    "Mod",
    "Min",
    "Max",
    "Clip",
    "Where",
    "Equal",
    "Greater",
    "Less",
    "Pad",
}


def told(uses: str) -> str:
    """Return what the uses of an array say, "" if nothing or two things: a value of TOLD, or "constant"."""
    every = [use for use in uses.split(", ") if use]
    found = {TOLD.get(use, "constant" if use.split(":")[0] in ARITHMETIC else "") for use in every}
    return found.pop() if len(found) == 1 else ""
