"""What does a unit look for?

A unit's incoming weights on pixels are an image of their own. Ten networks learn to read digits, each on its own
bootstrap sample of them, and their weights are laid beside the mean image of each class minus the mean of all.
Prints the cosine of the two (softmax regression: each class's weights with its own image, the median class; hidden
layer: each unit's best fit among the ten, in either direction, the mean unit), the same for random weights, and the
test accuracy, as medians of the networks.

Not covered: the search for a unit's best input, dot product against cosine, and the regions of a ReLU network.
"""

from collections.abc import Iterator
from statistics import median

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
NETWORK = "softmax"  # "softmax" (regression, no hidden layer) or "hidden" (one layer of 32 ReLU units)
STEPS = 100  # of training: 1, 10, 100, 300 or 1000
DECAY = 0.0  # L2 penalty of all weights and biases: 0.0, 0.001, 0.01 or 0.1
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks

# %% Data: 1297 digits to train on, 500 to test on, each class in proportion
pixels, classes = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(classes)
shuffled = torch.randperm(len(y), generator=Generator().manual_seed(0))
by_class = shuffled[y[shuffled].argsort(stable=True)]
held_out = torch.zeros(len(y), dtype=torch.bool)
held_out[by_class[(500 - 1 + torch.arange(500) * len(y)) // 500]] = True  # evenly along the classes, laid end to end
train_x, train_y, test_x, test_y = x[~held_out], y[~held_out], x[held_out], y[held_out]
# Each network's own sample of the training digits, drawn with replacement.
samples = np.random.default_rng(SEED).integers(len(train_x), size=(REPEATS, len(train_x)))


# %% Network
def random_network(seed: int) -> nn.Sequential:
    """Return a network whose weights are drawn as He does, with all biases at zero."""
    layers = [nn.Linear(64, 10)] if NETWORK == "softmax" else [nn.Linear(64, 32), nn.Linear(32, 10)]
    generator = Generator().manual_seed(seed)
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(layers[0]) if NETWORK == "softmax" else nn.Sequential(layers[0], nn.ReLU(), layers[1])


# %% Train a network
def batches(seed: int) -> Iterator[Tensor]:
    """Yield which of the network's samples a step sees: all for softmax regression, else 128 in random order."""
    generator = Generator().manual_seed(seed + 1_000_003)  # so that the order does not depend on the weights' draws
    while True:
        order = torch.randperm(len(train_x), generator=generator)
        yield from [order] if NETWORK == "softmax" else order[: len(order) // 128 * 128].split(128)


def trained(seed: int, own_x: Tensor, own_y: Tensor) -> nn.Sequential:
    """Train one network on its own samples: plain descent from zero for softmax regression, else Adam."""
    model = random_network(seed)
    optimiser: torch.optim.Optimizer
    if NETWORK == "softmax":
        for parameter in model.parameters():
            nn.init.zeros_(parameter)
        optimiser = torch.optim.SGD(model.parameters(), lr=0.5, weight_decay=DECAY)
    else:
        optimiser = torch.optim.Adam(model.parameters(), lr=0.005, weight_decay=DECAY)
    for _, batch in zip(range(STEPS), batches(seed), strict=False):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(own_x[batch]), own_y[batch]).backward()
        optimiser.step()
    return model


# %% Compare weights and images
def images(own_x: Tensor, own_y: Tensor) -> Tensor:
    """Return what sets each class apart: the mean of its images minus the mean of all, (10, 64)."""
    return torch.stack([own_x[own_y == k].mean(0) for k in range(10)]) - own_x.mean(0)


def likeness(model: nn.Sequential, own_x: Tensor, own_y: Tensor) -> float:
    """Return the cosine of weights and images, over the pixels that vary at all."""
    live = own_x.std(0) > 0
    first = next(model.parameters()).detach()  # the weights of the first layer, a row for each unit
    wanted = images(own_x, own_y)[:, live].double()
    if NETWORK == "softmax":
        # An image added to the weights of all classes changes no answer, so their mean is taken away.
        weights = (first - first.mean(0))[:, live].double()
        return nn.functional.cosine_similarity(weights, wanted).quantile(0.5).item()
    cosines = nn.functional.cosine_similarity(first[:, None, live].double(), wanted, dim=2)  # (units, 10)
    return cosines.abs().amax(1).mean().item()


alike, alike_random, accuracy, models = [], [], [], []
for repeat, sample in enumerate(samples):
    seed, own_x, own_y = 1000 * SEED + repeat, train_x[sample], train_y[sample]
    models.append(trained(seed, own_x, own_y))
    alike.append(likeness(models[-1], own_x, own_y))
    alike_random.append(likeness(random_network(seed), own_x, own_y))
    accuracy.append((models[-1](test_x).argmax(1) == test_y).double().mean().item())

# %% Result
for repeat in range(REPEATS):
    print(f"network {repeat}: cosine {alike[repeat]:.3f}, random weights {alike_random[repeat]:.3f}")
kin, by_chance, right = median(alike), median(alike_random), median(accuracy)
# z: no minus before 0.00
line = f"Cosine of weights and class images {kin:z.2f} (random weights {by_chance:z.2f}), test accuracy {right:.1%}"
print(line.replace("-", "−"))  # a true minus sign

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

above = images(train_x[samples[0]], train_y[samples[0]])
below = next(models[0].parameters()).detach()
if NETWORK == "softmax":
    below = below - below.mean(0)
else:  # under each image the unit that is most like it, or most unlike it
    below = below[nn.functional.cosine_similarity(below[:, None], above, dim=2).abs().argmax(0)]
figure, axes = plt.subplots(2, 10, figsize=(10, 2.8))
for row, tiles in zip(axes, (above, below), strict=True):
    for axis, tile in zip(row, tiles, strict=True):
        reach = tile.abs().max().item()
        axis.imshow(tile.reshape(8, 8), cmap="PuOr", vmin=-reach, vmax=reach)
        axis.set_xticks([])
        axis.set_yticks([])
axes[0, 0].set_ylabel("class − all")
axes[1, 0].set_ylabel("weights")
figure.suptitle("Class means minus the mean of all, and weights of a unit (purple: above zero, orange: below)")
plt.tight_layout()
plt.show()
