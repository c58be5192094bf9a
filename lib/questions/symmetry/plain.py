"""Why not start every weight at 0.5?

Networks of one hidden layer learn to tell two classes of points in the plane: from weights that are all the same
number (with a little jitter, if you like), from random weights, and with a single hidden unit, the best of several
tries. Equal units get equal gradients, so they stay copies of one. Prints the losses at the end (medians).

Not covered: the other jitters side by side, and how many steps each one costs. With jitter 0 the units of wide
networks may part by rounding alone, which is not the same on every machine. Takes about 20 seconds.
"""

import math
from statistics import median

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
CONSTANT = 0.5  # mean of the starting weights: -0.5, 0.0, 0.1, 0.5 or 1.0
JITTER = 0.0  # their standard deviation: 0.0, 1e-12, 1e-08, 1e-06, 0.0001, 0.01 or 1.0
ARITHMETIC = "float64"  # "float64" (16 digits) or "float32" (7 digits)
WIDTH = 8  # hidden units: 2, 4, 8, 16, 17 or 33
PROBLEM = "xor"  # "xor", "circles" or "blobs" (two clouds)
ACTIVATION = "tanh"  # of the hidden units: "tanh", "sigmoid" or "relu"
LR = 0.4  # learning rate: 0.1, 0.2 or 0.4, with momentum 0.9
STEPS = 600  # 100, 300, 600, 1500 or 3000, each on all points
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks per start, each with points of its own
TRIES = 12  # networks with a single unit per repeat, of which the best counts
TRIES_STEPS = 300  # steps of each of those

POINTS = 64
RANDOM = 0.5  # standard deviation of the random start's weights
dtype = {"float64": torch.float64, "float32": torch.float32}[ARITHMETIC]


# %% Points of two classes
def problem(seed: int) -> tuple[Tensor, Tensor]:
    """Return points (64, 2) about the square from -1 to 1, and their classes (64, 1) of 0 and 1."""
    generator = Generator().manual_seed(seed)
    y = torch.arange(POINTS) % 2
    if PROBLEM == "xor":  # class 1 where both coordinates have the same sign
        x = torch.rand(POINTS, 2, generator=generator)
        x[y == 1, 1] *= -1
        x[torch.rand(POINTS, generator=generator) < 0.5] *= -1
        y = 1 - y
    elif PROBLEM == "circles":
        radius = torch.where(y == 1, 0.4, 1.0)
        angle = 2 * math.pi * torch.rand(POINTS, generator=generator)
        x = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
    else:
        x = torch.where(y == 1, 0.6, -0.6).unsqueeze(1) + 0.25 * torch.randn(POINTS, 2, generator=generator)
    return x.to(dtype), y.unsqueeze(1).to(dtype)


# %% Network
def network(seed: int, width: int, mean: float, deviation: float, drawn: torch.dtype) -> nn.Sequential:
    """Return one hidden layer and one output: weights drawn from N(mean, deviation^2), biases zero."""
    generator = Generator().manual_seed(seed)
    activation = {"tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "relu": nn.ReLU()}[ACTIVATION]
    model = nn.Sequential(nn.Linear(2, width), activation, nn.Linear(width, 1)).to(dtype)
    with torch.no_grad():
        for numbers in model.parameters():
            if numbers.dim() == 2:  # weights
                numbers.copy_(mean + deviation * torch.randn(numbers.shape, generator=generator, dtype=drawn))
            else:
                numbers.zero_()
    return model


# %% Train the networks
def final_loss(model: nn.Module, optimiser: torch.optim.Optimizer, steps: int, x: Tensor, y: Tensor) -> float:
    """Train a network on all points, and return its cross-entropy at the end."""
    for _ in range(steps):
        optimiser.zero_grad()
        binary_cross_entropy_with_logits(model(x), y).backward()
        optimiser.step()
    return binary_cross_entropy_with_logits(model(x), y).item()


equal_losses: list[float] = []
random_losses: list[float] = []
single_losses, parted = [], []
for repeat in range(REPEATS):
    seed = 1000 * SEED + repeat
    points, classes = problem(seed)
    # Jitter and random start are the same draws, of different sizes.
    for mean, deviation, losses in ((CONSTANT, JITTER, equal_losses), (0.0, RANDOM, random_losses)):
        model = network(seed, WIDTH, mean, deviation, torch.float64)
        descent = torch.optim.SGD(model.parameters(), lr=LR, momentum=0.9)
        losses.append(final_loss(model, descent, STEPS, points, classes))
        if losses is equal_losses:
            first, bias, last, _ = model.parameters()
            units = torch.cat([first, bias.unsqueeze(1), last.T], 1).detach()
            parted.append((units.amax(0) - units.amin(0)).max().item())
    tries = []
    for attempt in range(TRIES):
        model = network(attempt * REPEATS + repeat, 1, 0.0, 1.0, torch.float32)
        adam = torch.optim.Adam(model.parameters(), lr=0.1)
        tries.append(final_loss(model, adam, TRIES_STEPS, points, classes))
    single_losses.append(min(tries))

# %% Result
print(f"Largest difference between two hidden units after training: {max(parted):.2g}")
print(
    f"Loss from weights about the constant {median(equal_losses):.3f}, from random ones {median(random_losses):.3f}, "
    f"with a single unit {median(single_losses):.3f}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

plt.figure(figsize=(7, 4))
for place, losses in enumerate((equal_losses, single_losses, random_losses)):
    plt.scatter([place + 0.02 * (k - REPEATS / 2) for k in range(REPEATS)], losses, s=20)
plt.axhline(math.log(2), color="grey", linestyle=":", label="a guess")
plt.xticks(range(3), [f"{CONSTANT:g}, jitter {JITTER:g}", "one unit, best of its tries", "random weights"])
plt.ylim(bottom=0)
plt.ylabel("Loss at the end (cross-entropy)")
plt.title(f"{WIDTH} hidden units on {PROBLEM}: each dot is one repeat")
plt.legend()
plt.show()
