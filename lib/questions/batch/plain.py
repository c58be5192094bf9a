"""Does summing over a batch cure the zig-zag?

First part: random linear neurons with noisy targets. How many gradients have one sign in all weights, for single
samples and for batches, once a bias has removed the mean error? Second part: descents with batches, on inputs with an
offset and on the same inputs centred, each at the learning rate that needs the fewest steps.
The last line gives the shares of one-signed gradients and the median steps to the target (400: or more). Not here:
the gradients with the mean error left in, the clouds of gradients, the other batch sizes. About 10 to 30 seconds.
"""

import numpy as np
import torch
from torch import Tensor, nn

torch.set_num_threads(1)

# %% Settings
BATCH = 64  # samples whose gradients are averaged: 1, 4, 16, 64 or 256
OFFSET = 1.8  # added to every input: 0.0, 0.5, 1.0, 1.8 or 3.0; from 1.8 on all inputs are positive
INPUTS = 10  # number of inputs: 2, 3, 5, 10 or 20
TARGET = "across"  # where the target of the descents lies: "across" the offset, "random" or "along" the offset
SEED = 0  # start number, 0 to 99
REPEATS = 16  # each with samples, neurons and a target of its own
RATES = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)  # learning rates tried

# %% Data
NEURONS, POOL, NOISE = 12, 512, 0.3  # of the first part: random neurons, samples, standard deviation of the noise
SAMPLES, STEPS = 256, 400  # of a descent; a batch of 256 is all of them
NEAR, LOST = 0.1, 1000  # distances to the target at which a descent has arrived, or has diverged; it starts at 1

seeds = [1000 * SEED + repeat for repeat in range(REPEATS)]


def centred_inputs(seed: int, samples: int) -> Tensor:
    """Draw inputs with mean 0 and standard deviation 1, evenly spread between -sqrt(3) and sqrt(3)."""
    return torch.from_numpy(np.random.default_rng(seed).uniform(-(3**0.5), 3**0.5, (samples, INPUTS)))


# %% Count the gradients of one sign
def share_of_one_sign(seed: int, batch: int) -> float:
    """Return the share of a repeat's batches, of all its neurons, whose gradient has one sign in all weights."""
    random = np.random.default_rng((seed, 2))
    weights, targets = (torch.from_numpy(random.standard_normal((NEURONS, INPUTS))) for _ in range(2))
    noise = torch.from_numpy(NOISE * random.standard_normal((NEURONS, POOL)))
    x = centred_inputs(seed, POOL) + OFFSET
    found = []
    for weight, target, wrong in zip(weights, targets, noise, strict=True):
        y = x @ target - wrong
        # A bias that has converged makes the mean error zero; the mean input is OFFSET.
        bias = OFFSET * (target - weight).sum()
        # One copy of the neuron for each batch: each copy's gradient is then that of its own batch.
        copies = weight.repeat(POOL // batch, 1).requires_grad_()
        f = (x.view(-1, batch, INPUTS) * copies.unsqueeze(1)).sum(2) + bias
        loss = ((f - y.view(-1, batch)) ** 2 / 2).mean(1).sum()
        (gradient,) = torch.autograd.grad(loss, copies)
        found.append(((gradient >= 0).all(1) | (gradient <= 0).all(1)).double().mean())
    return float(torch.stack(found).mean())


# %% Descend
def target_of(seed: int) -> Tensor:
    """Return a target at distance 1 from the start, which is zero."""
    along = torch.full((INPUTS,), INPUTS**-0.5, dtype=torch.float64)
    if TARGET == "along":
        return along
    target = torch.from_numpy(np.random.default_rng((seed, 3)).standard_normal(INPUTS))
    if TARGET == "across":
        target = target - (target @ along) * along
    return target / target.norm()


def steps_to_target(seed: int, offset: float, rate: float) -> int:
    """Descend with this learning rate and count the steps until a tenth of the distance is left, at most STEPS."""
    x, target = centred_inputs(seed, SAMPLES) + offset, target_of(seed)
    y = x @ target
    chosen = torch.from_numpy(np.random.default_rng((seed, 1)).integers(SAMPLES, size=(STEPS, BATCH)))
    neuron = nn.Linear(INPUTS, 1, bias=False, dtype=torch.float64)
    nn.init.zeros_(neuron.weight)
    optimiser = torch.optim.SGD(neuron.parameters(), lr=rate)
    for step in range(STEPS):
        own = chosen[step] if BATCH < SAMPLES else slice(None)
        loss = ((neuron(x[own]).squeeze(1) - y[own]) ** 2 / 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        left = float((neuron.weight.detach() - target).norm())
        if left <= NEAR:
            return step + 1
        if not left <= LOST:
            break
    return STEPS


def steps_at_each_rate(offset: float) -> list[float]:
    """Return the median steps of the repeats for each learning rate."""
    return [float(np.median([steps_to_target(seed, offset, rate) for seed in seeds])) for rate in RATES]


one = float(np.mean([share_of_one_sign(seed, 1) for seed in seeds]))
many = float(np.mean([share_of_one_sign(seed, BATCH) for seed in seeds]))
with_offset, centred = steps_at_each_rate(OFFSET), steps_at_each_rate(0.0)

# %% Print
for rate, *both in zip(RATES, with_offset, centred, strict=True):
    print(f"Learning rate {rate:g}: {both[0]:g} steps with the offset, {both[1]:g} centred ({STEPS} stands for more)")
print(
    f"One-signed gradients: {100 * one:.0f}% of single samples, {100 * many:.0f}% in batches of {BATCH}; "
    f"steps: {min(with_offset):g}, centred {min(centred):g}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

plt.loglog(RATES, with_offset, marker="o", label=f"inputs with an offset of {OFFSET:g}")
plt.loglog(RATES, centred, marker="o", label="centred inputs")
plt.axhline(STEPS, color="grey", linewidth=1, linestyle="--", label="not reached")
plt.xlabel("Learning rate")
plt.ylabel("Median steps to the target")
plt.title(f"Batches of {BATCH}: the steps that each learning rate needs")
plt.legend()
plt.show()
