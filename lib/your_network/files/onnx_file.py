"""ONNX: the numbers in a graph, its initialisers and Constant nodes, and which nodes take them.

The numbers of the fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, which never change.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from lib.your_network.contract import Refused, Weights
from lib.your_network.files.decoding import READ, Block, width
from lib.your_network.files.gathering import Gathering
from lib.your_network.files.limits import DIMENSIONS, LONGEST, SHOWN, clean, short, size
from lib.your_network.files.wire import EIGHT, FOUR, LENGTH, VARINT, Span, Wire

IR_VERSION = 8  # the tag of the first field that exporters write
DEPTH = 8  # of graphs within nodes
DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "text", 9: "bool",
    10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
    17: "float8_e4m3fn", 18: "float8_e4m3fnuz", 19: "float8_e5m2", 20: "float8_e5m2fnuz", 21: "uint4", 22: "int4",
    23: "float4_e2m1", 24: "float8_e8m0", 25: "uint2", 26: "int2",
}  # fmt: skip
FLOATS, DOUBLES = 4, 10  # fields of TensorProto with numbers as they are
VARINTS = (5, 7, 11)  # and with numbers in as few bytes as they need
RAW, EXTERNAL, LOCATION = 9, 13, 14
FLAGS = ("transA", "transB")  # attributes that turn a matrix over
SEPARATOR = ", "


@dataclass(slots=True)
class Tensor:
    """A TensorProto: what it is called, what it holds, and where its numbers lie."""

    name: str = ""
    code: int = 0
    shape: list[int] = field(default_factory=list)
    raw: Span | None = None
    floats: list[Span] = field(default_factory=list)  # packed, or one by one
    varints: list[Span] = field(default_factory=list)
    external: bool = False

    @property
    def dtype(self) -> str:
        """The dtype's name."""
        return DTYPES.get(self.code, "unknown")


