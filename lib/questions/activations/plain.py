"""Sigmoid or tanh: how much does centring matter?

Deep networks learn to read the digits with an activation and with its centred twin, the same curve with its mean
taken off. Each gets its own best learning rate of a grid, found on three starts that are not reported, and is then
trained from the reported starts, which are the same for both.
The last line gives the median steps until the goal is reached and how many times as many the activation takes (a run
that never gets there counts with all its steps). Not here: the other activations that the page shows beside the pair,
the saturated ones, the signs of the gradients. About 5 to 30 seconds.
"""

import math
from itertools import pairwise

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)

# %% Settings
PAIR = "sigmoid"  # "sigmoid", "relu", or tanh moved up: "tanh+0.25", "tanh+0.5", "tanh+1", "tanh+2"
DEPTH = 3  # hidden layers, 1 to 4
BIASES = "zero"  # where biases start: "zero", or "compensated": against the mean of what comes in
GOAL = 0.9  # share of 200 training digits to be read: 0.8, 0.9 or 0.95
STEPS = 100  # at most, of 64 digits each: 20, 60, 100 or 150
SEED = 0  # start number, 0 to 99
REPEATS = 20  # reported runs of each activation
TUNING = 3  # runs of each learning rate in the search for the best
RATES = (0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24)  # learning rates tried, in rising order

# %% Data
WIDTH, BATCH, SHOWN = 32, 64, 200
# The steps after which it is seen whether the goal is reached.
LOOKS = [t for t in range(STEPS + 1) if t % (2 if t <= 30 else 5 if t <= 60 else 10) == 0]

digits, labels = (torch.from_numpy(part) for part in load_digits(return_X_y=True))
digits = digits.float() / 16
# 500 of the 1797 digits, evenly from every class, are set aside: the page's sample, so that the numbers agree.
shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
by_class = shuffled[torch.argsort(labels[shuffled], stable=True)]
for_training = torch.ones(len(labels), dtype=torch.bool)
for_training[by_class[[math.ceil(k * len(labels) / 500) for k in range(500)]]] = False
x, y = digits[for_training], labels[for_training]
# Each pixel at mean 0 and standard deviation 1; pixels that are always blank stay at 0.
x = (x - x.mean(0)) / torch.where(x.std(0) > 0, x.std(0), torch.tensor(1.0))

# %% Network
KIND, _, moved = PAIR.partition("+")
activate = {"sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh}[KIND]
# Mean and standard deviation of what the activation gives for inputs from N(0, 1), from 20,000 quantiles.
outputs = activate(torch.special.ndtri((torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000))
MEAN, SPREAD = float(outputs.mean()), float(outputs.std())
# What is added to the activation, and to its twin.
UNCENTRED, CENTRED = (float(moved), 0.0) if moved else (0.0, -MEAN)


class Network(nn.Module):
    """Hidden layers with the activation and a number added to what it gives."""

    def __init__(self, shift: float, seed: int) -> None:
        """Start with weights from N(0, 1 / fan_in), over the spread of what comes in."""
        super().__init__()
        self.shift = shift
        sizes = [64, *[WIDTH] * DEPTH, 10]
        linears = [nn.Linear(i, o) for i, o in pairwise(sizes)]
        self.linears = nn.ModuleList(linears)
        generator = torch.Generator().manual_seed(seed)
        for k, linear in enumerate(linears):
            nn.init.normal_(linear.weight, std=sizes[k] ** -0.5, generator=generator)
            nn.init.zeros_(linear.bias)
            if k > 0:
                linear.weight.data /= SPREAD
            if k > 0 and BIASES == "compensated":
                linear.bias.data -= (MEAN + shift) * linear.weight.data.sum(1)

    def forward(self, h: Tensor) -> Tensor:
        """Return the scores of the ten classes."""
        for linear in self.linears[:-1]:
            h = activate(linear(h)) + self.shift
        return torch.as_tensor(self.linears[-1](h))


# %% Train a network
def train(shift: float, rate: float, seed: int) -> tuple[float, float]:
    """Return the steps until GOAL of the shown digits are read (infinite if they never are), and the share missed."""
    model = Network(shift, seed)
    optimiser = torch.optim.SGD(model.parameters(), lr=rate)
    order, batches = torch.Generator().manual_seed(seed + 1_000_003), list[Tensor]()
    read = 0.0
    for step in range(STEPS + 1):
        if step in LOOKS:
            if not all(bool((p.abs() < 1e8).all()) for p in model.parameters()):
                break  # it has diverged
            with torch.no_grad():
                read = float((model(x[:SHOWN]).argmax(1) == y[:SHOWN]).float().mean())
            if read >= GOAL - 1e-6:
                return step, 1 - read
        if not batches:
            batches = [b for b in torch.randperm(len(x), generator=order).split(BATCH) if len(b) == BATCH]
        batch = batches.pop(0)
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return math.inf, 1 - read


# %% Find the best learning rate
def best_rate(shift: float) -> float:
    """Return the smallest learning rate that needs less than a tenth more steps than the one with the fewest."""
    runs = np.array([[train(shift, rate, 1000 * SEED + 500 + k) for k in range(TUNING)] for rate in RATES])
    steps, missed = runs[:, :, 0], runs[:, :, 1]
    # "Never" counts as twice the steps that there are, and a little more for what is missed at the end.
    spent = np.where(np.isfinite(steps), steps, 2 * STEPS + missed).mean(1)
    close = spent <= 1.0999 * spent.min() if np.isfinite(steps).any() else spent == spent.min()
    return RATES[int(close.argmax())]


def steps_needed(shift: float) -> list[float]:
    """Return the steps to the goal of the reported runs, at the best learning rate."""
    rate = best_rate(shift)
    steps = [min(train(shift, rate, 1000 * SEED + repeat)[0], STEPS) for repeat in range(REPEATS)]
    print(f"{KIND} {shift:+.2f}: learning rate {rate:g}, steps {' '.join(f'{s:g}' for s in steps)}")
    return steps


# %% Train the activation and its twin
all_steps = [steps_needed(UNCENTRED), steps_needed(CENTRED)]

# %% Print
uncentred, centred = (float(np.median(steps)) for steps in all_steps)
times = uncentred / max(centred, 1)
print(f"Median steps: {uncentred:g} and {centred:g} for the centred twin, {times:.1f} times as many")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

names = [f"{KIND} {shift:+.2f}" if shift else KIND for shift in (UNCENTRED, CENTRED)]
for row, taken in enumerate(all_steps):
    spread = row + np.linspace(-0.15, 0.15, REPEATS)
    plt.plot(taken, spread, "o", alpha=0.6)
    plt.plot([np.median(taken)] * 2, [row - 0.3, row + 0.3], "k-")
plt.yticks([0, 1], names)
plt.xlabel(f"Steps until {GOAL:.0%} of the digits are read (line: median)")
plt.ylabel("Activation")
plt.xlim(0, None)
plt.title("An activation and its centred twin")
plt.tight_layout()
plt.show()
