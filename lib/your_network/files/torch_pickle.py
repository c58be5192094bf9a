"""The pickle inside a torch checkpoint, followed by a machine that cannot run anything.

Python's unpickler calls what a pickle names. This one knows the thirty-odd operations that `torch.save` writes for
tensors, numbers, text and containers (as `pickletools.genops` reads them, none of which runs anything), and calls
nothing: a name is looked up in the lists below, "rebuild a tensor" becomes a record of where its numbers lie, and
state that would be set on an object is dropped. The names are those of torch/_utils.py and
torch/_weights_only_unpickler.py.
"""

import pickletools
from collections.abc import Callable
from typing import Any, NamedTuple

from lib.your_network.contract import Refused
from lib.your_network.files.limits import OPERATIONS, PICKLE, SHOWN, clean

STORAGES = {
    "Float": "float32", "Double": "float64", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
    "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool",
    "ComplexFloat": "complex64", "ComplexDouble": "complex128", "QInt8": "qint8", "QUInt8": "quint8",
    "QInt32": "qint32", "QUInt4x2": "quint4x2", "QUInt2x4": "quint2x4",
}  # fmt: skip
NUMBERS = {
    "float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32", "short": "int16",
    **{name: name for name in STORAGES.values()},
    **{name: name for name in ("uint16", "uint32", "uint64", "complex32", "bits8", "float4_e2m1fn_x2")},
    **{f"float8_{name}": f"float8_{name}" for name in ("e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e8m0fnu")},
}  # fmt: skip
TENSOR = {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"}
WRAPPED = {"_rebuild_parameter", "_rebuild_parameter_with_state"}
LEFT = {  # what rebuilds arrays that cannot be given as they are: why, a key of [skipped]
    "_rebuild_sparse_tensor": "sparse",
    "_rebuild_qtensor": "quantised",
    "_rebuild_meta_tensor_no_storage": "meta",
    "_rebuild_nested_tensor": "unknown",
    "_rebuild_wrapper_subclass": "unknown",
    "_rebuild_device_tensor_from_numpy": "unknown",
    "_rebuild_device_tensor_from_cpu_tensor": "unknown",
}
DICTS = {"collections.OrderedDict", "collections.defaultdict", "collections.Counter"}
VALUES = {  # settings and measurements that stand beside the weights in many checkpoints
    "torch.Size", "torch.device", "torch.serialization._get_layout", "torch.per_tensor_affine",
    "torch.per_tensor_symmetric", "torch.per_channel_affine", "torch.per_channel_symmetric",
    "torch.per_channel_affine_float_qparams", "torch.Tensor", "torch.nn.parameter.Parameter",
    "_codecs.encode", "argparse.Namespace", "pathlib.PosixPath", "pathlib.WindowsPath", "datetime.datetime",
    *(f"{module}.{name}" for module in ("builtins", "__builtin__")
      for name in ("set", "frozenset", "complex", "bytearray", "list", "dict", "tuple", "int", "float", "slice")),
    "numpy.dtype", "numpy.ndarray", "numpy.float64", "numpy.float32", "numpy.int64",
    *(f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("scalar", "_reconstruct")),
}  # fmt: skip


class Name(NamedTuple):
    """Something a pickle names, from the lists above."""

    path: str


class Storage(NamedTuple):
    """A run of numbers in a file of its own in the archive."""

    dtype: str  # "" where only bytes are known
    key: str
    length: int  # in numbers; in bytes where the dtype is not known


class Tensor(NamedTuple):
    """A view of a storage: first number, shape, steps."""

    storage: Storage
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class Left(NamedTuple):
    """A value that is not followed further; `why` is a key of [skipped] if it is an array."""

    why: str = ""


class Mark:
    """Where a tuple or a run of items begins on the stack."""


MARK = Mark()


def follow(pickle: bytes) -> Any:
    """Return what the pickle describes: dicts, lists and tuples of Tensor, Left, text and numbers; or Refused."""
    if len(pickle) > PICKLE:
        raise Refused("many_operations", {"limit": OPERATIONS})
    machine = Machine()
    try:
        for count, (operation, argument, _) in enumerate(pickletools.genops(pickle)):
            if count > OPERATIONS:
                raise Refused("many_operations", {"limit": OPERATIONS})
            machine.do(operation.name, argument)
    # A name with a backslash makes Python warn, which is an error where warnings are.
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, RecursionError, DeprecationWarning):
        raise Refused("damaged", {"format": "torch"}) from None
    return machine.result()


