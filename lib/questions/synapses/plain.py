"""Is a negative weight an inhibitory synapse?

A nerve cell either excites or inhibits all the cells that it reaches (Dale's law). Networks with one hidden layer are
trained twice from the same starting draws: once with free outgoing signs, and once with the first INHIBITORY hidden
units held inhibitory and all others excitatory, by putting every outgoing weight of the wrong sign back to zero after
each step. Prints how well the two do: of XOR the share of the starts that solved it, of digits the median accuracy.

Not covered: other numbers of inhibitory units, weights cut to zero, the detour over a relay. About 60 seconds.
"""

from collections.abc import Callable
from statistics import mean, median

import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so
torch.set_flush_denormal(True)  # and so are the vanishing gradients of units that are off

# %% Settings
TASK = "xor"  # what is learned: "xor", "three_not_eight" or "digits"
INHIBITORY = 1  # hidden units whose outgoing weights stay below zero: 0, 1, 2, 4, 8, 16 or 32, at most WIDTH
INPUTS = "excitatory"  # first-layer weights: "excitatory" (held above zero, in both trainings) or "free"
ACTIVATION = "relu"  # of the hidden units: "relu", "sigmoid", "tanh" or "leaky_relu"
WIDTH = 8  # hidden units: 4, 8, 16 or 32
STEPS = 300  # of Adam: 3, 30, 100, 300 or 1000
SEED = 0  # start number, 0 to 99
REPEATS = 20  # starts on digits
XOR_REPEATS = 250  # starts on XOR, for up to 8 hidden units; fewer for wider networks
SURE = 0.6  # XOR is solved if each of its four answers is right with a higher probability than this


# %% Data
if TASK == "xor":
    x = test_x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = test_y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
else:  # 1297 digits to train on, 500 to test on, each class in proportion
    digits, classes = load_digits(return_X_y=True)
    pixels, target = torch.tensor(digits / 16, dtype=torch.float32), torch.tensor(classes)
    shuffled = torch.randperm(len(target), generator=Generator().manual_seed(0))
    by_class = shuffled[target[shuffled].argsort(stable=True)]
    test = torch.zeros(len(target), dtype=torch.bool)
    test[by_class[(500 - 1 + torch.arange(500) * len(target)) // 500]] = True  # evenly along the classes, end to end
    if TASK == "three_not_eight":
        wanted = (target == 3) | (target == 8)
        pixels, test, target = pixels[wanted], test[wanted], (target[wanted] == 3).float().unsqueeze(1)
    x, y, test_x, test_y = pixels[~test], target[~test], pixels[test], target[test]


# %% Network
activations = {"relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "leaky_relu": nn.LeakyReLU(0.1)}
sign = torch.where(torch.arange(WIDTH) < INHIBITORY, -1.0, 1.0)  # of each unit's outgoing weights


def network(seed: int) -> nn.Sequential:
    """Return a network whose weights are drawn as He does, with all biases at zero."""
    first, last = nn.Linear(x.shape[1], WIDTH), nn.Linear(WIDTH, 10 if TASK == "digits" else 1)
    generator = Generator().manual_seed(seed)
    for layer in (first, last):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(first, activations[ACTIVATION], last)


# %% Train the networks
@torch.no_grad()
def obey(model: nn.Sequential, one_sign: bool, mend: Callable[[Tensor], Tensor]) -> None:
    """Mend weights of the wrong sign: by relu they become zero, by abs they get the other sign."""
    first, _, last, _ = model.parameters()
    if INPUTS == "excitatory":
        first.copy_(mend(first))
    if one_sign:
        last.copy_(mend(last * sign) * sign)


def trained(seed: int, one_sign: bool) -> nn.Sequential:
    """Train one network, with outgoing weights held to one sign per unit or not."""
    model = network(seed)
    obey(model, one_sign, torch.abs)  # so weights of both trainings start with the same sizes
    loss_of = nn.CrossEntropyLoss() if TASK == "digits" else nn.BCEWithLogitsLoss()
    rate = {"xor": 0.05, "three_not_eight": 0.01, "digits": 0.005}[TASK]
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    generator = Generator().manual_seed(seed + 1_000_003)  # so that the order does not depend on the weights' draws
    batches = [] if TASK == "digits" else [torch.arange(len(x))] * STEPS
    for _ in range(STEPS):
        if not batches:  # of the ten digits 64 a step, in a new order in each pass, without the rest
            batches = list(torch.randperm(len(x), generator=generator)[: len(x) // 64 * 64].split(64))
        batch = batches.pop(0)
        optimiser.zero_grad()
        loss_of(model(x[batch]), y[batch]).backward()
        optimiser.step()
        obey(model, one_sign, torch.relu)
    return model


repeats = XOR_REPEATS * 8 // max(8, WIDTH) if TASK == "xor" else REPEATS
seeds = range(1000 * SEED, 1000 * SEED + repeats)
one_sign_models = [trained(seed, one_sign=True) for seed in seeds]
free_models = [trained(seed, one_sign=False) for seed in seeds]


# %% What they have learned
def score(model: nn.Sequential) -> float:
    """Return 1 if XOR is solved, else 0; of digits return the share of the test digits that are read rightly."""
    output = model(test_x)
    if TASK == "xor":
        right = torch.where(test_y == 1, output, -output).sigmoid()
        return float(right.min() > SURE)
    guess = output.argmax(1) if TASK == "digits" else (output > 0).float()
    return (guess == test_y).float().mean().item()


one_sign_scores = [score(model) for model in one_sign_models]
free_scores = [score(model) for model in free_models]

# %% Result
level = mean if TASK == "xor" else median
one_sign, free = level(one_sign_scores), level(free_scores)
print(f"Score with one sign per unit: {one_sign:.1%}, with outgoing signs free: {free:.1%}")

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

best = one_sign_scores.index(max(one_sign_scores))
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(9, 3.5))
for axis, model, title in (
    (axes[0], one_sign_models[best], "One sign per unit"),
    (axes[1], free_models[best], "Free outgoing signs, same start"),
):
    for unit, weights in enumerate(list(model.parameters())[2].T.tolist()):
        colours = ["tab:blue" if w > 0 else "tab:orange" if w < 0 else "grey" for w in weights]
        axis.vlines([unit + 1] * len(weights), 0, weights, colours, lw=1, alpha=0.4)
        axis.scatter([unit + 1] * len(weights), weights, c=colours, s=25)
    axis.axhline(0, color="grey", lw=0.8)
    axis.set_title(title)
    axis.set_xlabel("Hidden unit")
axes[0].set_ylabel("Outgoing weight")
figure.suptitle("Blue weights excite, orange ones inhibit")
plt.tight_layout()
plt.show()
