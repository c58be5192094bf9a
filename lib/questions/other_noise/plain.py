"""Can anything but random weights tell equal units apart?

Networks with one hidden layer learn XOR from a start where all units are equal: the same constant in every weight.
Fourteen sources of difference are tried, from shuffled minibatches to mutation. Printed is for each whether the units
ever differ in any bit, and the loss at the end, the median of the repeats; last how many sources part the units, and
the loss with the chosen one. Products are made unit by unit, since a product of matrices may round two equal units
differently. In double precision.
Not here: how many networks solve XOR, which takes the best single unit to tell. It takes about 25 seconds.
"""

import numpy as np
import torch
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest
torch.set_default_dtype(torch.float64)

# %% Settings
SOURCE = "hidden_dropout"  # whose loss is printed last: any of those below, "random_weights" or "random_and_dropout"
AMOUNT = 0.2  # share dropped, or standard deviation (gradients: a hundredth; half is the share of wrong labels)
ACTIVATION = "tanh"  # "tanh" or "relu"
CONSTANT = 0.5  # in every weight; biases start at 0
WIDTH = 8  # hidden units
LR = 0.2  # learning rate; Adam takes a tenth of it
STEPS = 600  # steps of training; generations of evolution
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # networks per source
SAMPLES = 32  # points
BATCH = 8  # points in a minibatch
SPREAD = 0.5  # standard deviation of random weights
MUTANTS = 16  # children per generation of evolution
MUTATION = 0.3  # standard deviation of what tells a child from its parent

# %% The sources
SHARED = ("plain_descent", "momentum", "adam", "minibatches", "input_noise", "input_dropout", "label_noise")
OWN = ("hidden_dropout", "gradient_noise", "random_biases", "even_biases", "random_first_layer", "random_last_layer",
       "evolution")  # fmt: skip


# %% The points
def points(seed: int) -> tuple[Tensor, Tensor]:
    """Return points of the square (2, SAMPLES), and 1 for those whose coordinates have different signs, else 0."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(SAMPLES) % 2
    x = torch.rand(SAMPLES, 2, generator=generator, dtype=torch.float32)
    flip = torch.rand(SAMPLES, generator=generator, dtype=torch.float32) < 0.5
    x = x * torch.stack([torch.ones(SAMPLES), 1.0 - 2 * y], 1) * torch.where(flip, -1, 1)[:, None]
    return x.T.double().contiguous(), y.double()


data = [points(seed) for seed in range(SEED * 1000, SEED * 1000 + REPEATS)]

# %% The dice: in every step all are thrown for all networks, whoever makes use of them
rng = np.random.default_rng(SEED)


def throw() -> dict[str, Tensor]:
    """Throw the dice of one step."""
    thrown = {
        "order": rng.random((REPEATS, SAMPLES)),
        "noise": rng.standard_normal((2, REPEATS, SAMPLES)),
        "inputs": rng.random((2, REPEATS, SAMPLES)),
        "labels": rng.random((REPEATS, SAMPLES)),
        "units": rng.random((REPEATS, WIDTH, SAMPLES)).swapaxes(0, 1),
        "slope": rng.standard_normal((4, REPEATS, WIDTH)),
    }
    return {name: torch.tensor(values) for name, values in thrown.items()}  # the last axis but one is the network


normal = torch.tensor(rng.standard_normal((4, REPEATS, WIDTH)))  # for random weights and biases
dice = [throw() for _ in range(STEPS + 1)]

# %% The network
RANDOM = {"random_biases": [2], "random_first_layer": [0, 1], "random_last_layer": [3], "random_weights": [0, 1, 3],
          "random_and_dropout": [0, 1, 3]}  # fmt: skip


class Network(nn.Module):
    """One hidden layer and one output; `units` are weights from both inputs, biases and weights to the output."""

    def __init__(self, source: str, repeat: int) -> None:
        """Start from the constant, but for what the source makes different."""
        super().__init__()
        units = torch.full((4, WIDTH), CONSTANT)
        units[2] = AMOUNT * torch.linspace(-1.7, 1.7, WIDTH) if source == "even_biases" else 0.0
        rows = RANDOM.get(source, [])
        units[rows] = (AMOUNT if source == "random_biases" else SPREAD) * normal[rows, repeat]
        self.units, self.last = nn.Parameter(units), nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor, mask: Tensor | float = 1.0) -> Tensor:
        """Return the outputs."""
        return answers(self.units, self.last, x, mask)


def answers(units: Tensor, last: Tensor, x: Tensor, mask: Tensor | float = 1.0) -> Tensor:
    """Return the outputs of one network, or of several with units (4, networks, WIDTH)."""
    first, second, bias, out = units.unsqueeze(-1)
    z = first * x[0] + second * x[1] + bias  # (..., units, points)
    h = torch.tanh(z) if ACTIVATION == "tanh" else torch.relu(z)
    return (out * (h * mask)).sum(-2) + last[..., None]


def loss_of(output: Tensor, y: Tensor) -> Tensor:
    """Return the mean logistic loss."""
    return nn.functional.binary_cross_entropy_with_logits(output, y.expand_as(output), reduction="none").mean(-1)


def differ(units: Tensor) -> bool:
    """Whether two units differ in any bit of anything that belongs to them."""
    return bool((units != units[:, :1]).any())


# %% Train by descent
def seen(source: str, x: Tensor, y: Tensor, thrown: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor | float]:
    """Return inputs and labels as one step sees them, and by what it multiplies the units' outputs."""
    if source == "minibatches":
        batch = thrown["order"].argsort() < BATCH
        return x[:, batch], y[batch], 1.0
    if source == "input_noise":
        return x + AMOUNT * thrown["noise"], y, 1.0
    if source == "input_dropout":
        return x * (thrown["inputs"] >= AMOUNT) / (1 - AMOUNT), y, 1.0
    if source == "label_noise":
        return x, torch.where(thrown["labels"] < AMOUNT / 2, 1 - y, y), 1.0
    if source in ("hidden_dropout", "random_and_dropout"):
        return x, y, (thrown["units"] >= AMOUNT) / (1 - AMOUNT)
    return x, y, 1.0


