"""What do the weights do to the data?

Networks 64-64-32-10 learn scikit-learn's digits. Behind every layer, Fisher's ratio tells how far apart the ten
classes are for their width: the trace of the scatter between classes over that of the scatter within them. Prints the
ratios of 500 test digits, before training and (last line) after it, as medians over the networks.

Not covered: the networks with a bottleneck of two units, and how many of a digit's neighbours are of its class.
"""

from itertools import pairwise
from statistics import median

import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
ACTIVATION = "relu"  # of the hidden units: "relu" or "tanh"
STEPS = 300  # of Adam with learning rate 0.01 on minibatches of 128: 1, 10, 30, 100, 300 or 1000
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks
PLACES = ("pixels", "layer 1", "layer 2", "outputs")

# %% Digits: 1297 to train and 500 to test, each digit in proportion
images, names = load_digits(return_X_y=True)
x, y = torch.tensor(images / 16).float(), torch.tensor(names).long()
shuffled = torch.randperm(len(y), generator=Generator().manual_seed(0))
by_digit = shuffled[torch.argsort(y[shuffled], stable=True)]
count = torch.arange(len(y)) * 500 // len(y)  # goes up by one at every sample that is taken, evenly along the digits
test = by_digit[torch.diff(count, prepend=torch.tensor([-1])) > 0].sort().values
train = torch.ones(len(y), dtype=torch.bool).index_fill(0, test, False)
train_x, train_y, test_x, test_y = x[train], y[train], x[test], y[test]


# %% Network
def network(seed: int) -> nn.Sequential:
    """Return a network that starts as in He et al. (2015): weights from N(0, 2 / inputs), biases zero."""
    generator = Generator().manual_seed(seed)
    sizes, layers = (64, 64, 32, 10), []
    for inputs, outputs in pairwise(sizes):
        linear = nn.Linear(inputs, outputs)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.ReLU() if ACTIVATION == "relu" else nn.Tanh()]
    return nn.Sequential(*layers[:-1])  # the outputs have no activation


def learn(model: nn.Sequential, seed: int) -> None:
    """Train a network, with the samples in an order of its own; what is left of an epoch is left out."""
    generator = Generator().manual_seed(seed + 1_000_003)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    batches: list[Tensor] = []
    for _ in range(STEPS):
        if not batches:
            order = torch.randperm(len(train_y), generator=generator)
            batches = [batch for batch in order.split(128) if len(batch) == 128]
        batch = batches.pop(0)
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(train_x[batch]), train_y[batch]).backward()
        optimiser.step()


# %% Look behind every layer
def behind(model: nn.Sequential) -> list[Tensor]:
    """Return what the test digits are in the pixels, behind both hidden layers, and at the output."""
    with torch.no_grad():
        return [test_x, model[:2](test_x), model[:4](test_x), model(test_x)]


def fisher(features: Tensor) -> float:
    """Return Fisher's ratio of features (samples, units)."""
    features, between, within = features.double(), 0.0, 0.0
    for digit in range(10):
        of_digit = features[test_y == digit]
        mean = of_digit.mean(0)
        between += len(of_digit) * (mean - features.mean(0)).square().sum().item()
        within += (of_digit - mean).square().sum().item()
    return between / within


# %% Train the networks
untrained, trained = [], []
for seed in range(1000 * SEED, 1000 * SEED + REPEATS):
    model = network(seed)
    untrained.append([fisher(features) for features in behind(model)])
    learn(model, seed)
    trained.append([fisher(features) for features in behind(model)])

# %% Result
for ratios, name in ((untrained, "untrained"), (trained, "trained")):
    medians = [median(column) for column in zip(*ratios, strict=True)]
    shown = [f"{place} {ratio:.2f}" for place, ratio in zip(PLACES, medians, strict=True)]
    print(f"Fisher's ratio, {name}: {', '.join(shown)}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

for ratios, name, colour in ((untrained, "untrained", "tab:grey"), (trained, "trained", "tab:blue")):
    for one in ratios:
        plt.plot(PLACES, one, color=colour, alpha=0.3)
    medians = [median(column) for column in zip(*ratios, strict=True)]
    plt.plot(PLACES, medians, "o-", color=colour, label=f"{name} (median)")
plt.ylim(bottom=0)
plt.xlabel("Seen behind")
plt.ylabel("Fisher's ratio (scatter between classes over within)")
plt.title(f"How far apart the ten digits are, after {STEPS} steps")
plt.legend()
plt.show()
