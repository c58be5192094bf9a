"""From nested containers to names with dots; what belongs to an optimiser is left out, copies are noticed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from lib.your_network.contract import Refused
from lib.your_network.files.torch_pickle import Left, Tensor

DEPTH = 40
NODES = 300_000  # containers and values that are visited
OPTIMISER = {"state", "param_groups"}  # the two entries of torch.optim's state dicts
NAMED = ("optim", "scheduler", "scaler", "rng_state")  # beginnings of keys under which training's own state stands


class Leaf(NamedTuple):
    """A tensor or something in its place, and the keys that lead to it."""

    keys: tuple[str, ...]
    value: Tensor | Left | None  # None: a part that is left out as a whole

    @property
    def name(self) -> str:
        """The keys joined by dots."""
        return ".".join(self.keys)


class Walk:
    """One walk through a checkpoint; counts what is no array."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.nodes, self.values = 0, 0
        self.above: set[int] = set()  # containers that are being walked through: they may hold themselves

    def leaves(self, value: Any, keys: tuple[str, ...] = ()) -> Iterator[Leaf]:
        """Yield the tensors in a value, in its order, and the parts that are left out; Refused if it never ends."""
        self.nodes += 1
        if self.nodes > NODES or len(keys) > DEPTH:
            raise Refused("deep", {"limit": DEPTH})
        if isinstance(value, Tensor) or (isinstance(value, Left) and value.why):
            yield Leaf(keys or ("tensor",), value)
        elif type(value) in (dict, list, tuple) and id(value) not in self.above:
            if keys and of_training(keys[-1], value):
                yield Leaf(keys, None)
                return
            self.above.add(id(value))
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                yield from self.leaves(item, (*keys, str(key)))
            self.above.discard(id(value))
        else:
            self.values += 1


def of_training(key: str, value: Any) -> bool:
    """Tell whether a container is the state of an optimiser or of something else that only training needs."""
    return (isinstance(value, dict) and set(value) >= OPTIMISER) or key.lower().startswith(NAMED)


def wrapped(leaves: list[Leaf]) -> str:
    """Return the keys under which all tensors stand, joined by dots; "" for a plain state dict."""
    paths = [leaf.keys[:-1] for leaf in leaves if isinstance(leaf.value, Tensor)]
    common = paths[0] if paths else ()
    for path in paths:
        while path[: len(common)] != common:
            common = common[:-1]
    return ".".join(common)


def copies(leaves: list[Leaf]) -> list[str]:
    """Return the keys of networks that are there several times: the same names and shapes under different keys."""
    networks: dict[str, set[tuple[tuple[str, ...], tuple[int, ...]]]] = {}
    for leaf in leaves:
        if isinstance(leaf.value, Tensor) and len(leaf.keys) > 1:
            networks.setdefault(leaf.keys[0], set()).add((leaf.keys[1:], leaf.value.shape))
    alike: dict[frozenset[tuple[tuple[str, ...], tuple[int, ...]]], list[str]] = {}
    for key, parts in networks.items():
        if any("." in path[0] or len(path) > 1 for path, _ in parts):  # a network, not one layer among others
            alike.setdefault(frozenset(parts), []).append(key)
    return max(alike.values(), key=len, default=[])
