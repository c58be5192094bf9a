"""Why do all-positive inputs make gradient descent zig-zag?

A linear neuron with two weights learns the weights of another one, one sample at a time: on inputs with an offset,
and on the same inputs without it. Each descent starts at zero and ends within a tenth of the distance to the target.
The last line gives the lengths of the paths, in straight distances, and the steps: medians over the repeats (0 steps
stand for a target that half of them do not reach). Not here: the other directions of the compass and the search for
each one's best learning rate.
"""

import math

import numpy as np
import torch
from torch import Tensor, nn

torch.set_num_threads(1)

# %% Settings
OFFSET = 3.0  # added to every input: 0.0, 0.5, 1.0, 1.8, 3.0 or 5.0; from 1.8 on all inputs are positive
DIRECTION = 135  # of the target, in degrees: a multiple of 15; 45 is the north-east, 135 the north-west
LR = 0.03  # learning rate: 0.01, 0.02, 0.03, 0.05, 0.1, 0.2 or 0.5
BIAS = "without"  # "without" or "with" a bias; the target's bias is 0
SEED = 0  # start number, 0 to 99
REPEATS = 20  # descents of each kind, each with samples of its own

# %% Data
SAMPLES, STEPS = 200, 1000
DISTANCE = 2.0  # of the target from the start
NEAR = 0.1  # share of that distance at which a descent has arrived
LOST = 1000  # times that distance: it has diverged

angle = math.radians(DIRECTION)
target = torch.tensor([[DISTANCE * math.cos(angle), DISTANCE * math.sin(angle)]], dtype=torch.float64)


def centred_inputs(seed: int) -> Tensor:
    """Draw inputs with mean 0 and standard deviation 1, evenly spread between -sqrt(3) and sqrt(3)."""
    return torch.from_numpy(np.random.default_rng(seed).uniform(-(3**0.5), 3**0.5, (SAMPLES, 2)))


def order_of_samples(seed: int) -> list[int]:
    """Draw the sample of each step, with replacement."""
    chosen: list[int] = np.random.default_rng((seed, 1)).integers(SAMPLES, size=STEPS).tolist()
    return chosen


# %% Train a neuron
def distance_left(neuron: nn.Linear) -> float:
    """Return how far the parameters are from the target, whose bias is 0."""
    gaps = [neuron.weight.detach() - target] + ([neuron.bias.detach()] if BIAS == "with" else [])
    return math.sqrt(sum(float((gap**2).sum()) for gap in gaps))


def descend(x: Tensor, order: list[int]) -> tuple[float, float, Tensor]:
    """Return the steps to the target, the length of the path in straight distances, and the path of the weights."""
    y = x @ target.T
    neuron = nn.Linear(2, 1, bias=BIAS == "with", dtype=torch.float64)
    for parameter in neuron.parameters():
        nn.init.zeros_(parameter)
    optimiser = torch.optim.SGD(neuron.parameters(), lr=LR)
    length, path = 0.0, [neuron.weight.detach().clone()]
    for step, sample in enumerate(order, start=1):
        loss = ((neuron(x[sample]) - y[sample]) ** 2 / 2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        # One step is as long as the learning rate times the gradient; a bias is part of the way.
        length += LR * math.sqrt(sum(float((p.grad**2).sum()) for p in neuron.parameters() if p.grad is not None))
        path.append(neuron.weight.detach().clone())
        left = distance_left(neuron)
        if left <= NEAR * DISTANCE:
            return step, length / DISTANCE, torch.cat(path)
        if not left <= LOST * DISTANCE:
            break
    return math.inf, length / DISTANCE, torch.cat(path)


# %% Descend on inputs with the offset and on centred ones
seeds = [1000 * SEED + repeat for repeat in range(REPEATS)]
with_offset = [descend(centred_inputs(seed) + OFFSET, order_of_samples(seed)) for seed in seeds]
centred = [descend(centred_inputs(seed), order_of_samples(seed)) for seed in seeds]


# %% Print
def median_steps(runs: list[tuple[float, float, Tensor]]) -> float:
    """Return the median number of steps, 0 if half of the descents or more do not arrive."""
    middle = float(np.median([run[0] for run in runs]))
    return middle if math.isfinite(middle) else 0.0


steps, steps_centred = median_steps(with_offset), median_steps(centred)
length, length_centred = (float(np.median([run[1] for run in runs])) for runs in (with_offset, centred))
print(f"Target at {DIRECTION} degrees, offset {OFFSET:g}, {BIAS} a bias, learning rate {LR:g}; {REPEATS} repeats")
print(
    f"Path, in straight distances: {length:.1f}, centred {length_centred:.1f}; "
    f"steps: {steps:.0f}, centred {steps_centred:.0f}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

for name, run in (("inputs with the offset", with_offset[0]), ("centred inputs", centred[0])):
    walk = run[2].numpy()
    plt.plot(walk[:, 0], walk[:, 1], marker=".", markersize=4, linewidth=1, label=name)
plt.plot(float(target[0, 0]), float(target[0, 1]), "k*", markersize=14, label="target")
plt.plot(0, 0, "ko", label="start")
plt.xlabel("First weight")
plt.ylabel("Second weight")
plt.axis("equal")
plt.title("One descent, with the offset and without")
plt.legend()
plt.show()
