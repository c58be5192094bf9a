"""How large should random weights be?

Signals of size 1 are sent through a stack of equal random layers, and gradients of size 1 back from its end: how
large do they arrive? Printed is the size, a root mean square, of both on arrival, for every gain, which multiplies
all weights: the median of the repeats, and what mean-field theory says for infinitely wide layers; last those at the
chosen gain. Everything is in double precision.
Not here: the small trainings of "Train, too", the comparison of the schemes by their authors, and the gain at which
theory keeps the gradient.
"""

import numpy as np
import torch
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest
torch.set_default_dtype(torch.float64)  # in single precision a deep network's gradients vanish altogether

# %% Settings
GAIN = 1.0  # multiplies every weight: 0.25, 0.35, 0.5, 0.7, 0.85, 1.0, 1.2, 1.4, 2.0, 2.8 or 4.0
DEPTH = 20  # layers
ACTIVATION = "relu"  # "relu", "tanh", "sigmoid", "gelu" or "identity" (none)
INIT = "he"  # scheme: "he", "xavier", "lecun", "orthogonal" or "standard" (the old one, nn.Linear's own)
WIDTH = 64  # units per layer
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # networks
SAMPLES = 16  # signals, and gradients, per network
GAINS = (0.25, 0.35, 0.5, 0.7, 0.85, 1.0, 1.2, 1.4, 2.0, 2.8, 4.0)  # all that are tried

SMALLEST = 1e-60  # what is smaller counts as this

# %% The network
ACTIVATIONS = {"relu": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "gelu": nn.GELU(),
               "identity": nn.Identity()}  # fmt: skip
act = ACTIVATIONS[ACTIVATION]


def draw(w: Tensor, generator: torch.Generator) -> None:
    """Fill a matrix (units, inputs) by the scheme."""
    if INIT == "he":  # N(0, 2 / inputs): He et al. 2015
        nn.init.kaiming_normal_(w, nonlinearity="relu", generator=generator)
    elif INIT == "xavier":  # U(-a, a), variance 2 / (inputs + units): Glorot and Bengio 2010
        nn.init.xavier_uniform_(w, generator=generator)
    elif INIT == "lecun":  # N(0, 1 / inputs): LeCun et al. 1998
        nn.init.kaiming_normal_(w, nonlinearity="linear", generator=generator)
    elif INIT == "orthogonal":  # Saxe et al. 2014
        nn.init.orthogonal_(w, generator=generator)
    else:  # U(-a, a), a = 1 / sqrt(inputs), so of variance 1 / (3 inputs)
        nn.init.uniform_(w, -(w.shape[1] ** -0.5), w.shape[1] ** -0.5, generator=generator)


def build(gain: float, seed: int) -> nn.Sequential:
    """Return a stack of equal layers without biases."""
    generator = torch.Generator().manual_seed(seed)
    layers: list[nn.Module] = []
    for _ in range(DEPTH):
        layer = nn.Linear(WIDTH, WIDTH, bias=False)
        with torch.no_grad():
            draw(layer.weight, generator)
            layer.weight.mul_(gain)
        layers += [layer, act]
    return nn.Sequential(*layers)


# %% Send signals up and gradients down
def size(x: Tensor) -> Tensor:
    """Root mean square."""
    return x.square().mean().sqrt()


def arrive(gain: float, seed: int) -> tuple[float, float]:
    """Return the sizes of the signals at the top and of the gradients at the bottom, both 1 where they set out."""
    generator = torch.Generator().manual_seed(seed)
    signals, gradients = torch.randn(2, WIDTH, SAMPLES, generator=generator).transpose(1, 2)
    x = (signals / size(signals)).requires_grad_()
    top = build(gain, seed)(x)
    (bottom,) = torch.autograd.grad(top, x, gradients / size(gradients))
    return max(size(top).item(), SMALLEST), max(size(bottom).item(), SMALLEST)


seeds = range(SEED * 1000, SEED * 1000 + REPEATS)
sizes = np.array([[arrive(gain, seed) for seed in seeds] for gain in GAINS])  # (gains, repeats, 2)
medians = 10 ** np.median(np.log10(sizes), axis=1)

# %% Mean-field theory
VARIANCE = {"he": 2.0, "xavier": 1.0, "lecun": 1.0, "orthogonal": 1.0, "standard": 1 / 3}  # times units, at gain 1
u = torch.linspace(-9, 9, 100_000)  # an even number of places, so that none is at 0, where ReLU has its kink
normal = torch.exp(-u.square() / 2)
normal /= normal.sum()


def theory(gain: float) -> tuple[float, float]:
    """Return the same sizes for infinitely wide layers: what a unit receives is normally distributed there."""
    sigma, signal, gradient = gain * VARIANCE[INIT] ** 0.5, 1.0, 1.0
    for _ in range(DEPTH):
        z = (sigma * signal * u).requires_grad_()  # what comes into a layer's units
        y = act(z)
        (slope,) = torch.autograd.grad(y.sum(), z)
        signal = (normal @ y.detach().square()).sqrt().item()
        gradient *= sigma * (normal @ slope.square()).sqrt().item()
    return max(signal, SMALLEST), max(gradient, SMALLEST)


expected = np.array([theory(gain) for gain in GAINS])  # (gains, 2)

# %% What came out
for k, gain in enumerate(GAINS):
    signal, gradient = (f"{medians[k, side]:.2g} (theory {expected[k, side]:.2g})" for side in (0, 1))
    print(f"Gain {gain:4}: signal {signal}, gradient {gradient}".replace("-", "−"))
    if gain == GAIN:
        last = f"Size on arrival: signal {signal}, gradient {gradient}".replace("-", "−")
print(last)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(6.5, 4.2))
for k, (name, colour) in enumerate((("signal at the top", "tab:blue"), ("gradient at the bottom", "tab:orange"))):
    low, high = np.percentile(np.log10(sizes[:, :, k]), (25, 75), axis=1)
    middle = np.log10(medians[:, k])
    axis.errorbar(GAINS, middle, (middle - low, high - middle), fmt="o-", color=colour, label=name)
    axis.plot(GAINS, np.log10(expected[:, k]), ":", color=colour, label="theory")
axis.axhline(0, color="grey", linewidth=0.8)
axis.axvline(GAIN, color="grey", linewidth=0.8)
axis.set(xscale="log", xlabel="Gain", ylabel="Size on arrival (power of ten)")
axis.set_xticks((0.25, 0.5, 1, 2, 4), ("0.25", "0.5", "1", "2", "4"))
axis.minorticks_off()
axis.set_title(f"{DEPTH} layers ({ACTIVATION}, {INIT}): does size 1 stay size 1?")
axis.legend()
figure.tight_layout()
plt.show()
