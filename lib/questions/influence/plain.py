"""Does a bigger weight matter more?

Ten networks with one hidden layer learn to read digits. Then every first-layer weight is set to zero alone, and what
that changes on the test digits is measured by running the network again. Prints how well two guesses put the weights
in the order of the damage, as rank correlations (medians of the networks): the weight's size, and its size times the
mean size of its input.

Not covered: thousands of weights removed at once, training on without them, and rescaled units.
"""

from statistics import median

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
EFFECT = "loss"  # what a deleted weight changes: "unit" (its unit's activation), "loss" or "accuracy"
PIXELS = "raw"  # inputs: "raw", or "blended" (a rotation: each is a blend of all pixels, about equally large)
DECAY = 0.0  # weight decay of AdamW: 0.0, 0.1 or 1.0
WIDTH = 32  # hidden units: 16, 32 or 64
STEPS = 300  # of AdamW: 0, 30, 100, 300 or 1000
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks

# %% Data: 1297 digits to train on, 500 to test on, each class in proportion
pixels, classes = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(classes)
shuffled = torch.randperm(len(y), generator=Generator().manual_seed(0))
by_class = shuffled[y[shuffled].argsort(stable=True)]
held_out = torch.zeros(len(y), dtype=torch.bool)
held_out[by_class[(500 - 1 + torch.arange(500) * len(y)) // 500]] = True  # evenly along the classes, laid end to end
if PIXELS == "blended":
    x = x @ torch.linalg.qr(torch.randn(64, 64, generator=Generator().manual_seed(SEED))).Q
train_x, train_y, test_x, test_y = x[~held_out], y[~held_out], x[held_out], y[held_out]


# %% Network
def network(seed: int) -> nn.Sequential:
    """Return a network whose weights are drawn as He does, with all biases at zero."""
    first, last = nn.Linear(64, WIDTH), nn.Linear(WIDTH, 10)
    generator = Generator().manual_seed(seed)
    for layer in (first, last):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(first, nn.ReLU(), last)


# %% Train the networks
def trained(seed: int) -> nn.Sequential:
    """Train one network."""
    model = network(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.005, weight_decay=DECAY)
    generator = Generator().manual_seed(seed + 1_000_003)  # so that the order does not depend on the weights' draws
    batches: list[Tensor] = []
    for _ in range(STEPS):
        if not batches:  # each pass over the digits has a new order, and leaves out what fills no batch
            batches = list(torch.randperm(len(train_x), generator=generator)[: len(train_x) // 128 * 128].split(128))
        batch = batches.pop(0)
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(train_x[batch]), train_y[batch]).backward()
        optimiser.step()
    return model


models = [trained(1000 * SEED + repeat) for repeat in range(REPEATS)]


# %% Delete each weight alone
@torch.no_grad()
def measured(model: nn.Sequential, unit: int) -> Tensor:
    """Return what may change with a weight of a unit: its activations, or the loss, or which digits are read."""
    if EFFECT == "unit":
        return model[:2](test_x)[:, unit]
    output = model(test_x)
    return nn.functional.cross_entropy(output, test_y) if EFFECT == "loss" else (output.argmax(1) == test_y).double()


def damage(model: nn.Sequential) -> np.ndarray:
    """Return how much each first-layer weight changes when it is zero, whichever way: (WIDTH, 64)."""
    weights, found = next(model.parameters()).data, np.zeros((WIDTH, 64))
    for unit in range(WIDTH):
        before = measured(model, unit)
        for pixel in range(64):
            weight = weights[unit, pixel].item()
            weights[unit, pixel] = 0
            change = measured(model, unit) - before
            weights[unit, pixel] = weight
            # a digit lost and a digit gained cancel in the accuracy; an activation counts in either direction
            found[unit, pixel] = change.abs().mean() if EFFECT == "unit" else change.mean().abs()
    return found


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Return Spearman's rank correlation: equal numbers share their rank; 0 if all numbers of one side are equal."""
    ranks = []
    for values in (a, b):
        _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
        places: np.ndarray = np.cumsum(counts) - (counts - 1) / 2
        ranks.append(places[group.ravel()])
    return float(np.corrcoef(ranks)[0, 1]) if np.ptp(ranks, axis=1).all() else 0.0


test_x = test_x.double()  # a single weight changes so little that single precision would blur it
damages = [damage(model.double()) for model in models]
sizes = [next(model.parameters()).detach().abs().numpy() for model in models]
mean_input = train_x.abs().mean(0).numpy()
by_size = [rank_correlation(size, found) for size, found in zip(sizes, damages, strict=True)]
by_product = [rank_correlation(size * mean_input, found) for size, found in zip(sizes, damages, strict=True)]

# %% Result
for name, values in (("size", by_size), ("size times input", by_product)):
    print(f"{name}: rank correlation with the damage " + ", ".join(f"{value:.2f}" for value in values))
# z: no minus before 0.00
line = f"Rank correlation with the damage: size {median(by_size):z.2f}, size times input {median(by_product):z.2f}"
print(line.replace("-", "−"))  # a true minus sign

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, sharey=True, figsize=(9, 3.8))
for axis, guess, name in (
    (axes[0], sizes[0], "size of the weight"),
    (axes[1], sizes[0] * mean_input, "size times mean input"),
):
    axis.scatter(guess.ravel(), damages[0].ravel(), s=6, alpha=0.5)
    axis.set_xlabel(name.capitalize())
    axis.set_title(f"Rank correlation {rank_correlation(guess, damages[0]):.2f}")
axes[0].set_ylabel(f"Damage to the {EFFECT}")
figure.suptitle("First-layer weights of one network, each deleted alone")
plt.tight_layout()
plt.show()
