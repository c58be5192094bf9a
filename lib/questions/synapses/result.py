"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.types import Array

KINDS = ("peers", "dale", "none")  # of networks: outgoing signs free, one sign per unit, all excitatory
CELLS = 8  # units that are drawn of a network on digits
SURE = 0.6  # XOR is solved if each of its four answers is right with this probability


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
    wiring: tuple[list[Array], ...]  # weights (H, I) and (O, H) of a peer, a Dale and an all-excitatory network
    surface: Array  # (3, 1 + H, side, side) how sure these are of XOR's answer: whole, then without each of the units
    absent: float  # largest difference between weights of zero and units that are not there
    lowest: float  # lowest activation of a hidden unit in this run
    highest: float  # and the highest
    relay_gap: float  # largest difference that the relay makes in this run
    clipped: Array  # (R,) score of the free networks with every negative weight set to zero
    network: dict[str, Array]  # the Dale network of `wiring`, by name

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
        """The kinds of networks to draw: no unit inhibitory, and the chosen number, or signs that are free."""
        return ["none", "dale" if self.chosen else "peers"]

    def circuit(self, kind: str, silent: int | None = None) -> tuple[Array, Array, Array, Array]:
        """One network of a kind: weights (H, I) and (O, H), its answer (side, side), and its units' signs (H,).

        The unit `silent`, if any, has no outgoing link.
        """
        place = KINDS.index(kind)
        first, second = self.wiring[place]
        if silent is not None:
            second = np.where(np.arange(len(first)) == silent, 0, second)
        return first, second, self.surface[place, 0 if silent is None else 1 + silent], self.signs(kind)

    def signs(self, kind: str) -> Array:
        """Which units are held excitatory (1), which inhibitory (-1), and which are free (0): (H,)."""
        units = np.arange(self.config.width)
        inhibitory = {"dale": self.chosen, "none": 0}.get(kind)
        return np.zeros(len(units)) if inhibitory is None else np.where(units < inhibitory, -1, 1)

    def solved(self, kind: str) -> float:
        """Share of the starts that solved XOR."""
        at = {"dale": self.counts.tolist().index(self.chosen), "none": 0}
        return float(self.peers.mean() if kind == "peers" else self.dale[at[kind]].mean())

    def right(self, kind: str, silent: int) -> int:
        """How many of XOR's four points the network drawn gets right for sure without one of its units."""
        answer = self.circuit(kind, silent)[2]
        corners = answer[[-1, 0, -1, 0], [0, 0, -1, -1]]  # as in `samples`, the second input upwards
        return int((corners * np.where(self.samples[1], 1, -1) > 2 * SURE - 1).sum())

    @property
    def sent(self) -> float:
        """An activation to send over the relay, as printed: the lowest if it is below zero, else the highest."""
        return float(f"{self.lowest if self.lowest < 0 else self.highest:.2g}")

    @property
    def samples(self) -> tuple[Array, Array]:
        """XOR's four points and their classes."""
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])

    def cells(self, kind: str) -> tuple[Array, Array, Array]:
        """Some units: weights in (M, 8, 8), out (M, O, 8) as stripes, signs (M,); of both signs if there are both."""
        first, second = self.wiring[KINDS.index(kind)]
        both = min(self.chosen, CELLS // 2 if self.chosen < self.config.width else CELLS)
        shown = [*range(both), *range(self.chosen, self.chosen + CELLS - both)][: min(CELLS, len(first))]
        return first[shown].reshape(-1, 8, 8), second.T[shown][:, :, None].repeat(8, 2), self.signs(kind)[shown]

    def links(self) -> pd.DataFrame:
        """One row per outgoing weight of the two networks."""
        outputs, units = self.wiring[0][1].shape
        return pd.DataFrame(
            {
                "unit": np.tile(np.arange(1, units + 1), outputs),
                "output": np.repeat(np.arange(1, outputs + 1), units),
                "signs_free": self.wiring[0][1].ravel(),
                "one_sign_per_unit": self.wiring[1][1].ravel(),
            }
        )

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