@dataclass(slots=True)
class Node:
    """A NodeProto: kind, inputs and outputs, attributes that matter here."""

    name: str = ""
    kind: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    graphs: list[tuple[str, Span]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def recognised(name: str, content: bytes) -> bool:
    """Tell whether this may be ONNX, which has no mark of its own: by its first field, or by the file's name."""
    return content[0] == IR_VERSION or name.lower().endswith(".onnx")


def read(content: bytes) -> Weights:
    """Return what an ONNX model holds; Refused with the reason."""
    model = Model(content)
    fields = model.wire.fields(Span(0, len(content)))
    graphs = [span for number, kind, span, _ in fields if (number, kind) == (7, LENGTH)]
    if len(graphs) != 1:
        raise model.wire.damaged()
    nodes = model.graph(graphs[0], "", [])
    if not nodes and not model.gathering.arrays:
        raise model.wire.damaged()
    if model.constants:
        model.gathering.note("constants", count=model.constants)
    if model.subgraphs:
        model.gathering.note("subgraphs", count=model.subgraphs)
    return model.gathering.weights("onnx")


class Model:
    """A model while its graphs are read."""

    def __init__(self, content: bytes) -> None:
        """Begin with nothing read."""
        self.content, self.gathering = content, Gathering()
        self.wire = Wire(content, "ONNX", self.gathering.account)
        self.constants, self.subgraphs = 0, 0

    def graph(self, span: Span, prefix: str, outer: list[dict[str, str]]) -> int:
        """Read a graph and those within its nodes; return how many nodes it has.

        `outer` are the names that the graphs around it know, by the names that their arrays have here.
        """
        if len(outer) > DEPTH:
            raise Refused("deep", {"limit": DEPTH})
        nodes, names = [], {}
        for number, kind, part, _ in self.wire.fields(span):
            if kind == LENGTH and number == 1:
                nodes.append(self.node(part))
            elif kind == LENGTH and number == 5:
                tensor = self.tensor(part)
                names[tensor.name] = self.add(tensor, prefix + tensor.name)
            elif kind == LENGTH and number == 15:
                self.gathering.skip(f"{prefix}sparse", "sparse")
        for node in nodes:
            self.constant(node, prefix, names)
        scopes = [*outer, names]
        for node in nodes:
            self.use(node, scopes)
            for place, (attribute, inner) in enumerate(node.graphs):
                self.subgraphs += 1
                label = node.name or node.kind or str(place)
                self.graph(inner, f"{prefix}{label}.{attribute}.", scopes)
        return len(nodes)

    def node(self, span: Span) -> Node:
        """Return a node."""
        self.wire.part()
        node = Node()
        for number, kind, part, _ in self.wire.fields(span):
            if kind != LENGTH:
                continue
            if number == 1:
                node.inputs.append(self.wire.text(part))
            elif number == 2:
                node.outputs.append(self.wire.text(part))
            elif number == 3:
                node.name = self.wire.text(part)
            elif number == 4:
                node.kind = self.wire.text(part)
            elif number == 5:
                self.attribute(part, node)
        return node

    def attribute(self, span: Span, node: Node) -> None:
        """Keep what an attribute says of the node's numbers: tensors, graphs, flags."""
        name, whole, tensors, graphs = "", 0, [], []
        for number, kind, part, value in self.wire.fields(span):
            if (number, kind) == (1, LENGTH):
                name = self.wire.text(part)
            elif (number, kind) == (3, VARINT):
                whole = value
            elif kind == LENGTH and number == 5:
                tensors.append(self.tensor(part))
            elif kind == LENGTH and number in (6, 11):
                graphs.append(part)
        node.tensors.update(dict.fromkeys([name], tensors[0]) if tensors else {})
        node.graphs.extend((name, graph) for graph in graphs)
        if name in FLAGS and whole:
            node.flags.append(name)

    def tensor(self, span: Span) -> Tensor:
        """Return where a tensor's numbers lie."""
        self.wire.part()
        tensor = Tensor()
        for number, kind, part, value in self.wire.fields(span):
            if number == 1:
                room = DIMENSIONS + 1 - len(tensor.shape)  # one more than there may be is enough to refuse it
                tensor.shape.extend(islice(self.dimensions(kind, part, value), room))
            elif number == 2:
                tensor.code = value
            elif number == 8 and kind == LENGTH:
                tensor.name = self.wire.text(part)
            elif number == RAW and kind == LENGTH:
                tensor.raw = part
            elif number in (FLOATS, DOUBLES) and kind in (LENGTH, FOUR, EIGHT):
                tensor.floats.append(part)
            elif number in VARINTS and kind in (LENGTH, VARINT):
                tensor.varints.append(part)
            elif number == EXTERNAL or (number == LOCATION and value):
                tensor.external = True
        return tensor

    def dimensions(self, kind: int, part: Span, value: int) -> Iterator[int]:
        """Yield the sides of a shape, which are written one by one or packed."""
        at = part.start
        while kind == LENGTH and at < part.end:
            side, at = self.wire.varint(at, part.end)
            yield min(side, LONGEST + 1)
        if kind == VARINT:
            yield min(value, LONGEST + 1)

    def add(self, tensor: Tensor, name: str) -> str:
        """Read a tensor's numbers, or leave it out; return the name that it got."""
        if tensor.external:
            raise Refused("external", {"name": clean(name, SHOWN)})
        if tensor.dtype == "text":
            return self.gathering.skip(name, "text")
        shape = tuple(tensor.shape)
        count = size(name, shape)
        if tensor.dtype not in READ:
            return self.gathering.add(name, tensor.dtype, shape, Block(b"", 0))
        return self.gathering.add(name, tensor.dtype, shape, self.block(tensor, name, count))

    def block(self, tensor: Tensor, name: str, count: int) -> Block:
        """Return where a tensor's numbers lie, unpacked if need be; Refused unless they are as many as promised."""
        if tensor.varints and tensor.raw is None:
            return self.unpacked(tensor, name, count)
        spans = tensor.floats if tensor.raw is None else [tensor.raw]
        held = sum(span.length for span in spans)
        if held != count * width(tensor.dtype):
            raise short(name, count * width(tensor.dtype), held)
        if len(spans) < 2:
            return Block(self.content, spans[0].start if spans else 0)
        self.gathering.account.enter(held)
        return Block(b"".join(self.content[span.start : span.end] for span in spans), 0)

    def unpacked(self, tensor: Tensor, name: str, count: int) -> Block:
        """Return the numbers of a tensor that are written in as few bytes as each needs."""
        held = sum(span.length for span in tensor.varints)
        if count > held:
            raise short(name, count, held)
        out = np.empty(self._entered(count, tensor.dtype), f"<i{width(tensor.dtype)}")  # halves: the same bits
        self.wire.varints(tensor.varints, out)
        out.flags.writeable = False
        return Block(out.view(np.uint8).data, 0)

    def _entered(self, count: int, dtype: str) -> int:
        self.gathering.account.enter(count * width(dtype))
        return count

    def constant(self, node: Node, prefix: str, names: dict[str, str]) -> None:
        """Read the number that a Constant node holds, under the name of its output."""
        tensor = node.tensors.get("value")
        if node.kind != "Constant" or tensor is None or not node.outputs:
            return
        output = node.outputs[0]
        names[output] = self.add(tensor, prefix + output)
        self.constants += 1
        self.gathering.uses[names[output]] = "Constant:0"

    def use(self, node: Node, scopes: list[dict[str, str]]) -> None:
        """Say of each array that a node takes which input it is, "Gemm:1:transB"; look through Identity."""
        for place, name in enumerate(node.inputs):
            found = next((names[name] for names in reversed(scopes) if name in names), None)
            if found is not None and node.kind == "Identity" and node.outputs:
                scopes[-1][node.outputs[0]] = found
            elif found is not None and found in self.gathering.arrays:
                use = ":".join([node.kind, str(place), *node.flags])
                uses = self.gathering.uses
                if use not in uses.setdefault(found, use).split(SEPARATOR) and len(uses[found]) < SHOWN:
                    uses[found] += SEPARATOR + use
