"""Does weight decay make weights negative?

The same starting weights go four ways: decay alone, decay with noise, decay while a network learns scikit-learn's
handwritten digits (AdamW), and the same learning without decay. Printed is the share of negative weights at the end
of each, the median over ten networks; where learning diverged a network's share counts as 0.
Not here: the other decays and optimisers side by side, norms, test accuracy, and what adding a constant costs.
"""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
SHRINK = 0.005  # decay per step, lr * lambda: a plain step multiplies every weight by 1 - SHRINK
START = "abs_he"  # "abs_he": He's size, not negative; "abs_he/4": a quarter of it; "he": both signs
STEPS = 200  # steps of each way
SEED = 0  # start number: other numbers, other draws
OPTIMISER = "plain"  # optimiser of decay alone: "plain", "momentum" (0.9), "adam_l2" or "adamw"
REPEATS = 10  # networks
LR = 0.005  # learning rate
NOISE = 0.02  # standard deviation of the noise that is added to every weight at each step
TOO_LARGE = 1e8  # a weight that grows beyond this has diverged


# %% The digits
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


# %% The networks
def build(seed: int) -> nn.Sequential:
    """Draw a network's starting weights as in He et al. 2015; biases start at zero."""
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    generator = torch.Generator().manual_seed(seed)
    for p in model.parameters():
        if p.dim() == 1:
            nn.init.zeros_(p)
            continue
        nn.init.kaiming_normal_(p, nonlinearity="relu", generator=generator)
        if START != "he":
            p.data.mul_(0.25 if START == "abs_he/4" else 1.0).abs_()
    return model


def weights(model: nn.Sequential) -> Tensor:
    """Return all weights of a network, without its biases, in one row."""
    return torch.cat([p.detach().flatten() for p in model.parameters() if p.dim() == 2])


def negative(w: Tensor) -> float:
    """Share of negative weights."""
    return (w < 0).float().mean().item()


# %% The four ways
def decay_alone(w: Tensor) -> Tensor:
    """Let decay pull the weights, without data or noise: their values after each step (STEPS + 1, n)."""
    w = w.double().requires_grad_()
    optimiser = {
        "plain": torch.optim.SGD([w], lr=LR, weight_decay=SHRINK / LR),
        "momentum": torch.optim.SGD([w], lr=LR, weight_decay=SHRINK / LR, momentum=0.9),
        "adam_l2": torch.optim.Adam([w], lr=LR, weight_decay=SHRINK / LR),
        "adamw": torch.optim.AdamW([w], lr=LR, weight_decay=SHRINK / LR),
    }[OPTIMISER]
    way = [w.detach().clone()]
    for _ in range(STEPS):
        w.grad = torch.zeros_like(w)  # all that comes is the decay, which the optimiser adds
        optimiser.step()
        w.data.clamp_(-TOO_LARGE, TOO_LARGE)
        way.append(w.detach().clone())
    return torch.stack(way)


def decay_with_noise(w: Tensor) -> Tensor:
    """Shrink the weights of all networks (R, n) and shake them, step by step."""
    draws = np.random.default_rng(SEED)
    values = w.double().numpy()
    for _ in range(STEPS):
        values = (1 - SHRINK) * values + NOISE * draws.standard_normal(values.shape)
        values = values.clip(-TOO_LARGE, TOO_LARGE)
    return torch.tensor(values)


def learn(seed: int, decay: float) -> Tensor:
    """Train a network with AdamW; return its weights at the end, or zeros if it diverged."""
    model = build(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=decay)
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    batches: list[Tensor] = []
    for _ in range(STEPS):
        if not batches:  # each pass over the digits takes them in a new order, 64 at a time
            batches = [b for b in torch.randperm(len(x), generator=generator).split(64) if len(b) == 64]
        batch = batches.pop(0)
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimiser.step()
    finite = all(p.abs().max() < TOO_LARGE for p in model.parameters())  # not so if there is a NaN
    return weights(model) if finite else torch.zeros_like(weights(model))


SEEDS = range(SEED * 1000, SEED * 1000 + REPEATS)
starts = torch.stack([weights(build(seed)) for seed in SEEDS])  # (R, n)
ways = [decay_alone(w) for w in starts]
ends = {
    "by decay alone": [way[-1] for way in ways],
    "with noise": list(decay_with_noise(starts)),
    "with data": [learn(seed, SHRINK / LR) for seed in SEEDS],
    "with data and no decay": [learn(seed, 0.0) for seed in SEEDS],
}


# %% Count the negative weights
def percent(share: float) -> str:
    """A share in whole per cent; what is not quite nothing, or all, does not look like it."""
    text = f"{share:.0%}"
    return "<1%" if share > 0 and text == "0%" else ">99%" if share < 1 and text == "100%" else text


crossed = [((way * way[0]).amin(0) < 0).double().mean().item() for way in ways]
print(f"Decay alone has carried {percent(np.median(crossed))} of the weights across zero at some step")
shares = {how: float(np.median([negative(w) for w in some])) for how, some in ends.items()}
print("Negative at the end: " + ", ".join(f"{percent(share)} {how}" for how, share in shares.items()))

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

values = [some[0].numpy() for some in ends.values()]
figure, axes = plt.subplots(1, 4, figsize=(12, 3.2), sharey=True)
for axis, (how, share), w in zip(axes, shares.items(), values, strict=True):
    edges = np.linspace(-1, 1, 41) * max(np.abs(w).max(), 1e-3)
    axis.hist(w[w < 0], edges, color="tab:orange")
    axis.hist(w[w >= 0], edges, color="tab:blue")
    axis.set(title=f"{how}:\n{percent(share)} below zero", xlabel="Weight")
axes[0].set_ylabel("Weights of the first network")
figure.suptitle("Which weights cross zero?")
figure.tight_layout()
plt.show()
