"""How much a file may hold, and the account kept while it is read: nothing is allocated before it is entered."""

from collections.abc import Iterable
from math import prod

from lib.your_network.contract import Refused

MEGABYTE = 10**6
FILE = 100 * MEGABYTE  # bytes of an upload
UNPACKED = 180 * MEGABYTE  # bytes of all arrays as they are given, those that share their numbers counted each
ARRAYS = 20_000
HEADER = 4 * MEGABYTE  # bytes of a header or directory: objects take up to 25 times the bytes that ask for them
PICKLE = 8 * MEGABYTE
TEXT = 4  # bytes of memory that a letter of one byte may take
OPERATIONS = 1_000_000  # of a pickle: some 35 for a tensor
FIELDS = 500_000  # of a protobuf message, at all depths
PARTS = 50_000  # nodes and tensors among them
FIELD_TAKES, PART_TAKES = 210, 600  # bytes of memory, whatever is in them
DIMENSIONS = 16
LONGEST = 2**48  # numbers along one axis; more than any file holds, and a size that numpy can count
NAME = 300  # characters of a name that are kept
SHOWN = 60  # characters of a name that a sentence shows


class Account:
    """What has been promised so far, in bytes and arrays."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.bytes, self.arrays = 0, 0

    def enter(self, size: int) -> None:
        """Add `size` bytes that are about to be held; Refused if that is too much."""
        self.bytes += size
        if self.bytes > UNPACKED:
            raise Refused("unpacked", {"megabytes": self.bytes / MEGABYTE, "limit": UNPACKED // MEGABYTE})

    def give_back(self, size: int) -> None:
        """Take back bytes that are entered again under another name, or no longer held."""
        self.bytes -= size

    def one_more(self) -> None:
        """Count an array, read or left out; Refused if there are too many."""
        self.arrays += 1
        if self.arrays > ARRAYS:
            raise Refused("many", {"limit": ARRAYS})


def clean(name: str, length: int = NAME) -> str:
    """Return a name without what does not print, cut to `length` characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:length])


def short(name: str, promised: int, held: int) -> Refused:
    """Return the refusal of an array that is said to take `promised` bytes where there are `held`."""
    return Refused("promises", {"name": clean(name, SHOWN), "promised": promised, "held": held})


def size(name: str, shape: Iterable[int]) -> int:
    """Return how many numbers an array of this shape has; Refused where no array has such a shape."""
    sides = tuple(shape)
    if len(sides) > DIMENSIONS or any(not 0 <= side <= LONGEST for side in sides):
        raise Refused("shape", {"name": clean(name, SHOWN)})
    full = prod(side for side in sides if side)
    if full > LONGEST:
        raise Refused("shape", {"name": clean(name, SHOWN)})
    return full if all(sides) else 0
