"""Must the starting weights be random?

Networks learn to read scikit-learn's handwritten digits from three kinds of start: a random one (Gaussian), a pattern
without a single random number, scaled to the same size, and 0.5 in every weight. All see the same minibatches. Each
start is tried at four learning rates and judged at its own best one, which the training loss chooses. Printed is the
share of the test digits that each start reads then, the median of the repeats.
Not here: the page's other starts (choose them one by one), the rank of the weights, which digits can be told apart,
and the way back from a solution's opposite.
"""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
START = "hadamard"  # the pattern: "hadamard", "dct" (cosines), "identity", "sine", "ramp" or "constant"
JITTER = 0.0  # random numbers added to every start; 1 is a random start's size
STEPS = 100  # steps of training
ACTIVATION = "relu"  # "relu" or "tanh"
DEPTH = 2  # hidden layers, 64 units each
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # networks per start and learning rate
BATCH = 16  # digits per step
LRS = (0.03, 0.3, 1.0, 3.0)  # learning rates, of which each start takes its best
JUDGES = 400  # training digits on which the training loss is measured in the end


# %% The digits
images, kinds = load_digits(return_X_y=True)
mixed = torch.randperm(len(kinds), generator=torch.Generator().manual_seed(0)).numpy()
by_kind = mixed[np.argsort(kinds[mixed], kind="stable")]
# 500 of the 1797 digits, evenly from every kind, are set aside for testing: the page's, so that the numbers agree.
test = by_kind[np.ceil(np.arange(500) * len(kinds) / 500).astype(int)]
x = torch.tensor(np.delete(images, test, axis=0) / 16, dtype=torch.float32)  # pixels from 0 to 1
y = torch.tensor(np.delete(kinds, test))
mean = x.mean(0)
test_x, test_y = torch.tensor(images[test] / 16, dtype=torch.float32) - mean, torch.tensor(kinds[test])
x = x - mean

# %% The starts
GAIN = 2**0.5 if ACTIVATION == "relu" else 1.0  # rows of this length keep the signal's size from layer to layer


def pattern(name: str, rows: int, columns: int) -> Tensor:
    """Return a matrix without a random number in it, at most 64 by 64, its rows as long as GAIN on average."""
    i, j = torch.arange(rows, dtype=torch.float64)[:, None], torch.arange(columns, dtype=torch.float64)
    counted = torch.arange(1, rows * columns + 1, dtype=torch.float64).view(rows, columns)
    if name == "hadamard":  # 1 if row and column share an even number of binary ones, else -1
        both = i.long() & j.long()
        m = torch.stack([1.0 - 2.0 * (both >> bit & 1) for bit in range(6)]).prod(0)
    elif name == "dct":
        m = torch.cos(torch.pi * i * (j + 0.5) / columns) * torch.where(i == 0, 0.5**0.5, 1.0)
    elif name == "identity":
        m = torch.eye(rows, columns)
    elif name == "sine":
        m = torch.sin(0.7 * counted**2)
    elif name == "ramp":
        m = torch.linspace(-1, 1, rows * columns, dtype=torch.float64).view(rows, columns)
    else:
        m = torch.ones(rows, columns)
    return m * GAIN / m.double().square().sum(1).mean().sqrt()


def weights(start: str, shape: torch.Size, draws: torch.Generator, jitter: torch.Generator) -> Tensor:
    """Return a layer's starting weights; both generators are used in every case, so that the draws stay the same."""
    normal, other = (GAIN * torch.empty(shape).normal_(0, shape[1] ** -0.5, generator=g) for g in (draws, jitter))
    fixed = {"gaussian": normal, "half": torch.full(shape, 0.5)}
    w = fixed[start] if start in fixed else pattern(start, *shape).float()
    return w + JITTER * other


def build(start: str, seed: int) -> nn.Sequential:
    """Return a network at its start; biases begin at zero."""
    layers: list[nn.Module] = []
    for _ in range(DEPTH):
        layers += [nn.Linear(64, 64), nn.ReLU() if ACTIVATION == "relu" else nn.Tanh()]
    model = nn.Sequential(*layers, nn.Linear(64, 10))
    draws, jitter = torch.Generator().manual_seed(seed), torch.Generator().manual_seed(seed + 500)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(weights(start, p.shape, draws, jitter) if p.dim() == 2 else torch.zeros(len(p)))
    return model


# %% Train the networks
def train(start: str, lr: float, seed: int) -> tuple[float, float]:
    """Train a network; return its training loss and the share of the test digits that it reads."""
    model = build(start, seed)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    in_a_pass = len(x) // BATCH
    for step in range(STEPS):
        if step % in_a_pass == 0:  # each pass over the digits takes them in a new order
            batches = torch.randperm(len(x), generator=generator).split(BATCH)  # a smaller last one is left out
        batch = batches[step % in_a_pass]
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimiser.step()
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model(x[:JUDGES]), y[:JUDGES]).item()
        read = (model(test_x).argmax(1) == test_y).double().mean().item()
    finite = all(p.abs().max() < 1e8 for p in model.parameters())  # not so if there is a NaN
    return (loss if finite else np.inf), read


seeds = range(SEED * 1000, SEED * 1000 + REPEATS)
at_every_rate = {}  # the share read: (learning rates, repeats)
at_best = {}
for start in ("gaussian", START, "half"):
    loss, read = np.array([[train(start, lr, seed) for seed in seeds] for lr in LRS]).transpose(2, 0, 1)
    best = int(np.median(loss, axis=1).argmin())
    at_every_rate[start], at_best[start] = read, float(np.median(read[best]))
    print(f"{start}: {at_best[start]:.1%} of the test digits at learning rate {LRS[best]:g}")

# %% What came out
chosen, random, half = at_best[START], at_best["gaussian"], at_best["half"]
print(f"Test digits read: {START} {chosen:.1%}, random {random:.1%}, all 0.5 {half:.1%}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(6.5, 4))
for start, read in at_every_rate.items():
    low, middle, high = np.percentile(100 * read, (25, 50, 75), axis=1)
    axis.fill_between(LRS, low, high, alpha=0.2)
    axis.plot(LRS, middle, "o-", label=f"{start} (at its best rate {at_best[start]:.1%})")
axis.set(xscale="log", ylim=(0, 103), xlabel="Learning rate", ylabel="Test digits read (%)")
axis.set_title(f"After {STEPS} steps: medians and middle half of {REPEATS} networks")
axis.legend()
figure.tight_layout()
plt.show()
