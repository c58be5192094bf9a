"""What excites a deeper unit?

Convolutional networks learn scikit-learn's digits. For every unit of a layer, the nine test images that excite it
most: its activation is brought back to the pixels, and the inked pixels with the largest values are deleted. Prints
how much of the activations is left without those, and without as many random inked pixels of the receptive field:
medians over the networks of the mean over all units that are ever active.
Not covered: the other two kinds of weights beside the chosen ones, how like the image a projection looks, and how
well the upper layer serves for new digits.
"""

from statistics import median

import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
WEIGHTS = "trained"  # "trained", "random" (untrained) or "shuffled" (trained on shuffled labels)
LAYER = 2  # 1, 2 or 3
UNIT = 0  # whose images the picture shows: 0 to 7
METHOD = "zeiler"  # the way back: "zeiler" (deconvnet), "gradient" or "guided" (backpropagation)
PIXELS = 3  # that are deleted: 1, 2, 3, 5 or 8
STEPS = 100  # of Adam on minibatches of 64 digits: 10, 50, 100 or 200
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks
BEST = 9  # images per unit
SILENT = 1e-4  # a unit whose largest activation is smaller is left out

# %% Digits: 1297 to train and 500 to test, each digit in proportion
table, names = load_digits(return_X_y=True)
x, y = torch.tensor(table / 16).float().view(-1, 1, 8, 8), torch.tensor(names).long()
mixed = torch.randperm(len(y), generator=Generator().manual_seed(0))
by_digit = mixed[torch.argsort(y[mixed], stable=True)]
count = torch.arange(len(y)) * 500 // len(y)  # goes up by one at every sample that is taken, evenly along the digits
is_test = torch.isin(torch.arange(len(y)), by_digit[torch.diff(count, prepend=torch.tensor([-1])) > 0])
train_x, train_y, test_x = x[~is_test], y[~is_test], x[is_test]


# %% Train a network
def network(seed: int) -> nn.Sequential:
    """Return three convolutions and a linear layer that start as in He et al. (2015), from N(0, 2 / inputs)."""
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 12, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(48, 10),
    )  # fmt: skip
    generator, parameters = Generator().manual_seed(seed), list(model.parameters())
    for weights, bias in zip(parameters[::2], parameters[1::2], strict=True):
        nn.init.kaiming_normal_(weights, nonlinearity="relu", generator=generator)
        nn.init.zeros_(bias)
    return model


def learn(model: nn.Sequential, seed: int, labels: Tensor) -> None:
    """Train a network, its learning rate rising at first, its gradient limited, the samples in its own order."""
    generator = Generator().manual_seed(seed + 1_000_003)
    optimiser = torch.optim.Adam(model.parameters())
    batches: list[Tensor] = []
    for step in range(STEPS):
        if not batches:  # a new epoch; what is left of the last one is left out
            batches = list(torch.randperm(len(labels), generator=generator).split(64))[: len(labels) // 64]
        batch = batches.pop(0)
        optimiser.param_groups[0]["lr"] = 0.01 * min(1, (step + 1) / min(20, STEPS))
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(train_x[batch]), labels[batch]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()


# %% The way back, and what is left without pixels
STEP = 2 ** (LAYER - 1)  # pixels from one place in the layer's maps to the next


def at_relu(relu: nn.Module, passed: tuple[Tensor, ...], back: tuple[Tensor, ...]) -> tuple[Tensor] | None:
    """Replace what the gradient passes at a ReLU: what comes back, rectified; guided, what was on as well."""
    return None if METHOD == "gradient" else ((back if METHOD == "zeiler" else passed)[0].clamp(min=0),)


def visible(places: Tensor) -> Tensor:
    """Return which pixels (N, 1, 8, 8) the places (N,) of the layer's maps can see: their receptive fields."""
    pixel = torch.arange(8)
    row, column = places.view(-1, 1) // (8 // STEP), places.view(-1, 1) % (8 // STEP)
    rows, columns = ((pixel > STEP * (at - 2)) & (pixel < STEP * (at + 3) - 1) for at in (row, column))
    return (rows.unsqueeze(2) & columns.unsqueeze(1)).unsqueeze(1)


def look(layers: nn.Sequential, unit: int, chance: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Return what is left of a unit's strongest activations, without named and random pixels (2, N), and pictures."""
    maps = layers(test_x)[:, unit].flatten(1).detach()  # (images, places)
    strength, best = maps.amax(1).topk(BEST)
    if strength[0] <= SILENT:
        return torch.empty(2, 0), []
    each, places, images = torch.arange(BEST), maps[best].argmax(1), test_x[best].requires_grad_()
    activation = layers(images)[:, unit].flatten(1)[each, places]
    (back,) = torch.autograd.grad(activation, images, grad_outputs=strength)
    images, left, cut = images.detach(), [], []
    ink = (images > 0) & visible(places)
    for scores in (back, chance):
        highest = torch.where(ink, scores, -torch.inf).flatten(1).topk(PIXELS).indices
        cut.append(images * ~(torch.zeros(BEST, 64).scatter(1, highest, 1.0).view_as(ink).bool() & ink))
        after = layers(cut[-1])[:, unit].flatten(1)[each, places].detach()
        left.append((after / strength)[strength > SILENT])
    return torch.stack(left), [images, back, cut[0]]


# %% Train the networks, and look at every unit
KIND, UNITS = ("trained", "random", "shuffled").index(WEIGHTS), (8, 12, 12)[LAYER - 1]
drawn = torch.rand(3, REPEATS, UNITS, BEST, 1, 8, 8, generator=Generator().manual_seed(SEED))[KIND]
kept: list[list[float]] = []
pictures: list[Tensor] = []
for repeat, seed in enumerate(range(1000 * SEED, 1000 * SEED + REPEATS)):
    model = network(seed)
    shuffled = train_y[torch.randperm(len(train_y), generator=Generator().manual_seed(seed + 500))]
    if WEIGHTS != "random":
        learn(model, seed, shuffled if WEIGHTS == "shuffled" else train_y)
    layers = nn.Sequential(*list(model)[: 3 * LAYER - 1])  # up to the chosen layer's ReLU
    for module in layers:
        if isinstance(module, nn.ReLU):
            module.register_full_backward_hook(at_relu)
    looks = [look(layers, unit, drawn[repeat, unit]) for unit in range(UNITS)]
    left = torch.cat([found for found, _ in looks], 1)
    kept.append(left.mean(1).tolist() if left.numel() else [1.0, 1.0])
    pictures = pictures or looks[UNIT][1]

# %% Result
named, random = (100 * median(column) for column in zip(*kept, strict=True))
print(f"Left of the strongest activations: {named:.0f}% without the named pixels, {random:.0f}% without random ones")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axes = plt.subplots(3, BEST, figsize=(10, 4))
for row, (title, shown) in enumerate(zip(("image", "comes back", "cut image"), pictures, strict=True)):
    for axis, picture in zip(axes[row], shown, strict=True):
        most = picture.abs().max().item()
        axis.imshow(picture[0], cmap="PuOr_r" if row == 1 else "gray_r", vmin=-most if row == 1 else 0, vmax=most)
    axes[row, 0].set_ylabel(title)
for axis in axes.flat:
    axis.set_xticks([])
    axis.set_yticks([])
figure.suptitle(f"Layer {LAYER}, unit {UNIT}, weights {WEIGHTS}: the {BEST} digits that excite it most")
plt.show()
