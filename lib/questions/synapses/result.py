"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """C numbers of inhibitory units (`counts`), R paired repeats, H units; scores for XOR are 1 (solved) or 0."""

    config: Any  # the Synapses of the run
    counts: Array  # (C,)
    chosen: int  # the chosen number, at most H
    free: Array  # (R,) score of networks free in every sign
    excitatory: Array  # (R,) score of networks of excitatory inputs, their outgoing signs free
    dale: Array  # (C, R) score of networks whose units are excitatory or inhibitory
    chance: float  # the score of the best constant answer
    diverged: Array  # (2 + C, R) step, or -1
    wiring: tuple[list[Array], ...]  # weights (H, I) and (O, H) of a free, a Dale and an all-excitatory network
    surface: Array  # (3, side, side) how sure the three are of XOR's answer, empty for other tasks
    absent: float  # largest difference between weights of zero and units that are not there
    places: Array  # (N,) activations
    relay: Array  # (N, 2) -2 h, and what comes over a relay
    lowest: float  # lowest activation of a hidden unit in this run
    relay_gap: float  # largest difference that the relay makes in this run
    copies_gap: float  # largest difference between a free network and its Dale network of twice the units
    purity: Array  # (R, H) share of a free unit's outgoing weights that have the commoner sign
    clipped: Array  # (R,) score of the free networks with every negative weight set to zero

    @property
    def peers(self) -> Array:
        """Score (R,) of the networks that differ from the Dale ones in the outgoing signs alone, which are free."""
        return self.excitatory if self.config.inputs == "excitatory" else self.free

    def sweep(self) -> tuple[list[str], Array]:
        """Numbers of inhibitory units and scores in per cent, (C, R, 3); for XOR (C, 1, 3), shares.

        Dale, free, and of excitatory inputs with free outgoing signs.
        """
        flat = [np.broadcast_to(scores, self.dale.shape) for scores in (self.free, self.excitatory)]
        every = 100 * np.stack([self.dale, *flat], 2)
        return [str(k) for k in self.counts], every.mean(1, keepdims=True) if self.config.task == "xor" else every

    @property
    def drawn(self) -> list[str]:
        """The kinds of networks to draw: none of the units inhibitory, the chosen number if any, and free ones."""
        return ["none", "dale", "free"] if self.chosen else ["none", "free"]

    def network(self, kind: str) -> tuple[Array, Array, Array, Array]:
        """One network of a kind: weights (H, I) and (O, H), its answer (side, side), and its units' signs (H,)."""
        place = ("free", "dale", "none").index(kind)
        first, second = self.wiring[place]
        inhibitory = {"dale": self.chosen, "none": 0}.get(kind)
        units = np.arange(len(first))
        signs = np.zeros(len(units)) if inhibitory is None else np.where(units < inhibitory, -1, 1)
        return first, second, self.surface[place], signs

    def solved(self, kind: str) -> float:
        """Share of the starts that solved XOR."""
        at = {"dale": self.counts.tolist().index(self.chosen), "none": 0}
        return float(self.free.mean() if kind == "free" else self.dale[at[kind]].mean())

    @property
    def samples(self) -> tuple[Array, Array]:
        """XOR's four points and their classes."""
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])

    def outgoing(self) -> Array:
        """The second weights of the free network above those of the Dale one, (2 O + 1, H), a gap between."""
        free, dale = (np.asarray(w[1]) for w in self.wiring[:2])
        return np.concatenate([free, np.full((1, free.shape[1]), np.nan), dale])

    def links(self) -> pd.DataFrame:
        """One row per outgoing weight of the two networks."""
        outputs, units = self.wiring[0][1].shape
        return pd.DataFrame(
            {
                "unit": np.tile(np.arange(1, units + 1), outputs),
                "output": np.repeat(np.arange(1, outputs + 1), units),
                "free": self.wiring[0][1].ravel(),
                "one_sign_per_unit": self.wiring[1][1].ravel(),
            }
        )

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("bars", self.dale.mean(axis=1))

    def table(self) -> pd.DataFrame:
        """One row per number of inhibitory units and repeat."""
        kinds, repeats = self.dale.shape
        return pd.DataFrame(
            {
                "inhibitory_units": np.repeat(self.counts, repeats),
                "repeat": list(range(repeats)) * kinds,
                "score": self.dale.ravel(),
                "score_free": np.tile(self.free, kinds),
                "score_excitatory_inputs_only": np.tile(self.excitatory, kinds),
                "diverged_at_step": self.diverged[2:].ravel(),
            }
        )
