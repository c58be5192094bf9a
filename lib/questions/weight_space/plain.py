"""Do two trainings find the same weights?

Ten networks with one hidden layer learn to read digits, from ten starts of their own or from one start in ten orders
of the digits. Each pair of them is compared: how many test digits get the same answer, and the cosine of all weights
and biases, as they are and with the hidden units of one network in the order that suits the other best (the order of
hidden units means nothing). Prints the medians of the 45 pairs, and the last one before training too.
Not covered: the straight ways between networks, random walks, and the network of two weights.
"""

from itertools import combinations
from statistics import median

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment  # scikit-learn has brought scipy along
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
WIDTH = 32  # hidden units: 8, 16, 32, 64 or 128
START = "own"  # "own" (each network its own) or "shared" (one for all: only the order of the digits differs)
STEPS = 400  # of Adam: 3, 30, 100, 400 or 1000
MATCHED = "weights"  # what makes two units alike: "weights" (and biases) or "activations"
DECAY = 0.0  # L2 penalty of all weights and biases: 0.0, 0.001 or 0.003
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks

# %% Data: 1297 digits to train on, 500 to test on, each class in proportion
pixels, classes = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(classes)
shuffled = torch.randperm(len(y), generator=Generator().manual_seed(0))
by_class = shuffled[y[shuffled].argsort(stable=True)]
held_out = torch.zeros(len(y), dtype=torch.bool)
held_out[by_class[(500 - 1 + torch.arange(500) * len(y)) // 500]] = True  # evenly along the classes, laid end to end
train_x, train_y, test_x = x[~held_out], y[~held_out], x[held_out]


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
def trained(model: nn.Sequential, seed: int) -> nn.Sequential:
    """Train a network on the digits, in the order that belongs to the seed."""
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005, weight_decay=DECAY)
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


seeds = range(1000 * SEED, 1000 * SEED + REPEATS)
begun = [seed if START == "own" else seeds[0] for seed in seeds]
starts = [network(seed) for seed in begun]
models = [trained(network(first), seed) for first, seed in zip(begun, seeds, strict=True)]


# %% Match the units
def units(model: nn.Module) -> Tensor:
    """Return all that belongs to each hidden unit: weights in, bias, weights out, (WIDTH, 64 + 1 + 10)."""
    first, bias, last, _ = model.parameters()
    return torch.cat([first, bias.unsqueeze(1), last.T], 1).detach().double()


def best_order(one: nn.Module, other: nn.Module) -> np.ndarray:
    """Return the order of another network's hidden units that suits this one's best, of all orders there are."""
    if MATCHED == "weights":
        alike = units(one) @ units(other).T  # the larger the sum of these products, the smaller the distance
    else:
        hidden = [torch.relu(u[:, :64] @ train_x[:400].T.double() + u[:, 64:65]) for u in (units(one), units(other))]
        a, b = (nn.functional.normalize(h - h.mean(1, keepdim=True), dim=1) for h in hidden)
        # Correlations; all 0 for units that are off for each of these digits: the cosines of weights decide on those.
        alike = (
            a @ b.T
            + 1e-4 * nn.functional.normalize(units(one), dim=1) @ nn.functional.normalize(units(other), dim=1).T
        )
    return linear_sum_assignment(alike.numpy(), maximize=True)[1]


# %% Compare each pair
def cosine(one: nn.Sequential, other: nn.Sequential, order: np.ndarray) -> float:
    """Return the cosine of all weights and biases, with the other network's hidden units in this order."""
    all_one = torch.cat([units(one).flatten(), list(one.parameters())[-1].detach()])
    all_other = torch.cat([units(other)[order].flatten(), list(other.parameters())[-1].detach()])
    return nn.functional.cosine_similarity(all_one, all_other, dim=0).item()


pairs = list(combinations(range(REPEATS), 2))
answers = [model(test_x).argmax(1) for model in models]
same = [(answers[i] == answers[j]).double().mean().item() for i, j in pairs]
raw = [cosine(models[i], models[j], np.arange(WIDTH)) for i, j in pairs]
matched = [cosine(models[i], models[j], best_order(models[i], models[j])) for i, j in pairs]
untrained = [cosine(starts[i], starts[j], best_order(starts[i], starts[j])) for i, j in pairs]

# %% Result
line = f"Same answers {median(same):.1%}, cosine of weights {median(raw):z.2f}, "  # z: no minus before 0.00
line += f"with units matched {median(matched):z.2f} (untrained {median(untrained):z.2f})"
print(line.replace("-", "−"))  # a true minus sign

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

one, other = models[:2]
order = best_order(one, other)
rows, columns = (nn.functional.normalize(units(model), dim=1) for model in (one, other))
figure, axes = plt.subplots(1, 2, figsize=(9, 4.2))
for axis, picked, name in ((axes[0], np.arange(WIDTH), "Units as they are"), (axes[1], order, "Units matched")):
    shown = axis.imshow(rows @ columns[picked].T, cmap="PuOr", vmin=-1, vmax=1)
    axis.set_title(f"{name}: {cosine(one, other, picked):.2f}")
    axis.set_xlabel("Units of network 2")
axes[0].set_ylabel("Units of network 1")
figure.suptitle("Two networks, unit against unit, and the cosine of all their weights")
figure.colorbar(shown, ax=axes, label="Cosine of two units' weights")
plt.show()
