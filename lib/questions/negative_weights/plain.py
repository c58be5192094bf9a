"""Can a ReLU network have negative weights?

Networks that start without a single negative weight learn to read scikit-learn's handwritten digits. Printed is
each layer's share of negative weights at the end, the median of the networks that neither diverged nor died, and
last the lowest and the highest of these medians.
Not here: the comparison of ReLU with Leaky ReLU, the biases, when each layer got its first negative weight, and the
bound on Adam's steps. The convolutional network takes about 15 seconds.
"""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
NETWORK = "mlp"  # "mlp": two hidden layers; "cnn": three layers of filters
ACTIVATION = "relu"  # "relu", "leaky_relu", "tanh" or "sigmoid"
START = "lifted"  # "abs_he/4", "abs_he", "lifted" and "uniform" have no negative weight; "he" has both signs
OPTIMISER = "adam"  # "adam", "momentum" (0.9) or "sgd"
LR = 0.005  # learning rate: Adam wants about 0.003, momentum 0.03, plain SGD 0.3
DECAY = 0.0  # weight decay, the lambda of lambda/2 |w|^2
STEPS = 300  # steps of training; 20 are one pass over the digits
REPEATS = 10  # networks, each with a start of its own
SEED = 0  # start number: other numbers, other draws


# %% The digits
images, kinds = load_digits(return_X_y=True)
mixed = torch.randperm(len(kinds), generator=torch.Generator().manual_seed(0)).numpy()
by_kind = mixed[np.argsort(kinds[mixed], kind="stable")]
# 500 of the 1797 digits, evenly from every kind, are set aside for testing: the page's, so that the numbers agree.
test = by_kind[np.ceil(np.arange(500) * len(kinds) / 500).astype(int)]
x = torch.tensor(np.delete(images, test, axis=0) / 16, dtype=torch.float32)  # pixels from 0 to 1
y = torch.tensor(np.delete(kinds, test))
test_x = torch.tensor(images[test] / 16, dtype=torch.float32)

# %% The network
act = {"relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.1), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid()}[ACTIVATION]
GAIN = 0.25 if START in ("abs_he/4", "lifted") else 1.0


def build() -> nn.Sequential:
    """Return a network for images of 8 x 8 pixels and ten kinds of digits."""
    if NETWORK == "mlp":
        return nn.Sequential(nn.Linear(64, 32), act, nn.Linear(32, 32), act, nn.Linear(32, 10))
    first = [nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 8, 3, padding=1), act, nn.MaxPool2d(2)]
    second = [nn.Conv2d(8, 12, 3, padding=1), act, nn.MaxPool2d(2)]
    return nn.Sequential(*first, *second, nn.Conv2d(12, 12, 3, padding=1), act, nn.Flatten(), nn.Linear(48, 10))


@torch.no_grad()
def draw(model: nn.Sequential, seed: int) -> None:
    """Draw the starting weights; biases start at zero."""
    generator = torch.Generator().manual_seed(seed)
    for p in model.parameters():
        if p.dim() == 1:
            p.zero_()
        elif START == "uniform":
            p.uniform_(-1, 1, generator=generator)
        else:
            nn.init.kaiming_normal_(p, nonlinearity="relu", generator=generator).mul_(GAIN)  # He et al. 2015
        if p.dim() > 1 and START != "he":
            p.abs_().add_(0.05 if START == "lifted" else 0.0)


# %% Train the networks
def train(model: nn.Sequential, seed: int) -> bool:
    """Train a network; return whether its weights stayed finite."""
    if OPTIMISER == "adam":
        optimiser: torch.optim.Optimizer = torch.optim.Adam(model.parameters(), lr=LR, weight_decay=DECAY)
    else:
        momentum = 0.9 if OPTIMISER == "momentum" else 0.0
        optimiser = torch.optim.SGD(model.parameters(), lr=LR, momentum=momentum, weight_decay=DECAY)
    generator = torch.Generator().manual_seed(seed + 1_000_003)  # the digits' order, apart from the weights' draws
    for step in range(STEPS):
        if step % 20 == 0:  # each pass over the digits takes them in a new order, 64 at a time
            batches = torch.randperm(len(x), generator=generator).split(64)  # the last one, too small, is left out
        batch = batches[step % 20]
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        if NETWORK == "cnn":  # most of them would die in the first steps without a slow start and small gradients
            optimiser.param_groups[0]["lr"] = LR * min(1, (step + 1) / 100)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if not all(p.abs().max() < 1e8 for p in model.parameters()):  # also so if there is a NaN
            return False
    return True


@torch.no_grad()
def alive(model: nn.Sequential) -> bool:
    """Return whether a network's answers differ from image to image at all."""
    z = model(test_x)
    return bool((z.amax(0) - z.amin(0)).max() > 1e-6 * z.abs().max().clamp(min=1e-6))


trained = []  # the weights of the networks that neither diverged nor died
for seed in range(SEED * 1000, SEED * 1000 + REPEATS):
    model = build()
    draw(model, seed)
    if train(model, seed) and alive(model):
        trained.append([p.detach() for p in model.parameters() if p.dim() > 1])

# %% Count the negative weights
shares = [torch.stack([(w < 0).float().mean() for w in layers]).numpy() for layers in trained]
medians = np.median(shares, axis=0) if shares else np.zeros(1)


def percent(share: float) -> str:
    """Return a share in whole per cent; only what is exactly none or all is called 0% or 100%."""
    text = f"{share:.0%}"
    return "<1%" if share > 0 and text == "0%" else ">99%" if share < 1 and text == "100%" else text


print(f"{len(trained)} of {REPEATS} networks neither diverged nor died")
for number, share in enumerate(medians, 1):
    print(f"Layer {number}: {share:.2%} of the weights are negative")
print(f"Negative weights at the end, lowest and highest layer: {percent(min(medians))} and {percent(max(medians))}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, len(medians), figsize=(4 * len(medians), 3.2), squeeze=False)
for k, axis in enumerate(axes[0] if trained else []):
    values = torch.cat([layers[k].flatten() for layers in trained]).numpy()
    limit = np.quantile(np.abs(values), 0.999)
    edges = np.linspace(-limit, limit, 61)
    below, above = values[values < 0], values[values >= 0]
    for part, colour in ((below, "tab:orange"), (above, "tab:blue")):
        axis.hist(part, edges, weights=np.full(len(part), 100 / len(values)), color=colour)
    axis.set(title=f"Layer {k + 1}: {medians[k]:.0%} below zero", xlabel="Weight", ylabel="Weights (%)")
figure.suptitle("How many weights of each layer are below zero at the end?")
figure.tight_layout()
plt.show()