class Machine:
    """A stack, a memo, and what each operation does to them."""

    def __init__(self) -> None:
        """Begin with an empty stack."""
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def do(self, operation: str, argument: Any) -> None:
        """Follow one operation; Refused unless it is on the list."""
        if operation in PUSHED:
            self.stack.append(argument)
        elif operation in DONE:
            DONE[operation](self, argument)
        else:
            raise Refused("operation", {"name": operation})

    def result(self) -> Any:
        """Return the one value that is left."""
        if len(self.stack) != 1:
            raise Refused("damaged", {"format": "torch"})
        return self.stack[0]

    def since_mark(self) -> list[Any]:
        """Take what lies above the last mark off the stack, the mark too."""
        at = len(self.stack) - 1
        while self.stack[at] is not MARK:
            at -= 1
            if at < 0:
                raise ValueError("no mark")
        items = self.stack[at + 1 :]
        del self.stack[at:]
        return items

    def tuple_of(self, count: int) -> None:
        """Put the last `count` values together."""
        items = tuple(self.stack[-count:])
        if len(items) != count or any(item is MARK for item in items):
            raise ValueError("too few values")
        self.stack[-count:] = [items]

    def extend(self, items: list[Any]) -> None:
        """Append items to the list on the stack."""
        target = self.stack[-1]
        if isinstance(target, list):
            target.extend(items)
        elif not isinstance(target, Left):
            raise Refused("operation", {"name": "APPEND"})

    def frozen(self) -> None:
        """Leave a set aside with all that is in it."""
        self.since_mark()
        self.stack.append(Left())

    def update(self, items: list[Any]) -> None:
        """Set keys and values, one after the other, in the dict on the stack."""
        target = self.stack[-1]
        if isinstance(target, dict):
            for key, value in zip(items[::2], items[1::2], strict=True):
                if isinstance(key, str | int | float):  # others may take for ever to hash, and name no weight
                    target[key] = value
        elif not isinstance(target, Left):
            raise Refused("operation", {"name": "SETITEM"})

    def named(self, path: str) -> None:
        """Push something that the pickle names; Refused if it is on none of the lists."""
        if not known(path):
            raise Refused(_stranger(path), {"name": clean(path, SHOWN)})
        self.stack.append(Name(path))

    def stack_global(self) -> None:
        """Push what two texts on the stack name."""
        name, module = self.stack.pop(), self.stack.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Refused("operation", {"name": "STACK_GLOBAL"})
        self.named(f"{module}.{name}")

    def reduce(self) -> None:
        """Put a record in place of a call: of a tensor, an empty dict, or of a value that is not followed."""
        arguments, function = self.stack.pop(), self.stack.pop()
        if not isinstance(function, Name) or not isinstance(arguments, tuple):
            raise Refused("operation", {"name": "REDUCE"})
        self.stack.append(record(function.path, arguments))

    def build(self) -> None:
        """Drop the state that would be set on an object: here are no objects."""
        self.stack.pop()
        if not isinstance(self.stack[-1], dict | Left | Tensor):
            raise Refused("operation", {"name": "BUILD"})

    def persistent(self) -> None:
        """Push the storage that an identifier names."""
        self.stack.append(storage(self.stack.pop()))

    def put(self, place: int) -> None:
        """Remember the top of the stack."""
        if self.stack[-1] is MARK:
            raise ValueError("a mark cannot be remembered")
        self.memo[place] = self.stack[-1]


def record(path: str, arguments: tuple[Any, ...]) -> Any:
    """Return what stands here for a call of something named."""
    function = path.rpartition("torch._utils.")[2]
    if function in TENSOR:
        return tensor(arguments, versioned=function.endswith("v3"))
    if function in WRAPPED:
        return arguments[0] if isinstance(arguments[0], Tensor) else Left("unknown")
    if path == "torch._tensor._rebuild_from_type_v2":
        inner, _, rest, *_ = arguments
        return record(inner.path, rest) if isinstance(inner, Name) and inner.path != path else Left("unknown")
    if path in DICTS:
        return dict(_pairs(arguments))
    return Left(LEFT.get(function, ""))


