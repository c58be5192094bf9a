"""What if negative weights were forbidden?

Each network is trained twice from one start: free, and with the weights of the chosen layers held at or above zero
(their absolute values at the start, clamped after every step). Printed are the losses of the chosen task, medians
over the starts; then the 16 Boolean functions of two inputs are trained with held weights, and those that most starts
learn are counted. It takes about half a minute.
Not here: the scores, theory's limits, the 16 functions with free weights and with two outputs.
"""

from itertools import pairwise

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
# Tasks: xor, xor_softmax, ramp, parabola, sine, or_region, and_region, disc, digits, eight_not_three, three_not_eight
TASK = "xor"  # one of these
HELD = "all"  # layers whose weights are held at or above zero: "none", "first", "last" or "all"
ACTIVATION = "relu"  # "relu", "leaky_relu", "tanh" or "sigmoid"
HIDDEN = 1  # hidden layers
WIDTH = 8  # units in each
STEPS = 300  # steps of training on the chosen task
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # starts
PANEL_STEPS = 400  # steps of training on each of the 16 functions


# %% What is learned
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


CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def samples() -> tuple[Tensor, Tensor]:
    """Return inputs and targets (or classes, where a softmax learns them) of the chosen task."""
    if TASK == "digits":
        return digits()
    if TASK in ("eight_not_three", "three_not_eight"):
        x, y = digits()
        pair = (y == 3) | (y == 8)
        return x[pair], (y[pair] == (8 if TASK == "eight_not_three" else 3)).float().unsqueeze(1)
    if TASK in ("xor", "xor_softmax"):
        labels = torch.tensor([0, 1, 1, 0])
        return CORNERS, labels if TASK == "xor_softmax" else labels.float().unsqueeze(1)
    if TASK in ("ramp", "parabola", "sine"):
        x = torch.linspace(-1, 1, 41).unsqueeze(1)
        return x, {"ramp": x, "parabola": x**2, "sine": torch.sin(torch.pi * x)}[TASK]
    x = torch.cartesian_prod(torch.linspace(0, 1, 16), torch.linspace(0, 1, 16))
    a, b = x.unbind(1)
    disc = (a - 0.5) ** 2 + (b - 0.5) ** 2 < 0.16
    inside = {"or_region": (a > 0.5) | (b > 0.5), "and_region": (a > 0.5) & (b > 0.5), "disc": disc}[TASK]
    return x, inside.float().unsqueeze(1)


x, y = samples()
OUTPUTS = {"digits": 10, "xor_softmax": 2}.get(TASK, 1)
RATE = {"digits": 0.005, "eight_not_three": 0.01, "three_not_eight": 0.01}.get(TASK, 0.02)
CURVE = TASK in ("ramp", "parabola", "sine")
LOSS: nn.Module = nn.MSELoss() if CURVE else nn.BCEWithLogitsLoss() if OUTPUTS == 1 else nn.CrossEntropyLoss()

# %% The networks, and how they are trained
act = {"relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.1), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid()}[ACTIVATION]


@torch.no_grad()
def build(inputs: int, outputs: int, seed: int) -> nn.Sequential:
    """Return a network with free weights, drawn as in He et al. 2015, and biases of zero."""
    generator = torch.Generator().manual_seed(seed)
    layers: list[nn.Module] = []
    for i, o in pairwise([inputs, *[WIDTH] * HIDDEN, outputs]):
        linear = nn.Linear(i, o)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(linear.bias)
        layers += [linear, act]
    return nn.Sequential(*layers[:-1])  # no activation behind the last layer


def train(
    model: nn.Sequential, x: Tensor, y: Tensor, loss: nn.Module, rate: float, steps: int, seed: int, held: str
) -> float:
    """Train a network, and return its loss at the end, on what the next step would see."""
    weights = [p for p in model.parameters() if p.dim() == 2]
    kept = {"none": weights[:0], "first": weights[:1], "last": weights[-1:], "all": weights}[held]
    for w in kept:
        w.data.abs_()
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    batches: list[Tensor] = []
    optimiser = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    for step in range(steps + 1):
        if len(x) > 1000 and not batches:  # the ten digits come 64 at a time, in an order that is new in every pass
            batches = [b for b in torch.randperm(len(x), generator=generator).split(64) if len(b) == 64]
        batch = batches.pop(0) if batches else slice(None)
        error = loss(model(x[batch]), y[batch])
        if step < steps:
            optimiser.zero_grad()
            error.backward()
            optimiser.step()
            for w in kept:
                w.data.clamp_(min=0)
    return error.item()


SEEDS = range(SEED * 1000, SEED * 1000 + REPEATS)

# %% The chosen task, free and held
losses = {}
for held in ("none", HELD):
    ends = [train(build(x.shape[1], OUTPUTS, seed), x, y, LOSS, RATE, STEPS, seed, held) for seed in SEEDS]
    losses[held] = np.median(ends)
    print(f"Layers held: {held}. Loss {losses[held]:.4f}, median of {REPEATS} networks")

# %% All 16 Boolean functions of two inputs, held
learned = np.zeros((16, REPEATS), dtype=bool)
answers = []  # how sure the first network is of each function, over the plane
places = torch.linspace(-0.3, 1.3, 20)
for function in range(16):
    wanted = torch.tensor([float(bit) for bit in f"{function:04b}"]).unsqueeze(1)  # at 00, 01, 10 and 11
    for repeat, seed in enumerate(SEEDS):
        model = build(2, 1, seed)
        train(model, CORNERS, wanted, nn.BCEWithLogitsLoss(), 0.05, PANEL_STEPS, seed, HELD)
        with torch.no_grad():
            yes = torch.sigmoid(model(CORNERS))
            # Learned: each of the four answers is right with a probability of more than 0.6.
            learned[function, repeat] = torch.where(wanted == 1, yes, 1 - yes).min() > 0.6
            if repeat == 0:
                answers.append(torch.sigmoid(model(torch.cartesian_prod(places, places))).view(20, 20).T)
count = (learned.mean(1) > 0.5).sum()
print(f"Held networks learn {count} of 16 functions; loss {losses['none']:.4f} free, {losses[HELD]:.4f} held")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axes = plt.subplots(4, 4, figsize=(7, 8), sharex=True, sharey=True)
for function, axis in enumerate(axes.flat):
    axis.imshow(answers[function], origin="lower", extent=(-0.3, 1.3, -0.3, 1.3), cmap="RdBu", vmin=0, vmax=1)
    right = [int(bit) for bit in f"{function:04b}"]
    axis.scatter(*CORNERS.T, c=right, cmap="RdBu", vmin=-0.3, vmax=1.3, edgecolors="black")
    axis.set_title(f"{function:04b}: {'learned' if learned[function].mean() > 0.5 else 'not learned'}", fontsize=9)
figure.supxlabel("a")
figure.supylabel("b")
figure.suptitle(
    "Which functions do held networks learn?\nPoints: what is wanted; colours: what is answered (blue: yes)"
)
figure.tight_layout()
plt.show()
