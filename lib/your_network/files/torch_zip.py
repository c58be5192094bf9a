"""torch's checkpoints (`torch.save` since 1.6): a zip archive of a pickle and a file for each storage.

`torch.load` is not called, nor is torch imported. The format: torch/serialization.py, and
https://docs.pytorch.org/docs/stable/notes/serialization.html
"""

from collections import defaultdict
from typing import Literal

from lib.your_network.contract import Refused, Weights
from lib.your_network.files.decoding import READ, Block, Bytes, width
from lib.your_network.files.gathering import Gathering
from lib.your_network.files.limits import MEGABYTE, PICKLE, SHOWN, TEXT, clean, short
from lib.your_network.files.torch_names import Leaf, Walk, copies, wrapped
from lib.your_network.files.torch_pickle import Left, Storage, Tensor, follow
from lib.your_network.files.zip_directory import Entry, fits, unpack

MAIN = "data.pkl"
NAMES = 3  # how many names a note shows


def recognised(entries: dict[str, Entry]) -> bool:
    """Tell whether an archive is torch's."""
    return any(name.rpartition("/")[2] == MAIN for name in entries)


def read(content: bytes, entries: dict[str, Entry]) -> Weights:
    """Return what a checkpoint holds; Refused with the reason."""
    archive = Archive(content, entries)
    walk = Walk()
    pickle = bytes(archive.part(MAIN))
    archive.gathering.account.enter(TEXT * len(pickle))
    leaves = list(walk.leaves(follow(pickle)))
    given = [archive.take(leaf) for leaf in leaves]
    archive.tell(leaves, [name for name in given if name], walk.values)
    return archive.gathering.weights("torch")


class Archive:
    """An opened checkpoint: its parts, the storages unpacked so far, and what has been gathered."""

    def __init__(self, content: bytes, entries: dict[str, Entry]) -> None:
        """Find the archive's folder; Refused if there is not exactly one, or if it is a program."""
        folders = [name.removesuffix(MAIN) for name in entries if name.rpartition("/")[2] == MAIN]
        if len(folders) != 1:
            raise Refused("damaged", {"format": "torch"})
        self.content, self.entries, self.folder = content, entries, folders[0]
        if any(name.startswith((f"{self.folder}code/", f"{self.folder}constants.pkl")) for name in entries):
            raise Refused("torchscript")
        self.gathering = Gathering()
        self.storages: dict[str, Bytes] = {}
        self.shared: dict[tuple[str, int, tuple[int, ...]], list[str]] = defaultdict(list)
        self.unlike = 0  # parts that their checksums do not fit
        self.order = self._order()

    def part(self, name: str) -> Bytes:
        """Return the bytes of a file of the archive; Refused if it is not there."""
        entry = self.entries.get(self.folder + name)
        if entry is None:
            raise Refused("missing", {"name": clean(name, SHOWN)})
        if name == MAIN and entry.size > PICKLE:
            raise Refused("header", {"megabytes": entry.size / MEGABYTE})
        unpacked = unpack(self.content, entry, self.gathering.account)
        self.unlike += not fits(entry, unpacked)
        return unpacked

    def _order(self) -> Literal["<", ">"]:
        """Return the order of bytes, "<" or ">": older files do not say, and are little-endian."""
        if self.folder + "byteorder" not in self.entries:
            return "<"
        order = bytes(self.part("byteorder"))
        if order not in (b"little", b"big"):
            raise Refused("damaged", {"format": "torch"})
        if order == b"big":
            self.gathering.note("big_endian")
        return ">" if order == b"big" else "<"

    def take(self, leaf: Leaf) -> str:
        """Read a tensor, or leave it out with its reason; return its name here if it was read."""
        if leaf.value is None:
            self.gathering.skip(leaf.name, "training")
            return ""
        if isinstance(leaf.value, Left):
            self.gathering.skip(leaf.name, leaf.value.why)
            return ""
        return self._read(leaf.name, leaf.value)

    def _read(self, name: str, tensor: Tensor) -> str:
        if tensor.dtype not in READ:
            self.gathering.add(name, tensor.dtype, tensor.shape, Block(b"", 0))
            return ""
        item = width(tensor.dtype)
        buffer = self._storage(tensor.storage, item)
        block = Block(buffer, tensor.offset * item, tensor.strides, self.order)
        name = self.gathering.add(name, tensor.dtype, tensor.shape, block)
        if all(tensor.shape):
            self.shared[tensor.storage.key, tensor.offset, tensor.shape].append(name)
        return name

    def _storage(self, storage: Storage, item: int) -> Bytes:
        """Return a storage's bytes; Refused if the file of the archive is not as long as the pickle says."""
        if storage.key not in self.storages:
            self.storages[storage.key] = self.part(f"data/{storage.key}")
        buffer = self.storages[storage.key]
        promised = storage.length * (item if storage.dtype else 1)
        if promised > memoryview(buffer).nbytes:
            raise short(f"data/{storage.key}", promised, memoryview(buffer).nbytes)
        return memoryview(buffer)[:promised]

    def tell(self, leaves: list[Leaf], given: list[str], values: int) -> None:
        """Note where the network stands in the file, what is there twice, and what was left aside."""
        note = self.gathering.note
        if path := wrapped(leaves):
            note("nested", name=clean(path, SHOWN))
        if len(names := copies(leaves)) > 1:
            note("copies", names=_some(names), count=len(names))
        tied = [names for names in self.shared.values() if len(names) > 1]
        if tied:
            note("shared", names=_some(tied[0]), count=len(tied[0]), of=len(given), groups=len(tied))
        for leaf in [leaf for leaf in leaves if leaf.value is None][:NAMES]:
            note("training", name=clean(leaf.name, SHOWN))
        if values:
            note("values", count=values)
        if self.unlike:
            note("checksum", count=self.unlike)


def _some(names: list[str]) -> str:
    """Return a few names for a sentence."""
    return ", ".join(clean(name, SHOWN) for name in names[:NAMES])
