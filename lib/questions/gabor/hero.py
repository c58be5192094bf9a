"""The window that the page opens with or that the reader has chosen, as the picture above all others shows it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lib.questions.gabor.windows import Network, Scene, Sum
from lib.types import Array


class Row(NamedTuple):
    """A window as one network sees it; of the code, the twin's network sees the twin's window."""

    scene: Scene
    kind: int  # 0 the picture's, 1 the twin's
    place: tuple[int, int]  # row and column of the window
    network: Network
    counted: Array  # (H,) bool: edge detectors among the filters that count
    of: int  # how many filters count
    made: Sum
    every: Array  # (F,) the share of all windows together that is explained; of a convolution the share of new ones
    # that it judges rightly, NaN before the end

    def labels(self, say: Callable[..., str], figure: str) -> list[list[str]]:
        """How much of each filter, at each moment, in the words of a figure."""

        def label(amount: float) -> str:
            said = say(f"figures.{figure}.amount", amount=amount)
            little = amount and not any(digit in said for digit in "123456789")
            return say(f"figures.{figure}.less") if little else said if amount else "0"

        return [[label(a) for a in each] for each in self.made.amounts.tolist()]

    def lines(self, say: Callable[..., str], figure: str) -> list[str]:
        """What is said under the picture at each moment, in the words of a figure."""
        made = []
        for share, every in zip(self.made.share, self.every, strict=True):
            said = say(f"figures.{figure}.here", here=float(share))
            made.append(said + ("" if np.isnan(every) else say(f"figures.{figure}.every", every=float(every))))
        return [*made[:-1], made[-1] + say("words.window.edges", edges=int(self.counted.sum()), of=self.of)]

    def under(self, say: Callable[..., str], figure: str) -> list[str]:
        """What is said below the filters at each moment; of a code, how many there are if they are fewer."""
        coding, count = self.made.total.size > 0, self.made.amounts.shape[1]
        said = []
        for fired in np.count_nonzero(self.made.amounts, 1).tolist():
            name = "all" if fired == count or not coding else "few" if fired else "none"
            said.append(say(f"figures.{figure}.{name}", fired=fired, of=self.network.biases.shape[1]))
        return said

    def drawn(self) -> dict[str, Any]:
        """What the figure takes beside words."""
        left, top = self.scene.left[self.place[1]], self.scene.top[self.place[0]]
        return {
            "grey": self.scene.grey[self.kind],
            "box": (left - 0.5, top - 0.5, left + self.scene.extent - 0.5, top + self.scene.extent - 0.5),
            "window": self.scene.seen(self.kind)[self.place],
            "filters": self.network.filters,
            "counted": self.counted,
            "chosen": np.where(self.made.amounts == 0, -1, self.made.chosen),  # a silent one is not drawn
            "total": self.made.total,
        }


def middle(scene: Scene) -> tuple[int, int]:
    """Return where the window stands until a reader moves it."""
    return len(scene.top) // 2, len(scene.left) // 2


def points(scene: Scene) -> tuple[Array, Array]:
    """Return the middles of all windows, row by row: x and y in pixels of the small picture."""
    half = (scene.extent - 1) / 2
    y, x = np.meshgrid(scene.top + half, scene.left + half, indexing="ij")
    return x.ravel(), y.ravel()
