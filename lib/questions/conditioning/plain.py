"""What really slows descent on all-positive inputs?

A linear neuron descends on all samples at once, on inputs with an offset and on the same inputs without it, at many
learning rates below the largest stable one, 2 / lambda_max. Lambda_max and lambda_min are the largest and smallest
eigenvalue of the inputs' second-moment matrix E[x x'], the curvature of the loss.
The last line gives the condition number lambda_max / lambda_min, the fewest steps until a hundredth of the loss is
left, with the offset and without, and the largest stable rate: medians over the repeats. Not here: the descent at the
reader's own rate, the last millionth of the loss, the drawings of the loss. Up to half a minute.
"""

import numpy as np
import torch
from torch import Tensor, nn

torch.set_num_threads(1)

# %% Settings
OFFSET = 2.0  # added to every input: 0.0, 0.5, 1.0, 2.0, 3.0 or 5.0
INPUTS = 10  # number of inputs: 2, 5, 10, 20 or 50
BIAS = "without"  # "without" or "with" a bias: one more weight whose input is always 1
SEED = 0  # start number, 0 to 99
REPEATS = 10  # each with samples and a start of its own

# %% Data
SAMPLES = 4000
LEFT = 0.01  # of the loss, at which a descent has arrived
# The learning rates that are tried, as shares of 2 / lambda_max.
SHARES = [percent / 100 for percent in (*range(10, 86, 5), *range(86, 100))]


def inputs(seed: int, offset: float) -> Tensor:
    """Draw inputs, evenly spread with standard deviation 1 around the offset; the bias's input is always 1."""
    x = np.random.default_rng(seed).uniform(-(3**0.5), 3**0.5, (SAMPLES, INPUTS)) + offset
    return torch.from_numpy(np.hstack([x, np.ones((SAMPLES, 1))]) if BIAS == "with" else x)


def start(seed: int) -> Tensor:
    """Draw the weights at the start; the bias comes last."""
    drawn = torch.from_numpy(np.random.default_rng((seed, 4)).standard_normal(INPUTS + 1))
    return drawn if BIAS == "with" else drawn[:INPUTS]


# %% Curvature of the loss
def second_moments(x: Tensor) -> Tensor:
    """Return H = E[x x']; the mean loss of all samples is (w - w*) H (w - w*) / 2."""
    return x.T @ x / len(x)


# %% Descend
def steps_to_arrive(curvature: Tensor, first: Tensor, rate: float, most: int) -> int:
    """Descend towards a target of zero and count the steps until LEFT of the loss is left, at most `most`."""
    w = nn.Parameter(first.clone())
    optimiser = torch.optim.SGD([w], lr=rate)
    goal = LEFT * float(first @ curvature @ first) / 2
    for step in range(most):
        loss = w @ curvature @ w / 2
        if loss.item() <= goal:
            return step
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return most


def fewest_steps(curvature: Tensor, first: Tensor) -> int:
    """Return the fewest steps that any of the learning rates needs."""
    smallest, largest = torch.linalg.eigvalsh(curvature)[[0, -1]].tolist()
    # 2 / (largest + smallest), which makes the distance to the target shrink fastest, is one of the rates tried.
    rates = [share * 2 / largest for share in SHARES] + [2 / (largest + smallest)]
    fewest = 100_000
    # The most promising come first, since no descent is followed beyond the best so far.
    for rate in sorted(rates, key=lambda rate: abs(rate * largest / 2 - 0.9)):
        fewest = steps_to_arrive(curvature, first, rate, most=fewest)
    return fewest


# %% Measure, with the offset and without
seeds = [1000 * SEED + repeat for repeat in range(REPEATS)]
stretched = [second_moments(inputs(seed, OFFSET)) for seed in seeds]
centred = [second_moments(inputs(seed, 0.0)) for seed in seeds]
eigenvalues = torch.stack([torch.linalg.eigvalsh(curvature) for curvature in stretched]).numpy()
condition = float(np.median(eigenvalues[:, -1] / eigenvalues[:, 0]))
limit = 2 / float(np.median(eigenvalues[:, -1]))
steps, steps_zero = (
    float(np.median([fewest_steps(curvature, start(seed)) for curvature, seed in zip(kind, seeds, strict=True)]))
    for kind in (stretched, centred)
)

# %% Print
print(f"{INPUTS} inputs with an offset of {OFFSET:g}, {BIAS} a bias; {REPEATS} repeats of {SAMPLES} samples")
print(
    f"Condition number: {condition:,.0f}; steps at the best rate: {steps:,.0f} instead of {steps_zero:,.0f}; "
    f"largest stable rate: {limit:.2g}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

places = torch.linspace(-1.5, 1.5, 101, dtype=torch.float64)
figure, axes = plt.subplots(1, 2, figsize=(9, 4.5), sharey=True)
for axis, offset in zip(axes, (0.0, OFFSET), strict=True):
    x = inputs(seeds[0], offset)
    # Along the offset all weights change alike; across it the first two change by as much in opposite ways.
    along, across = x[:, :INPUTS].sum(1) / INPUTS**0.5, (x[:, 0] - x[:, 1]) / 2**0.5
    loss = [[float(((a * along + b * across) ** 2).mean()) / 2 for a in places] for b in places]
    axis.contour(places, places, loss, levels=[0.02, 0.1, 0.5, 2, 8])
    axis.plot(0, 0, "k*", markersize=12)
    axis.set(xlabel="Distance along the offset", title=f"Lines of equal loss, offset {offset:g}", aspect="equal")
axes[0].set_ylabel("Distance across the offset")
plt.show()
