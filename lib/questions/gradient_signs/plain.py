"""If every activation is positive, how can a weight go down?

Ten networks learn scikit-learn's handwritten digits for a while. Then one batch's gradient of one layer is taken
apart: what arrives at the layer, dO/dw (a unit's output by a weight), dE/dO (the error by the output) and dE/dw.
Printed are the shares of numbers below, at and above zero in each, all networks together, and last how many of the
weights go down, up, or stay. Not here: the sum over the branches, the single digit, and the step below zero.
"""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
ACTIVATION = "relu"  # "relu", "leaky_relu", "tanh" or "sigmoid"
LAYER = "1"  # "1": from the pixels; "2"; or "3": to the outputs
BATCH = 30  # digits that the gradient is averaged over, at most 300
PIXELS = "positive"  # "positive": 0 to 1; "centred": each pixel's mean is subtracted
STEPS = 100  # steps of training before, with Adam; 20 are one pass over the digits
START = "abs_he/4"  # "abs_he/4": small and not negative; "he": both signs
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # networks


# %% The digits
def digits() -> tuple[Tensor, Tensor]:
    """Return the 1297 digits that are trained on; 500 more, of each kind its share, are kept for testing."""
    x, y = (torch.tensor(part) for part in load_digits(return_X_y=True))
    shuffled = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    by_kind = shuffled[torch.argsort(y[shuffled], stable=True)]
    # Of all digits, laid out kind by kind, 500 are taken at even distances.
    quota = torch.arange(len(y)) * 500 // len(y)
    test = torch.zeros(len(y), dtype=torch.bool)
    test[by_kind[torch.diff(quota, prepend=torch.tensor([-1])) > 0]] = True
    return x[~test].float() / 16, y[~test]


x, y = digits()
if PIXELS == "centred":
    x = x - x.mean(0)

# %% Train the networks
act = {"relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.1), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid()}[ACTIVATION]


def train(seed: int) -> list[nn.Linear]:
    """Draw and train a network; return its three linear layers."""
    layers = [nn.Linear(64, 32), nn.Linear(32, 32), nn.Linear(32, 10)]
    generator = torch.Generator().manual_seed(seed)
    for layer in layers:
        nn.init.zeros_(layer.bias)
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)  # He et al. 2015
        if START == "abs_he/4":
            layer.weight.data.mul_(0.25).abs_()
    model = nn.Sequential(layers[0], act, layers[1], act, layers[2])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    batches: list[Tensor] = []
    for _ in range(STEPS):
        if not batches:  # each pass over the digits takes them in a new order, 64 at a time
            batches = [b for b in torch.randperm(len(x), generator=generator).split(64) if len(b) == 64]
        batch = batches.pop(0)
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimiser.step()
    return layers


# %% Take one batch's gradient apart
order = np.random.default_rng(SEED).permutation(len(x))[:BATCH]
picked = int(LAYER) - 1


def signs(values: Tensor) -> list[float]:
    """Shares of the numbers below, at and above zero."""
    return [float(part.double().mean()) for part in (values < 0, values == 0, values > 0)]


def apart(layers: list[nn.Linear]) -> list[list[float]]:
    """Return the signs of what arrives, dO/dw, dE/dO and dE/dw in the picked layer of one network."""
    h = x[order].double()
    for k, layer in enumerate(layers):
        arriving = h.detach()
        z = layer.double()(h)
        h = act(z) if k < 2 else z
        if k == picked:
            came, sums, output = arriving, z, h
    slope = torch.autograd.grad(output.sum(), sums, retain_graph=True)[0]  # f'(z) of each digit and unit
    error = nn.functional.cross_entropy(h, y[order], reduction="sum")  # dE/dO is each digit's own
    weight = layers[picked].weight
    back, gradient = torch.autograd.grad(error, (output, weight))
    local = slope[:, :, None] * came[:, None, :]  # dO/dw of each digit, unit and input
    return [signs(part) for part in (came, local, back, gradient)]


shares = np.mean([apart(train(seed)) for seed in range(SEED * 1000, SEED * 1000 + REPEATS)], axis=0)  # (4, 3)


# %% What is negative, what is positive
def per_cent(three: np.ndarray) -> list[str]:
    """Shares of a whole in whole per cent that add up to 100: the largest remainders are rounded up.

    What is not quite nothing, or all, does not look like it.
    """
    whole = np.floor(100 * three + 1e-9)
    short = round(100 - whole.sum())
    whole[np.argsort(whole - 100 * three, kind="stable")[:short]] += 1
    some, most = (whole == 0) & (three > 1e-9), (whole == 100) & (three < 1)
    return ["<1%" if s else ">99%" if m else f"{w:.0f}%" for w, s, m in zip(whole, some, most, strict=True)]


for name, three in zip(("what arrives", "dO/dw", "dE/dO", "dE/dw"), shares, strict=True):
    below, at, above = per_cent(three)
    print(f"{name}: {below} below zero, {at} zero, {above} above zero")
local, gradient = per_cent(shares[1]), per_cent(shares[3])
moves = f"{gradient[2]} go down, {gradient[0]} up, {gradient[1]} stay"
print(f"Of dO/dw {local[0]} are negative; of layer {LAYER}'s weights {moves}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

names = ["what arrives", "dO/dw", "dE/dO", "dE/dw", "step, -dE/dw"]
rows = np.vstack([shares, shares[3][::-1]])  # a step goes against the gradient
left = np.zeros(len(rows))
figure, axis = plt.subplots(figsize=(7, 3.2))
for k, (label, colour) in enumerate(
    (("below zero", "tab:orange"), ("zero", "lightgray"), ("above zero", "tab:blue"))
):
    axis.barh(names, 100 * rows[:, k], left=left, color=colour, label=label)
    left += 100 * rows[:, k]
axis.invert_yaxis()
axis.set(title="The sign of each factor", xlabel="Share (%)", xlim=(0, 100))
axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
figure.tight_layout()
plt.show()
