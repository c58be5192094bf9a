"""Which cure for off-centre inputs works?

Deep networks learn to read the digits without a cure, with each cure alone, and with the reader's choice of cures
together. Each gets its own best learning rate of a grid, found on six starts that are not reported, and is then
trained from ten others, which are the same for all.
Every cure's median steps to the goal are printed; the last line gives those without a cure, of the fastest cure and
of the cures together (a run that never gets there counts with all its steps). Not here: how round each layer's loss
is, the gradients' signs. About 20 to 60 seconds: 500 trainings.
"""

import math
from itertools import pairwise

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)

# %% Settings
ACTIVATION = "sigmoid"  # "sigmoid", "relu" or "tanh"
PIXELS = "raw"  # "raw", from 0 to 1, or "standardised": each at mean 0 and standard deviation 1
# Together with standardised pixels: "none", "batch_before", "batch_after", "layer_before" or "layer_after" the
# activation, or a bias per input: "bias_learned" from 0, "bias_set" to minus the mean, "bias_slow", "bias_frozen".
NORM = "batch_after"  # one of those
OPTIMISER = "momentum"  # for the cures together: "sgd", "momentum" or "adam"
DEPTH = 3  # hidden layers, 1 to 3
GOAL = 0.5  # loss to be reached on 128 training digits: 0.1, 0.3, 0.5 or 1.0
STEPS = 150  # at most, of 64 digits each: 20, 60, 100, 150 or 200
SEED = 0  # start number, 0 to 99
REPEATS = 10  # reported runs of each cure
TUNING = 6  # runs of each learning rate in the search for the best
GRID = (0.16, 0.32, 0.64, 1.28, 2.56, 5.12)  # learning rates tried with plain SGD, in rising order

# %% Data
WIDTH, BATCH, SHOWN = 32, 64, 128
# The steps after which it is seen whether the goal is reached.
LOOKS = [t for t in range(STEPS + 1) if t % (2 if t <= 30 else 5 if t <= 60 else 10) == 0]

digits, labels = (torch.from_numpy(part) for part in load_digits(return_X_y=True))
digits = digits.float() / 16
# 500 of the 1797 digits, evenly from every class, are set aside: the page's sample, so that the numbers agree.
shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
by_class = shuffled[torch.argsort(labels[shuffled], stable=True)]
for_training = torch.ones(len(labels), dtype=torch.bool)
for_training[by_class[[math.ceil(k * len(labels) / 500) for k in range(500)]]] = False
raw, y = digits[for_training], labels[for_training]
# Pixels that are always blank stay at 0.
standardised = (raw - raw.mean(0)) / torch.where(raw.std(0) > 0, raw.std(0), torch.tensor(1.0))

