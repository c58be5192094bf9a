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
images, kinds = load_digits(return_X_y=True)
mixed = torch.randperm(len(kinds), generator=torch.Generator().manual_seed(0)).numpy()
by_kind = mixed[np.argsort(kinds[mixed], kind="stable")]
# 500 of the 1797 digits, evenly from every kind, are set aside for testing: the page's, so that the numbers agree.
test = by_kind[np.ceil(np.arange(500) * len(kinds) / 500).astype(int)]
x = torch.tensor(np.delete(images, test, axis=0) / 16, dtype=torch.float32)  # pixels from 0 to 1
y = torch.tensor(np.delete(kinds, test))


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


# %% The four ways
def decay_alone(w: Tensor) -> Tensor:
    """Return the weights that decay alone leaves, without data or noise."""
    w = w.clone().requires_grad_()
    optimiser = {
        "plain": torch.optim.SGD([w], lr=LR, weight_decay=SHRINK / LR),
        "momentum": torch.optim.SGD([w], lr=LR, weight_decay=SHRINK / LR, momentum=0.9),
        "adam_l2": torch.optim.Adam([w], lr=LR, weight_decay=SHRINK / LR),
        "adamw": torch.optim.AdamW([w], lr=LR, weight_decay=SHRINK / LR),
    }[OPTIMISER]
    for _ in range(STEPS):
        w.grad = torch.zeros_like(w)  # all that comes is the decay, which the optimiser adds
        optimiser.step()
        w.data.clamp_(-TOO_LARGE, TOO_LARGE)
    return w.detach()


def decay_with_noise(w: Tensor) -> Tensor:
    """Return the weights of all networks (R, n) after they were shrunk and shaken in every step."""
    draws = torch.Generator().manual_seed(SEED)
    for _ in range(STEPS):
        w = (1 - SHRINK) * w + torch.empty_like(w).normal_(0, NOISE, generator=draws)
        w = w.clamp(-TOO_LARGE, TOO_LARGE)
    return w


def learn(seed: int, decay: float) -> Tensor:
    """Train a network with AdamW; return its weights at the end, or zeros if it diverged."""
    model = build(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=decay)
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    for step in range(STEPS):
        if step % 20 == 0:  # each pass over the digits takes them in a new order, 64 at a time
            batches = torch.randperm(len(x), generator=generator).split(64)  # the last one, too small, is left out
        batch = batches[step % 20]
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimiser.step()
    finite = all(p.abs().max() < TOO_LARGE for p in model.parameters())  # not so if there is a NaN
    return weights(model) if finite else torch.zeros_like(weights(model))


SEEDS = range(SEED * 1000, SEED * 1000 + REPEATS)
starts = torch.stack([weights(build(seed)) for seed in SEEDS])  # (R, n)
ends = {
    "by decay alone": [decay_alone(w) for w in starts],
    "with noise": list(decay_with_noise(starts)),
    "with data": [learn(seed, SHRINK / LR) for seed in SEEDS],
    "with data and no decay": [learn(seed, 0.0) for seed in SEEDS],
}


# %% Count the negative weights
def percent(share: float) -> str:
    """Return a share in whole per cent; only what is exactly none or all is called 0% or 100%."""
    text = f"{share:.0%}"
    return "<1%" if share > 0 and text == "0%" else ">99%" if share < 1 and text == "100%" else text


shares = {how: float(np.median([(w < 0).float().mean().item() for w in some])) for how, some in ends.items()}
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
