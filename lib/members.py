"""Which networks of an ensemble count: those that are sound, that is neither diverged nor dead.

A network has diverged when its weights grew without bound (the engine stops it and notes the step), and is dead when
it gives the same answer to everything. What they learned says nothing, so figures and medians leave them out, and
when too many are lost a page says so instead of an answer.
"""

from typing import NamedTuple

from lib.types import Array, Numbers


class Members(NamedTuple):
    """What became of each network, in arrays of one shape."""

    diverged: Array  # bool
    dead: Array  # bool

    @property
    def lost(self) -> Array:
        """Which say nothing."""
        return self.diverged | self.dead

    @property
    def sound(self) -> Array:
        """Which count."""
        return ~self.lost

    @property
    def count_diverged(self) -> int:
        """How many have diverged."""
        return int(self.diverged.sum())

    def more_lost_than(self, share: float) -> bool:
        """Whether more than this share of them say nothing; with 0, whether any."""
        return bool(self.lost.mean() > share)

    def counts(self) -> Numbers:
        """How many there are, diverged, dead, and sound, as sentences name them."""
        return {
            "repeats": self.lost.size,
            "diverged": self.count_diverged,
            "dead": int(self.dead.sum()),
            "sound": int(self.sound.sum()),
        }


def members(diverged: Array, dead: Array | None = None) -> Members:
    """Tell them by the step at which each diverged (-1: it did not) or by whether it did, and by which are dead."""
    gone = diverged if diverged.dtype == bool else diverged >= 0
    return Members(gone, gone & False if dead is None else dead)
