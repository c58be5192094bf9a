"""Measurements on trained networks; every function takes parameters (E, *shape) and returns one value per member."""

from collections.abc import Sequence

import torch
from torch import Tensor

from lib.engine.layers import Linear
from lib.engine.program import LOSSES, Network, Program

MEMBERS, CHUNK = 64, 640  # networks, and samples times networks, computed at once: memory stays small


def outputs(
    network: Network, params: Sequence[Tensor], x: Tensor, *, state: Sequence[Tensor] | None = None
) -> Tensor:
    """The networks' outputs (E, O, N) for samples x (N, I) or (E, N, I); BatchNorm uses its running statistics."""
    members, n = params[0].shape[0], x.shape[-2]
    z = x.new_empty(members, params[-1].shape[1], n)
    x = x.expand(members, -1, -1)
    with torch.inference_mode():
        for k in range(0, members, MEMBERS):
            some = slice(k, k + MEMBERS)
            running = None if state is None else [s[some] for s in state]
            _outputs(network, [p[some] for p in params], x[some], running, z[some])
    return z


def _outputs(
    network: Network, params: Sequence[Tensor], x: Tensor, state: Sequence[Tensor] | None, z: Tensor
) -> None:
    size = max(16, CHUNK // len(x) // 16 * 16)
    program = None
    for part, out in zip(x.split(size, dim=1), z.split(size, dim=2), strict=True):
        if program is None or program.n != out.shape[2]:
            program = Program(network, params, out.shape[2], state=state, training=False)
        out.copy_(program.forward(part))


class Evaluator:
    """The outputs at the same samples again and again during a training; the memory is laid out once.

    BatchNorm uses these samples' own statistics: the running ones lag far behind in the first steps.
    """

    def __init__(self, network: Network, params: Sequence[Tensor], x: Tensor) -> None:
        """Bind to networks like `params` (E, *shape) and to samples x (N, I)."""
        self.program = Program(network, params, len(x))
        self.x = x.expand(self.program.members, -1, -1)

    def __call__(self, params: Sequence[Tensor]) -> Tensor:
        """Outputs (E, O, N), overwritten at the next look."""
        for mine, now in zip(self.program.params, params, strict=True):
            mine.copy_(now)
        return self.program.forward(self.x)


def accuracy(
    network: Network,
    params: Sequence[Tensor],
    data: tuple[Tensor, Tensor],
    *,
    state: Sequence[Tensor] | None = None,
) -> Tensor:
    """Share of samples (E,) whose largest output is their label; data = x (N, I) or (E, N, I), labels (N,)."""
    x, labels = data
    return hits(outputs(network, params, x, state=state), labels).float().mean(1)


def hits(z: Tensor, labels: Tensor) -> Tensor:
    """Whether the largest of the outputs z (E, O, N) is the label's, the first one of several: (E, N).

    `argmax` takes three to ten times as long, and need not be asked unless two are equally large.
    """
    top = z == z.amax(1, keepdim=True)
    if int(top.count_nonzero()) != z.shape[0] * z.shape[2]:  # equally large ones, or no numbers
        return torch.from_numpy(z.numpy().argmax(1)) == labels  # four times as fast as torch's here
    return top.gather(1, labels.expand(z.shape[0], -1).unsqueeze(1)).squeeze(1)


def loss(
    network: Network,
    params: Sequence[Tensor],
    data: tuple[Tensor, Tensor],
    name: str,
    *,
    state: Sequence[Tensor] | None = None,
) -> Tensor:
    """Mean loss (E,) called `name`; data = x, and labels (N,) or targets (N, O)."""
    z = outputs(network, params, data[0], state=state)
    y = data[1] if not data[1].is_floating_point() else data[1].transpose(-1, -2)
    return LOSSES[name](z).of(z, y)


def weights(network: Network, params: Sequence[Tensor]) -> list[Tensor]:
    """The weight matrices (E, O, I) and filters (E, O, K * 9) among the parameters, first layer first."""
    return [p for (name, _), p in zip(network.shapes(), params, strict=True) if name in ("weight", "filters")]


def biases(network: Network, params: Sequence[Tensor]) -> list[Tensor]:
    """The biases (E, O), first layer first."""
    return [p for (name, _), p in zip(network.shapes(), params, strict=True) if name == "bias"]


def share_negative(tensors: Sequence[Tensor]) -> Tensor:
    """Share of numbers below zero in each tensor (E, ...) of the list: (E, len(tensors))."""
    return torch.stack([(t < 0).flatten(1).float().mean(1) for t in tensors], 1)


def constant(z: Tensor) -> Tensor:
    """Members (E,) whose outputs z (E, O, N) are the same for every sample: dead networks."""
    return (z.amax(2) - z.amin(2)).amax(1) <= 1e-6 * z.abs().amax((1, 2)).clamp(min=1e-6)


def joined(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors (E, ...) side by side as one (E, all their numbers)."""
    return torch.cat([t.flatten(1) for t in tensors], 1)


def first_true(events: Tensor) -> Tensor:
    """Index of the first True along the first axis of (S, ...), -1 where there is none."""
    return torch.where(events.any(0), events.int().argmax(0), -1)


def histogram(values: Tensor, bins: int) -> tuple[Tensor, Tensor]:
    """Histograms of (F, M) numbers, one per row, on bins common to all rows and symmetric about zero.

    Returns the edges (bins + 1,) and the share of the row's numbers in each bin (F, bins). The outermost bins take
    what lies beyond the 99.9th percentile of all absolute values. Zero counts as positive.
    """
    limit = torch.quantile(values.abs().flatten()[:: max(1, values.numel() // 10_000)], 0.999).clamp(min=1e-3)
    index = torch.floor((values / limit + 1) * (bins / 2)).long().clamp_(0, bins - 1)
    index += torch.arange(len(values)).unsqueeze(1) * bins  # each row counts in bins of its own
    counts = torch.bincount(index.flatten(), minlength=len(values) * bins).view(-1, bins)
    return torch.linspace(-1, 1, bins + 1) * limit, counts / values.shape[1]


def backprop(network: Network, params: Sequence[Tensor], data: tuple[Tensor, Tensor]) -> Program:
    """Go forward and back through the cross-entropy of samples x (N, I), labels (N,), as in a training step.

    The program's layers then hold what came in (`x`) and the gradients of the mean loss (`dw`).
    """
    x, y = data
    program = Program(network, params, len(x))
    with torch.inference_mode():
        z = program.forward(x.expand(program.members, -1, -1))
        program.backward(LOSSES["cross_entropy"](z).gradient(z, y.expand(program.members, -1)))
    return program


def linears(program: Program) -> list[Linear]:
    """The linear layers behind the first: those whose inputs are activations."""
    return [layer for layer in program.layers if isinstance(layer, Linear)][1:]


def majority(values: Tensor, axis: int) -> Tensor:
    """Share of the numbers along `axis`, zeros left out, that have the sign of most of them.

    values (E, ., .); the mean (E,) over all rows that are not zero altogether. Even signs give 1/2, one sign 1.
    """
    up, down = (values > 0).sum(axis).float(), (values < 0).sum(axis).float()
    some = (up + down) > 0
    share = up.maximum(down) / (up + down).clamp(min=1)
    return (share * some).sum(1) / some.sum(1).clamp(min=1)


def read_out(x: Tensor, y: Tensor, test: Tensor, test_y: Tensor, ridge: float) -> float:
    """Test accuracy of ridge regression from features x (n, F) to classes y (n,), in its dual form.

    `ridge` is the penalty as a share of the mean squared length of the features.
    """
    mean = x.mean(0)
    x, test = x - mean, test - mean
    gram = x @ x.T
    penalty = ridge * gram.diagonal().mean().clamp(min=1e-12) * torch.eye(len(x))
    classes = int(max(y.max(), test_y.max())) + 1
    targets = torch.nn.functional.one_hot(y, classes).float() - 1 / classes
    guesses = (test @ x.T @ torch.linalg.solve(gram + penalty, targets)).argmax(1)
    return float((guesses == test_y).float().mean())