def descend(source: str, repeat: int) -> tuple[bool, float]:
    """Train a network; return whether its units ever differ, and its loss at the end."""
    (x, y), model = data[repeat], Network(source, repeat)
    optimiser: torch.optim.Optimizer = torch.optim.Adam(model.parameters(), lr=0.1 * LR)
    if source != "adam":
        momentum = 0.0 if source == "plain_descent" else 0.9
        optimiser = torch.optim.SGD(model.parameters(), lr=LR, momentum=momentum)
    apart = differ(model.units)
    for step in range(STEPS):
        thrown = {name: values.select(-2, repeat) for name, values in dice[step].items()}
        seen_x, seen_y, mask = seen(source, x, y, thrown)
        optimiser.zero_grad()
        loss = loss_of(model(seen_x, mask), seen_y)
        if source == "gradient_noise":  # the gradient of this is the noise
            loss = loss + (AMOUNT / 100 * thrown["slope"] * model.units).sum()
        loss.backward()
        optimiser.step()
        apart = apart or differ(model.units)
    with torch.no_grad():
        return apart, loss_of(model(x), y).item()


# %% Train by evolution
@torch.no_grad()
def evolve() -> list[tuple[bool, float]]:
    """Return the same for all networks: the best child takes its parent's place if it is better."""
    parents = [(model.units.data, model.last.data) for model in (Network("evolution", r) for r in range(REPEATS))]
    best = [loss_of(answers(*parent, x), y) for parent, (x, y) in zip(parents, data, strict=True)]
    for _ in range(STEPS):
        changes = MUTATION * torch.tensor(rng.standard_normal((4, MUTANTS, REPEATS, WIDTH)))
        moves = MUTATION * torch.tensor(rng.standard_normal((MUTANTS, REPEATS)))
        for r, (units, last) in enumerate(parents):
            children, lasts = units[:, None] + changes[:, :, r], last + moves[:, r]
            losses = loss_of(answers(children, lasts, data[r][0]), data[r][1])
            winner = losses.argmin()
            if losses[winner] < best[r]:
                best[r], parents[r] = losses[winner], (children[:, winner], lasts[winner])
    return [(differ(units), loss.item()) for (units, _), loss in zip(parents, best, strict=True)]


results = {}
for source in dict.fromkeys((*SHARED, *OWN, SOURCE)):
    runs = evolve() if source == "evolution" else [descend(source, r) for r in range(REPEATS)]
    results[source] = any(apart for apart, _ in runs), [loss for _, loss in runs]

# %% What came out
for source, (apart, losses) in results.items():
    print(f"{source}: {'units differ' if apart else 'units equal to the last bit'}, loss {np.median(losses):.3f}")
parted = sum(results[source][0] for source in (*SHARED, *OWN))
print(
    f"Units: parted by {parted} of {len(SHARED + OWN)} sources; "
    f"loss with {SOURCE.replace('_', ' ')} {np.median(results[SOURCE][1]):.3f}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(7, 5))
for line, (apart, losses) in enumerate(results.values()):
    colour = "tab:blue" if apart else "tab:orange"
    axis.plot(losses, [line] * len(losses), ".", color=colour, alpha=0.5)
    axis.plot(np.median(losses), line, "D", color=colour)
axis.set_yticks(range(len(results)), [source.replace("_", " ") for source in results])
axis.invert_yaxis()
axis.set(xlabel="Loss at the end (nats)", title="Orange: units equal to the last bit; blue: parted")
figure.tight_layout()
plt.show()
