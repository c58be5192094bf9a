"""What does a constant matrix forget?

Inputs are sent through layers that have not been trained: Gaussian weights, a constant, the constant with random
jitter, or the rows of the cosine transform, which has no random number in it. Then the best linear map tries to
rebuild the inputs from the last layer's outputs, known to a millionth of the largest: fitted on 1297 handwritten
digits, it is tried on 500 others. Printed is the share of their variation that comes back, the median of the repeats.
Not here: orthogonal weights, the layers before the last, how many inputs can still be told apart, what becomes of
errors on their way back and of the angle between two inputs, and the null spaces.
"""

from itertools import pairwise

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import Ridge
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest
torch.set_default_dtype(torch.float64)

# %% Settings
JITTER = 0.0  # random numbers added to the constant; at 1 both parts are equally large
DATA = "digits"  # "digits" of 64 pixels, or "bits": all 256 patterns of eight bits
ACTIVATION = "relu"  # "identity" (none), "relu" or "tanh"
DEPTH = 5  # layers
WIDTH = 64  # units per layer
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # networks of each kind of weights

NOISE = 1e-6  # how exactly outputs are known, relative to the largest


# %% The inputs
def inputs() -> tuple[Tensor, Tensor, Tensor]:
    """Return inputs to fit a map on, others to try it on, and which of these are drawn in the picture."""
    if DATA == "bits":  # there are no others: all patterns serve for both
        patterns = (torch.arange(256)[:, None] >> torch.arange(8) & 1).double()
        return patterns, patterns, torch.arange(0, 250, 25)
    images, labels = load_digits(return_X_y=True)
    x, y = torch.tensor(images / 16), torch.tensor(labels)
    shuffled = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    by_kind = shuffled[torch.argsort(y[shuffled], stable=True)]
    # Of all digits, laid out kind by kind, 500 are taken at even distances.
    quota = torch.arange(len(y)) * 500 // len(y)
    test = torch.zeros(len(y), dtype=torch.bool)
    test[by_kind[torch.diff(quota, prepend=torch.tensor([-1])) > 0]] = True
    return x[~test], x[test], torch.stack([(y[test] == kind).nonzero()[0, 0] for kind in range(10)])


fitted, new, drawn = inputs()

# %% The layers
NUMBERS = {"gaussian": 0, "cosines": 2, "constant": 3, "jittered": 4}  # part of the seed: each has draws of its own
act, gain = {"identity": (nn.Identity(), 1.0), "relu": (nn.ReLU(), 2**0.5), "tanh": (nn.Tanh(), 1.0)}[ACTIVATION]


def matrix(start: str, units: int, before: int, generator: np.random.Generator) -> Tensor:
    """Return weights (units, before) whose rows have length 1, on average."""
    if start == "gaussian":
        return torch.tensor(generator.standard_normal((units, before))) / before**0.5
    if start == "cosines":  # each row is a wave of half a period more than the row above
        size = max(units, before)
        waves = torch.cos(torch.pi / size * torch.arange(units)[:, None] * (torch.arange(before) + 0.5))
        waves[0] /= 2**0.5
        return waves / waves.square().sum(1).mean().sqrt()
    jitter = JITTER * generator.standard_normal((units, before)) if start == "jittered" else 0.0
    return torch.full((units, before), 1.0).add(torch.as_tensor(jitter)) / before**0.5


def build(start: str, repeat: int) -> nn.Sequential:
    """Return a network that has not been trained; the gain makes up for what the activation takes of the size."""
    generator = np.random.default_rng((SEED, repeat, NUMBERS[start]))
    sizes, layers = [fitted.shape[1]] + [WIDTH] * DEPTH, nn.Sequential()
    for before, units in pairwise(sizes):
        layer = nn.Linear(before, units, bias=False)
        layer.weight = nn.Parameter(gain * matrix(start, units, before, generator))
        layers.extend([layer, act])
    return layers


# %% Rebuild the inputs
@torch.no_grad()
def rebuild(start: str, repeat: int) -> tuple[float, np.ndarray]:
    """Return the share of the new inputs' variation that can be rebuilt, and the rebuilt inputs."""
    model = build(start, repeat)
    known, seen = model(fitted).numpy(), model(new).numpy()
    largest = max(abs(known).max(), abs(seen).max()) or 1.0
    # Outputs with that noise in them: in ridge regression the penalty is its variance, once per sample.
    ridge = Ridge(alpha=len(known) * NOISE**2, solver="svd").fit(known / largest, fitted.numpy())
    rebuilt = ridge.predict(seen / largest)
    errors, variation = rebuilt - new.numpy(), (new - fitted.mean(0)).numpy()
    share = max(0.0, 1 - float((errors**2).sum() / (variation**2).sum()))
    return round(share, 6), rebuilt  # behind the sixth decimal there is rounding only


shares, pictures = {}, {}
for start in NUMBERS:
    runs = [rebuild(start, repeat) for repeat in range(REPEATS)]
    shares[start] = float(np.median([share for share, _ in runs]))
    pictures[start] = runs[0][1][drawn]


# %% What came out
def percent(share: float) -> str:
    """A share in whole per cent; what is not quite nothing, or all, does not look like it."""
    text = f"{share:.0%}"
    return "<1%" if share > 0 and text == "0%" else ">99%" if share < 1 and text == "100%" else text


constant, jittered, gaussian, cosines = (percent(shares[k]) for k in ("constant", "jittered", "gaussian", "cosines"))
print(f"What comes back: constant {constant}, with jitter {jittered}, random {gaussian}, cosines {cosines}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

rows = {"inputs": new.numpy()[drawn]} | {f"{name}\n{percent(shares[name])}": pictures[name] for name in NUMBERS}
shape = (8, 8) if DATA == "digits" else (2, 4)
figure, axes = plt.subplots(len(rows), len(drawn), figsize=(8, 0.85 * len(rows) + 0.6))
for line, (name, images) in zip(axes, rows.items(), strict=True):
    for axis, image in zip(line, images, strict=True):
        axis.imshow(image.reshape(shape), cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
    line[0].set_ylabel(name, rotation=0, ha="right", va="center")
figure.suptitle(f"What the best linear map rebuilds behind {DEPTH} layers that nobody has trained")
plt.show()
