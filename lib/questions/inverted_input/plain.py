"""What happens to the weights when an input is inverted?

Two networks learn scikit-learn's handwritten digits from the same batches; the second one sees some pixels inverted.
Each hidden unit of the first is matched with the unit of the second that computes the same. Printed are how many
pairs of networks are mirror images to the last bit, and the first layer's correlation with its partner, with the
signs turned at the inverted pixels and as they are (medians over the pairs). Matching alone makes partners alike, so
each comparison finds its own: for mirror images the networks get their own inputs, for the originals the same ones.
Not here: the training in which nothing differs but the data, and the rewriting of a trained network for 1 - x.
"""

import copy

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment  # scipy comes with scikit-learn
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
NETWORK = "mlp"  # "mlp": 32 hidden units; "softmax_regression": none
START = "mirrored"  # the second network's start: "mirrored" (signs turned), "same" or "independent"
INVERSION = "minus_x"  # "minus_x": x becomes -x; "one_minus_x": x becomes 1 - x, a photographic negative
SHARE = 0.5  # share of the 64 pixels that are inverted, 0.0 to 1.0
ACTIVATION = "relu"  # "relu" or "tanh"
OPTIMISER = "adam"  # "adam", "momentum" (0.9) or "sgd"
LR = 0.005  # learning rate: Adam wants 0.005, momentum 0.02, plain SGD 0.1
DECAY = 0.0  # weight decay, the lambda of lambda/2 |w|^2
STEPS = 300  # steps of training; 20 are one pass over the digits
SEED = 0  # start number: other numbers, other draws and other pixels
REPEATS = 10  # pairs of networks


# %% The digits, and the inverted ones
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
inverted = torch.zeros(64, dtype=torch.bool)
count = max(1, round(64 * SHARE)) if SHARE else 0
inverted[np.random.default_rng(SEED).permutation(64)[:count]] = True
turned_x = torch.where(inverted, -x if INVERSION == "minus_x" else 1 - x, x)
varies = x.std(0) > 0  # pixels that are the same in every digit say nothing


# %% The networks
@torch.no_grad()
def build(seed: int) -> nn.Sequential:
    """Return a network that starts as in He et al. 2015, with biases of zero."""
    act = nn.ReLU() if ACTIVATION == "relu" else nn.Tanh()
    layers = [nn.Linear(64, 32), act, nn.Linear(32, 10)] if NETWORK == "mlp" else [nn.Linear(64, 10)]
    generator = torch.Generator().manual_seed(seed)
    for layer in layers:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            layer.bias.zero_()
    return nn.Sequential(*layers)


@torch.no_grad()
def mirrored(model: nn.Sequential, *, shift: bool = False) -> nn.Sequential:
    """Return the network with w -> -w at inverted pixels; with `shift`, and w x + b = -w (1 - x) + (b + w), b too."""
    image = copy.deepcopy(model)
    weight, bias, *_ = image.parameters()
    if shift:
        bias.add_(weight[:, inverted].sum(1))
    weight[:, inverted] *= -1
    return image


# %% Train the pairs
def train(model: nn.Sequential, x: Tensor, seed: int) -> None:
    """Train a network on one version of the digits."""
    if OPTIMISER == "adam":
        optimiser: torch.optim.Optimizer = torch.optim.Adam(model.parameters(), lr=LR, weight_decay=DECAY)
    else:
        momentum = 0.9 if OPTIMISER == "momentum" else 0.0
        optimiser = torch.optim.SGD(model.parameters(), lr=LR, momentum=momentum, weight_decay=DECAY)
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    batches: list[Tensor] = []
    for _ in range(STEPS):
        if not batches:  # each pass over the digits takes them in a new order, 64 at a time
            batches = [b for b in torch.randperm(len(x), generator=generator).split(64) if len(b) == 64]
        batch = batches.pop(0)
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimiser.step()


pairs = []
for seed in range(SEED * 1000, SEED * 1000 + REPEATS):
    first = build(seed)
    second = build(seed + 500) if START == "independent" else copy.deepcopy(first)
    if START == "mirrored":
        second = mirrored(first, shift=INVERSION == "one_minus_x")
    train(first, x, seed)
    train(second, turned_x, seed)
    pairs.append((first, second))


# %% Compare them
@torch.no_grad()
def matched(first: nn.Sequential, second: nn.Sequential, seen: Tensor) -> tuple[Tensor, Tensor]:
    """Return the first layers' weights, the second network's units in the order of their partners in the first.

    Partners are found by what they compute: by the correlation of their weighted sums over the digits, which the
    second network gets as `seen`.
    """
    w, other = (next(model.parameters()).double() for model in (first, second))
    if NETWORK == "softmax_regression":  # its units are the ten answers
        return w, other
    sums = torch.cat([x.double() @ w.T, seen.double() @ other.T], 1)  # biases change no correlation
    likeness = torch.corrcoef(sums.T)[: len(w), len(w) :].nan_to_num()
    return w, other[linear_sum_assignment(likeness, maximize=True)[1]]


def correlation(a: Tensor, b: Tensor) -> float:
    """Pearson's correlation of all weights at pixels that vary."""
    return float(np.corrcoef(a[:, varies].flatten(), b[:, varies].flatten())[0, 1])


def shown(number: float) -> str:
    """Three decimals, with a true minus sign."""
    return f"{round(number, 3) + 0.0:.3f}".replace("-", "\N{MINUS SIGN}")


exact, turned, unturned = 0, [], []
signs = torch.where(inverted, -1.0, 1.0)
for first, second in pairs:
    image = mirrored(first)
    exact += all(torch.equal(p, q) for p, q in zip(image.parameters(), second.parameters(), strict=True))
    w, other = matched(first, second, turned_x)
    turned.append(correlation(w * signs, other))
    unturned.append(correlation(*matched(first, second, x)))
likeness = f"{shown(np.median(turned))} with the mirror image, {shown(np.median(unturned))} with the originals"
print(f"Mirror images to the last bit: {exact} of {REPEATS} pairs; correlation {likeness}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

w, other = matched(*pairs[0], turned_x)
figure, axis = plt.subplots(figsize=(5, 5))
for which, colour, label in ((~inverted, "tab:gray", "other pixel"), (inverted, "tab:orange", "inverted pixel")):
    axis.scatter(w[:, which], other[:, which], s=4, color=colour, label=label)
limit = 1.05 * float(max(w.abs().max(), other.abs().max()))
axis.plot([-limit, limit], [-limit, limit], "k:", label="unchanged")
axis.plot([-limit, limit], [limit, -limit], "k--", label="turned")
axis.set(title="Each weight in both networks", xlabel="First network", ylabel="Second network")
axis.legend()
figure.tight_layout()
plt.show()