def _pairs(arguments: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    """Return the pairs of an ordered dict as Python 2 wrote it; none where it is filled later."""
    given = arguments[0] if arguments else []
    pairs = given if isinstance(given, list) else []
    return [(pair[0], pair[1]) for pair in pairs if isinstance(pair, list | tuple) and isinstance(pair[0], str)]


def tensor(arguments: tuple[Any, ...], versioned: bool) -> Tensor | Left:
    """Return the record of a tensor: storage, offset, shape, strides, requires_grad, hooks, then dtype or flags."""
    base, offset, shape, strides, *rest = arguments
    if not isinstance(base, Storage):
        raise ValueError("a tensor without a storage")
    if any(rest[3:] if versioned else rest[2:]):
        return Left("lazy")  # torch keeps 'conjugated' and 'negated' as flags beside the numbers
    named = rest[2] if versioned else None
    dtype = NUMBERS[named.path.removeprefix("torch.")] if isinstance(named, Name) else base.dtype
    if not dtype or not _whole((offset,)) or not _whole(shape) or not _whole(strides) or len(shape) != len(strides):
        raise ValueError("a tensor of no shape")
    return Tensor(base, dtype, offset, tuple(shape), tuple(strides))


def _whole(numbers: Any) -> bool:
    return isinstance(numbers, tuple | list) and all(type(number) is int and number >= 0 for number in numbers)


def storage(identifier: Any) -> Storage:
    """Return the storage of a persistent identifier: ("storage", type, key, device, count)."""
    kind, named, key, _, count = identifier
    if kind != "storage" or not isinstance(named, Name) or not isinstance(key, str) or not _whole((count,)):
        raise ValueError("an identifier of no storage")
    if not key.isalnum() or not key.isascii() or len(key) > 20:
        raise ValueError("a storage of no name")
    return Storage(STORAGES.get(_storage_kind(named.path), ""), key, count)


def _storage_kind(path: str) -> str:
    """Return "Float" for torch.FloatStorage, also as it was saved on another device; "" for bytes."""
    module, _, name = path.rpartition(".")
    kind = name.removesuffix("Storage")
    return kind if module in ("torch", "torch.cuda", "torch.storage") and kind in STORAGES else ""


def known(path: str) -> bool:
    """Tell whether a name is on one of the lists."""
    module, _, name = path.rpartition(".")
    if module == "torch._utils":
        return name in TENSOR or name in WRAPPED or name in LEFT
    if path in DICTS or path in VALUES or path == "torch._tensor._rebuild_from_type_v2":
        return True
    if path in ("torch.storage.UntypedStorage", "torch.UntypedStorage"):
        return True
    return bool(_storage_kind(path)) or (module == "torch" and name in NUMBERS)


def _stranger(path: str) -> str:
    """Return which sentence refuses a name: a network saved whole, or something else."""
    return "whole_network" if path.startswith(("torch.nn.modules.", "__main__.")) else "stranger"


PUSHED = frozenset({
    "NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE",
    "SHORT_BINUNICODE", "BINUNICODE8", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES",
})  # fmt: skip
DONE: dict[str, Callable[[Machine, Any], Any]] = {
    "PROTO": lambda machine, _: None,
    "FRAME": lambda machine, _: None,
    "STOP": lambda machine, _: None,
    "MARK": lambda machine, _: machine.stack.append(MARK),
    "EMPTY_DICT": lambda machine, _: machine.stack.append({}),
    "EMPTY_LIST": lambda machine, _: machine.stack.append([]),
    "EMPTY_TUPLE": lambda machine, _: machine.stack.append(()),
    "EMPTY_SET": lambda machine, _: machine.stack.append(Left()),
    "TUPLE": lambda machine, _: machine.stack.append(tuple(machine.since_mark())),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "APPEND": lambda machine, _: machine.extend([machine.stack.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.since_mark()),
    "ADDITEMS": lambda machine, _: machine.extend(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.update([machine.stack.pop(-2), machine.stack.pop()]),
    "SETITEMS": lambda machine, _: machine.update(machine.since_mark()),
    "FROZENSET": lambda machine, _: machine.frozen(),
    "POP": lambda machine, _: machine.stack.pop(),
    "POP_MARK": lambda machine, _: machine.since_mark(),
    "GLOBAL": lambda machine, argument: machine.named(argument.replace(" ", ".", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.stack_global(),
    "REDUCE": lambda machine, _: machine.reduce(),
    "BUILD": lambda machine, _: machine.build(),
    "BINPERSID": lambda machine, _: machine.persistent(),
    "BINPUT": lambda machine, place: machine.put(place),
    "LONG_BINPUT": lambda machine, place: machine.put(place),
    "MEMOIZE": lambda machine, _: machine.put(len(machine.memo)),
    "BINGET": lambda machine, place: machine.stack.append(machine.memo[place]),
    "LONG_BINGET": lambda machine, place: machine.stack.append(machine.memo[place]),
}