# %% Network
activate = {"sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh}[ACTIVATION]
# Standard deviation of what the activation gives for inputs from N(0, 1), from 20,000 quantiles.
SPREAD = float(activate(torch.special.ndtri((torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000)).std())


class Network(nn.Module):
    """Hidden layers with a norm before or after the activation, or a bias for each input of the next layer."""

    def __init__(self, norm: str, x: Tensor, seed: int) -> None:
        """Start with weights from N(0, 1 / fan_in) over the spread of what comes in, and with biases 0."""
        super().__init__()
        sizes = [x.shape[1], *[WIDTH] * DEPTH, 10]
        linears = [nn.Linear(i, o) for i, o in pairwise(sizes)]
        self.linears = nn.ModuleList(linears)
        self.norms, self.after = nn.ModuleList(), norm.endswith("after")
        self.shifts = nn.ParameterList(torch.zeros(WIDTH) for _ in range(DEPTH))
        generator = torch.Generator().manual_seed(seed)
        for k, linear in enumerate(linears):
            nn.init.normal_(linear.weight, std=sizes[k] ** -0.5, generator=generator)
            nn.init.zeros_(linear.bias)
            if k > 0 and not self.after:  # behind a norm the spread is 1
                linear.weight.data /= SPREAD
        for k in range(DEPTH):
            # BatchNorm always takes the statistics of the digits that it sees.
            kinds = {"batch": nn.BatchNorm1d(WIDTH, track_running_stats=False), "layer": nn.LayerNorm(WIDTH)}
            self.norms.append(kinds.get(norm.partition("_")[0], nn.Identity()))
            if norm in ("bias_set", "bias_slow", "bias_frozen"):
                self.shifts[k].data -= self.hidden(x[:SHOWN], k + 1).mean(0).detach()
            # sum_i w_i (h_i + b_i) has no further bias; if the b_i are not trained, the usual one is.
            trained = norm in ("bias_learned", "bias_set", "bias_slow")
            self.shifts[k].requires_grad_(trained)
            linears[k + 1].bias.requires_grad_(not trained)
        if norm == "batch_before":
            for linear in linears[:DEPTH]:
                linear.bias.requires_grad_(False)  # BatchNorm takes it off again

    def hidden(self, h: Tensor, depth: int) -> Tensor:
        """Return what comes out of the first `depth` hidden layers."""
        for linear, norm, shift in list(zip(self.linears, self.norms, self.shifts, strict=False))[:depth]:
            h = (norm(activate(linear(h))) if self.after else activate(norm(linear(h)))) + shift
        return h

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores of the ten classes."""
        return torch.as_tensor(self.linears[-1](self.hidden(x, DEPTH)))


# %% Train a network
def train(x: Tensor, norm: str, optimiser_name: str, rate: float, seed: int) -> tuple[float, float]:
    """Return the steps until the shown digits' loss is at GOAL (infinite if it never is), and the last loss seen."""
    model = Network(norm, x, seed)
    fast = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("shifts")]
    shifts = [p for p in model.shifts if p.requires_grad]
    groups = [{"params": fast, "lr": rate}, {"params": shifts, "lr": rate * (0.1 if norm == "bias_slow" else 1)}]
    momentum = 0.9 if optimiser_name == "momentum" else 0.0
    optimiser = torch.optim.Adam(groups) if optimiser_name == "adam" else torch.optim.SGD(groups, momentum=momentum)
    order, batches = torch.Generator().manual_seed(seed + 1_000_003), list[Tensor]()
    seen = math.inf
    for step in range(STEPS + 1):
        if step in LOOKS:
            if not all(bool((p.abs() < 1e8).all()) for p in model.parameters()):
                break  # it has diverged
            with torch.no_grad():
                seen = float(nn.functional.cross_entropy(model(x[:SHOWN]), y[:SHOWN]))
            if seen <= GOAL:
                return step, seen
        if not batches:
            batches = [b for b in torch.randperm(len(x), generator=order).split(BATCH) if len(b) == BATCH]
        batch = batches.pop(0)
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return math.inf, seen


# %% Find the best learning rate
def median_steps(x: Tensor, norm: str = "none", optimiser: str = "sgd") -> float:
    """Return the median steps to the goal of the reported runs, at the best learning rate."""
    rates = [rate * {"sgd": 1.0, "momentum": 0.2, "adam": 0.02}[optimiser] for rate in GRID]
    others = [1000 * SEED + 500 + k for k in range(TUNING)]
    runs = np.array([[train(x, norm, optimiser, rate, seed) for seed in others] for rate in rates])
    steps, losses = runs[:, :, 0], runs[:, :, 1]
    # "Never" counts as twice the steps that there are, and a little more for the loss at the end.
    spent = np.where(np.isfinite(steps), steps, 2 * STEPS + np.minimum(losses, 10) / 10).mean(1)
    # The smallest rate that needs less than a tenth more steps than the one with the fewest.
    close = spent <= 1.0999 * spent.min() if np.isfinite(steps).any() else spent == spent.min()
    rate = rates[int(close.argmax())]
    reported = [train(x, norm, optimiser, rate, 1000 * SEED + repeat)[0] for repeat in range(REPEATS)]
    return float(np.median(np.minimum(reported, STEPS)))


x = raw if PIXELS == "raw" else standardised
alone = {name: median_steps(x, optimiser=name) for name in ("momentum", "adam")}
for norm in ("bias_learned", "bias_frozen", "layer_before", "layer_after", "batch_before", "batch_after"):
    alone[norm] = median_steps(x, norm)
if PIXELS == "raw":
    alone["standardised"] = median_steps(standardised)
none, together = median_steps(x), median_steps(standardised, NORM, OPTIMISER)

# %% Print
for name, steps in alone.items():
    print(f"{name}: {steps:g} steps")
best = min(alone.values())
print(f"Median steps: {none:g} without a cure, {best:g} with the fastest, {together:g} together")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

results = {"no cure": none, **alone, "together": together}
names = sorted(results, key=lambda name: -results[name])
plt.barh(names, [results[name] for name in names])
plt.axvline(none, color="black", linewidth=1, linestyle="--")
plt.xlabel(f"Median steps until the loss is {GOAL:g} (at most {STEPS})")
plt.ylabel("Cure")
plt.title(f"Steps of a deep {ACTIVATION} network, each cure alone, and some together")
plt.tight_layout()
plt.show()
