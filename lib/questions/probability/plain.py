"""Are weights probabilities?

Ten networks with one hidden layer learn to read digits, their weights free, or put back after every step to where
probabilities are: into [0, 1], or there with each unit's incoming weights adding up to 1. Beside them one logistic
unit tells malignant tumours from benign ones by four measurements. Prints how many weights lie outside [0, 1], the
median test accuracy, and by what one standard deviation more of a measurement multiplies the odds of malignancy.

Not covered: calibration, weights cut by sign, naive Bayes and Boltzmann machines.
"""

from statistics import mean, median

import torch
from sklearn.datasets import load_breast_cancer, load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so

# %% Settings
HELD = "free"  # weights: "free", "interval" (in [0, 1]) or "rows" (a unit's incoming weights add up to 1 as well)
FEATURE = "radius"  # the measurement asked about: "radius", "texture", "smoothness" or "symmetry"
STEPS = 300  # of Adam, on digits: 0, 30, 100, 300 or 1000
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks

# %% Data: 1297 digits to train on, 500 to test on, each class in proportion; 569 tumours
pixels, classes = load_digits(return_X_y=True)
x, y = torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(classes)
shuffled = torch.randperm(len(y), generator=Generator().manual_seed(0))
by_class = shuffled[y[shuffled].argsort(stable=True)]
held_out = torch.zeros(len(y), dtype=torch.bool)
held_out[by_class[(500 - 1 + torch.arange(500) * len(y)) // 500]] = True  # evenly along the classes, laid end to end
train_x, train_y, test_x, test_y = x[~held_out], y[~held_out], x[held_out], y[held_out]

features = ("radius", "texture", "smoothness", "symmetry")
tumours = load_breast_cancer()
columns = [tumours.feature_names.tolist().index(f"mean {name}") for name in features]
patients = torch.tensor(tumours.data[:, columns])
patients = (patients - patients.mean(0)) / patients.std(0, correction=0)  # in standard deviations from the mean
malignant = torch.tensor(tumours.target == 0).double().unsqueeze(1)


# %% Network
def network(seed: int) -> nn.Sequential:
    """Return a network whose weights are drawn as He does, with all biases at zero."""
    first, last = nn.Linear(64, 32), nn.Linear(32, 10)
    generator = Generator().manual_seed(seed)
    for layer in (first, last):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(first, nn.ReLU(), last)


@torch.no_grad()
def hold(model: nn.Sequential) -> None:
    """Put the weights where they are held, if they are; biases stay free."""
    first, _, last, _ = model.parameters()
    for weights in (first, last):
        if HELD != "free":
            weights.clamp_(0, 1)
        if HELD == "rows":
            weights.add_(1e-6)  # so that no row is all zeros
            weights.div_(weights.sum(1, keepdim=True))


# %% Train the networks
def trained(seed: int) -> nn.Sequential:
    """Train one network on the digits."""
    model = network(seed)
    hold(model)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
    generator = Generator().manual_seed(seed + 1_000_003)  # so that the order does not depend on the weights' draws
    batches: list[Tensor] = []
    for _ in range(STEPS):
        if not batches:  # each pass over the digits has a new order, and leaves out what fills no batch
            batches = list(torch.randperm(len(train_x), generator=generator)[: len(train_x) // 128 * 128].split(128))
        batch = batches.pop(0)
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(train_x[batch]), train_y[batch]).backward()
        optimiser.step()
        hold(model)
    return model


models = [trained(1000 * SEED + repeat) for repeat in range(REPEATS)]

# %% Logistic regression: the loss has one minimum, so the start does not matter
unit = nn.Linear(len(features), 1).double()
optimiser = torch.optim.SGD(unit.parameters(), lr=2.0, momentum=0.9)
for _ in range(600):
    optimiser.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(unit(patients), malignant).backward()
    optimiser.step()
# The logit is the logarithm of the odds, so one unit more of an input multiplies the odds by exp(weight).
factor = unit.weight[0, features.index(FEATURE)].exp().item()

# %% Result
weights = [torch.cat([p.detach().flatten() for p in model.parameters() if p.dim() == 2]) for model in models]
outside = mean(((w < 0) | (w > 1)).double().mean().item() for w in weights)
negative = mean((w < 0).double().mean().item() for w in weights)
accuracy = median((model(test_x).argmax(1) == test_y).double().mean().item() for model in models)
print(f"weights from {min(w.min().item() for w in weights):.2f} to {max(w.max().item() for w in weights):.2f}")
for name, weight in zip(features, unit.weight[0].tolist(), strict=True):
    print(f"one standard deviation more of the {name}: logarithm of the odds {weight:+.4f}")
line = f"Weights outside [0, 1]: {outside:.1%} ({negative:.1%} negative), test accuracy {accuracy:.1%}; "
print(line + f"odds × {factor:.3g}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, figsize=(9, 3.8))
axes[0].hist(torch.cat(weights).numpy(), bins=60)
axes[0].axvspan(0, 1, color="tab:green", alpha=0.15, label="range of probabilities")
axes[0].set(title="All weights of the digit networks", xlabel="Weight", ylabel="Number of weights")
axes[0].legend()
logits = unit(patients).detach()[:, 0]
change = torch.sigmoid(logits + unit.weight[0, features.index(FEATURE)].item()) - torch.sigmoid(logits)
axes[1].scatter(100 * torch.sigmoid(logits), 100 * change, s=8)
axes[1].set(title=f"One step more of {FEATURE}: odds × {factor:.3g} for all", xlabel="Probability before (%)")
axes[1].set_ylabel("Change of probability (points)")
plt.tight_layout()
plt.show()
