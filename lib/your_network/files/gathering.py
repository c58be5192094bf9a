"""The arrays of a file while they are found: names made different, what was left out, and the facts to tell."""

from collections import Counter

from lib.types import Array, Numbers
from lib.your_network.contract import Refused, Weights
from lib.your_network.files.decoding import EIGHT, READ, Block, decode
from lib.your_network.files.limits import Account, clean

NOTED = {"float16": "float16", "bfloat16": "bfloat16"} | dict.fromkeys(EIGHT, "float8")


class Gathering:
    """Arrays, reasons and notes of one file, within one account."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.account = Account()
        self.arrays: dict[str, Array] = {}
        self.stored: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.alike = Counter[str]()
        self.uses: dict[str, str] = {}
        self.notes: list[tuple[str, Numbers]] = []

    def new(self, name: str) -> str:
        """Return a name that no array here has yet, and count it."""
        self.account.one_more()
        plain = name = clean(name)
        while name in self.arrays or name in self.skipped:
            self.alike[plain] += 1  # counted on: thousands of one name would else be counted from the first each time
            name = f"{plain} ({self.alike[plain] + 1})"
        return name

    def add(self, name: str, dtype: str, shape: tuple[int, ...], block: Block) -> str:
        """Read an array, or leave it out where numpy has no such numbers; return the name it got."""
        if dtype not in READ:
            return self.skip(name, reason(dtype))
        name = self.new(name)
        self.arrays[name] = decode(name, dtype, shape, block, self.account)
        self.stored[name] = dtype
        return name

    def skip(self, name: str, why: str) -> str:
        """Leave an array out, for a reason that is a key of [skipped]; return the name it got."""
        name = self.new(name)
        self.skipped[name] = why
        return name

    def note(self, key: str, **numbers: float | int | str) -> None:
        """Tell a fact about the file, a key of [notes]."""
        self.notes.append((key, numbers))

    def weights(self, form: str) -> Weights:
        """Return all of it; Refused if there is not a single array."""
        if not self.arrays:
            raise self._nothing()
        counts = Counter(NOTED[dtype] for dtype in self.stored.values() if dtype in NOTED)
        half: list[tuple[str, Numbers]] = [
            (key, {"count": count, "of": len(self.arrays)}) for key, count in counts.items()
        ]
        return Weights(form, self.arrays, self.stored, self.skipped, (*half, *self.notes), self.uses)

    def _nothing(self) -> Refused:
        """Return the refusal of a file of which no array is read, with the commonest reason: it tells what to do."""
        if not self.skipped:
            return Refused("nothing")
        why, _ = Counter(self.skipped.values()).most_common(1)[0]
        name = next(name for name, reason in self.skipped.items() if reason == why)
        return Refused("left_out", {"count": len(self.skipped), "name": name, "why": why})


def reason(dtype: str) -> str:
    """Return why a dtype is left out, a key of [skipped]."""
    kinds = {"complex": "complex", "q": "quantised", "float": "rare", "int": "packed", "uint": "packed"}
    return next((why for begin, why in kinds.items() if dtype.startswith(begin)), "unknown")
