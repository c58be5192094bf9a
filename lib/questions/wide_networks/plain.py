"""Why do wide networks always fit?

Networks with one hidden layer, f(x) = m^(-1/2) sum_r a_r relu(w_r . x), learn labels by heart: handwritten digits,
each of length 1, with a coin toss for a label. Only the hidden weights w are trained, by gradient descent on half the
sum of squared errors. Printed for every width m: the share of labels that are fitted, and how far the weights move,
relative to their length at the start; last the same at the chosen width and the narrowest, and the slope of distance
against width (medians of the repeats; theory for very wide networks: -0.5).
Not here: the kernel, the theorem's rate, how many units end up different, and the starts beside the chosen one.
"""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # for tensors as small as these one thread is fastest

# %% Settings
WIDTH = 256  # hidden units of the network looked at closely: 4, 8, 16, 32, 64, 128, 256 or 512
START = "gaussian"  # "gaussian", "signs", "sine", "jittered_half" or "half" (0.5 everywhere)
LABELS = "random"  # "random": a coin toss for each digit; "real": whether it is one of 0 to 4
SAMPLES = 64  # digits to learn: 16, 32 or 64
STEPS = 200  # steps of gradient descent: 10, 50, 100, 200 or 300
SEED = 0  # start number: other numbers, other draws
REPEATS = 10  # networks of each width
LR = 0.3  # learning rate
FIT_FROM = 32  # narrower networks do not count for the slope


# %% The data
images, kinds = load_digits(return_X_y=True)
mixed = torch.randperm(len(kinds), generator=torch.Generator().manual_seed(0)).numpy()
by_kind = mixed[np.argsort(kinds[mixed], kind="stable")]
# 500 of the 1797 digits, evenly from every kind, are set aside for testing: the page's, so that the numbers agree.
test = by_kind[np.ceil(np.arange(500) * len(kinds) / 500).astype(int)]
digits = torch.tensor(np.delete(images, test, axis=0) / 16, dtype=torch.float32)  # pixels from 0 to 1
digits, below_5 = digits - digits.mean(0), torch.tensor(np.delete(kinds, test) < 5)


def task(seed: int) -> tuple[Tensor, Tensor]:
    """Return some of the digits, each of length 1, and a label of 1 or -1 for each."""
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.randperm(len(digits), generator=generator)[:SAMPLES]
    coins = torch.randint(0, 2, (SAMPLES,), generator=generator)
    label = coins if LABELS == "random" else below_5[chosen].long()
    return nn.functional.normalize(digits[chosen], dim=1), 2.0 * label - 1


# %% The network
class Network(nn.Module):
    """One hidden layer without biases; the output weights are 1 or -1 and are not trained."""

    def __init__(self, width: int, seed: int) -> None:
        """Draw the starting weights."""
        super().__init__()
        generator = torch.Generator().manual_seed(seed + 500)  # not the draws that chose the data
        self.signs = torch.randint(0, 2, (width,), generator=generator) * 2.0 - 1
        normal = torch.randn(width, 64, generator=generator)
        if START == "signs":
            normal = torch.where(normal < 0, -1.0, 1.0)
        elif START == "sine":  # no random number at all: the signs take turns
            wave = np.sqrt(2) * np.sin(0.7 * np.arange(1, width * 64 + 1, dtype=float) ** 2)
            normal = torch.tensor(wave.reshape(width, 64), dtype=torch.float32)
            self.signs = torch.tensor([1.0, -1.0]).repeat(width // 2)
        elif START == "jittered_half":
            normal = 0.5 + 0.001 * normal
        elif START == "half":
            normal = torch.full((width, 64), 0.5)
        self.hidden = nn.Linear(64, width, bias=False)
        self.hidden.weight = nn.Parameter(normal)

    def forward(self, x: Tensor) -> Tensor:
        """Return one number for each sample."""
        return torch.relu(self.hidden(x)) @ self.signs / len(self.signs) ** 0.5


# %% Train the networks
def train(width: int, seed: int) -> tuple[float, float]:
    """Return the share of labels that a network fits, and how far its weights move, relative to their length."""
    x, y = task(seed)
    model = Network(width, seed)
    start = model.hidden.weight.detach().clone()
    optimiser = torch.optim.SGD(model.parameters(), lr=LR)
    for _ in range(STEPS):
        errors = model(x) - y
        if not (errors**2).mean() < 1e4:  # it has diverged
            break
        optimiser.zero_grad()
        (errors**2).sum().div(2).backward()
        optimiser.step()
    with torch.no_grad():
        fitted = (model(x) * y > 0).double().mean().item()
        return fitted, ((model.hidden.weight - start).norm() / start.norm()).item()


widths = [m for m in (4, 8, 16, 32, 64, 128, 256, 512) if m <= max(256, WIDTH)]
seeds = range(SEED * 1000, SEED * 1000 + REPEATS)
runs = np.array([[train(m, seed) for seed in seeds] for m in widths])  # (widths, repeats, 2)

# %% What came out
accuracy, moved = np.median(runs, axis=1).T
wide = np.array(widths) >= FIT_FROM
# A line through the logarithms; weights that do not move at all count as moved by a billionth.
slope = np.polyfit(np.log(np.array(widths)[wide]), np.log(np.maximum(moved[wide], 1e-9)), 1)[0]


def percent(share: float) -> str:
    """Return a share in whole per cent; only what is exactly none or all is called 0% or 100%."""
    text = f"{share:.0%}"
    return "<1%" if share > 0 and text == "0%" else ">99%" if share < 1 and text == "100%" else text


for m, share, distance in zip(widths, accuracy, moved, strict=True):
    print(f"Width {m:3}: {share:.0%} of the labels fitted, moved by {distance:.1%}")
at, steepness = widths.index(WIDTH), f"{slope:.2f}".replace("-", "−")
fit, move, narrow = percent(accuracy[at]), percent(moved[at]), percent(accuracy[0])
print(
    f"{WIDTH} units fit {fit} of {SAMPLES} labels and move by {move} of their length; "
    f"{widths[0]} units fit {narrow}; slope {steepness}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
left.plot(widths, 100 * accuracy, "o-")
left.set(xscale="log", ylim=(45, 103), xlabel="Width", ylabel="Labels fitted (%)", title="Wide enough, all fit")
for repeat in range(REPEATS):
    right.plot(widths, 100 * runs[:, repeat, 1], ".", color="lightgrey")
right.plot(widths, 100 * moved, "o-", label=f"measured, slope {slope:.2f}")
theory = 100 * moved[-1] * np.sqrt(widths[-1] / np.array(widths)[wide])
right.plot(np.array(widths)[wide], theory, ":", color="black", label="theory, slope -0.5")
right.set(xscale="log", yscale="log", xlabel="Width", ylabel="Moved (% of the length)")
right.set_title("The wider, the less far weights go")
right.legend()
figure.tight_layout()
plt.show()
