"""If training got stuck, does training again help?

Small networks of one hidden layer learn a Boolean function, 64 times from random weights and once from weights that
are all the same number: without random numbers every repeat of that one is the same run. Prints the levels of loss
at which the runs end, then how many random starts solve the problem and where the constant start ends.

Not covered: the other widths, and the constant start with the samples in another order. Takes about 20 seconds.
"""

import torch
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # small tensors are faster so
torch.set_flush_denormal(True)  # and so are the vanishing gradients of units that are off

# %% Settings
WIDTH = 3  # hidden units: 1, 2, 3, 4 or 8
ACTIVATION = "relu"  # of the hidden units: "relu", "leaky_relu" or "tanh"
PROBLEM = "xor"  # "xor", "parity" (of three bits) or "and"
CONSTANT = 0.5  # what every weight of the constant start is: -0.5, 0.0, 0.1, 0.5 or 1.0
LR = 0.03  # learning rate of Adam: 0.01, 0.03 or 0.1
STEPS = 500  # 100, 500, 800 or 2000, each on all samples
SEED = 0  # start number, 0 to 99
RUNS = 64  # random starts
SOLVED = 0.01  # mean squared error below which the problem counts as solved

# %% Problem: all inputs, and the answers that are wanted
bits = 3 if PROBLEM == "parity" else 2
x = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * bits)
ones = x.sum(1, keepdim=True)
y = (ones == bits).float() if PROBLEM == "and" else ones % 2  # exclusive or is the parity of two bits


# %% Network
def network() -> nn.Sequential:
    """Return one hidden layer and one output."""
    activation = {"relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.1), "tanh": nn.Tanh()}[ACTIVATION]
    return nn.Sequential(nn.Linear(bits, WIDTH), activation, nn.Linear(WIDTH, 1))


def random_start(seed: int) -> nn.Sequential:
    """Return a network whose weights are drawn from N(0, 1), and its biases zero."""
    generator = Generator().manual_seed(seed)
    # Always drawn for eight units, so that a wider network has all units of a narrower one, and some more.
    first, last = torch.randn(8, bits, generator=generator), torch.randn(1, 8, generator=generator)
    model, start = network(), (first[:WIDTH], torch.zeros(WIDTH), last[:, :WIDTH], torch.zeros(1))
    with torch.no_grad():
        for numbers, given in zip(model.parameters(), start, strict=True):
            numbers.copy_(given)
    return model


def constant_start() -> nn.Sequential:
    """Return a network whose weights are all the same number, and its biases zero."""
    model = network()
    for numbers in model.parameters():
        nn.init.constant_(numbers, CONSTANT if numbers.dim() == 2 else 0)
    return model


# %% Train the networks
def loss_of(model: nn.Sequential) -> Tensor:
    """Return the mean squared error on all samples."""
    return nn.functional.mse_loss(model(x), y)


def final_loss(model: nn.Sequential) -> float:
    """Train a network, and return the loss at which it ends."""
    optimiser = torch.optim.Adam(model.parameters(), lr=LR)
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss_of(model).backward()
        optimiser.step()
    return loss_of(model).item()


random_losses = [final_loss(random_start(1000 * SEED + run)) for run in range(RUNS)]
constant_loss = final_loss(constant_start())

# %% Result
for level in sorted({round(loss, 2) for loss in random_losses}):
    count = sum(round(loss, 2) == level for loss in random_losses)
    print(f"random starts that end at a loss of about {level:.2f}: {count}")

solved, best, worst = sum(loss < SOLVED for loss in random_losses), min(random_losses), max(random_losses)
print(
    f"Random starts that solve it: {solved} of {RUNS}; losses from {best:.3f} to {worst:.3f}, "
    f"from the constant {constant_loss:.3f}"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

plt.figure(figsize=(7, 3))
plt.scatter(random_losses, range(RUNS), s=18, label="random starts")
plt.axvline(constant_loss, color="tab:orange", label="constant start")
plt.xlabel("Loss at the end (mean squared error)")
plt.ylabel("Run")
plt.title(f"{solved} of {RUNS} random starts solve it; the constant gives one run")
plt.legend()
plt.tight_layout()
plt.show()
