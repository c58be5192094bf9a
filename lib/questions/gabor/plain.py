"""Do networks learn edge detectors from photographs?

Filters learn from whitened photographs: either to put patches together out of few active filters (a sparse code), or
to tell windows of the pictures from windows with the same spectrum and random phases. A Gabor function is fitted to
every filter; one that fits well and has a narrow window counts as an edge detector. Prints the share of them after
training, in a control (scrambled pictures, or shuffled labels), and before training: medians over the networks.
Not covered: the code without sparsity, and your own pictures. Needs Pillow, as scikit-learn's photographs do.
Training enlarges rounding: from about 100 steps on a filter or two may come out otherwise than on the page.
"""

import math
from pathlib import Path

import numpy as np
import sklearn
import torch
from PIL import Image
from torch import Generator, Tensor
from torch.nn.functional import cross_entropy, normalize

torch.set_num_threads(1)  # small tensors are faster so
Array = np.ndarray

# %% Settings
DATA = "photographs"  # "photographs" (both), "china", "flower", "scrambled" or "white_noise"
TASK = "sparse_code"  # "sparse_code" or "tell_apart"
SPARSITY = 1.8  # price of activity in a sparse code: 0.0, 0.5, 1.0, 1.5, 1.8, 2.0, 3.0 or 5.0
FILTERS = 32  # 16, 32 or 64
STEPS = 200  # of Adam: 1, 25, 50, 100, 200 or 400
SEED = 0  # start number, 0 to 99
REPEATS = 10  # networks

# %% Photographs: whitened, and with random phases
CODING = TASK == "sparse_code"
SIDE = 12 if CODING else 11  # pixels along a filter


def scrambled(picture: Array, seed: int) -> Array:
    """Return a picture of the same spectrum with the phases of white noise."""
    noise = np.fft.rfft2(np.random.default_rng(seed).standard_normal(picture.shape))
    return np.fft.irfft2(np.abs(np.fft.rfft2(picture)) * noise / np.abs(noise), picture.shape)


def whitened(picture: Array) -> Array:
    """Return a picture filtered by f exp(-(f / 0.4)^4), f in cycles per pixel: photographs fall as 1 / f."""
    f = np.hypot(np.fft.fftfreq(picture.shape[0])[:, None], np.fft.rfftfreq(picture.shape[1]))
    flat = np.fft.irfft2(np.fft.rfft2(picture - picture.mean()) * f * np.exp(-((f / 0.4) ** 4)), picture.shape)
    return (flat / flat.std()).astype(np.float32)


def photograph(name: str) -> Array:
    """Return one of scikit-learn's photographs in grey, from 0 to 1."""
    image = Image.open(Path(sklearn.__file__).parent / f"datasets/images/{name}.jpg")
    image.draft("L", image.size)
    return np.asarray(image, dtype=np.float64) / 255


def cuttings(pictures: list[Array], side: int, count: int, seed: int) -> Tensor:
    """Return `count` squares (count, side, side) from random places, in equal parts from the pictures."""
    draws, cut = np.random.default_rng(seed), []
    for picture in pictures:
        squares = np.lib.stride_tricks.sliding_window_view(picture, (side, side))
        rows, columns = (draws.integers(0, n, count // len(pictures)) for n in squares.shape[:2])
        cut.append(squares[rows, columns])
    return torch.from_numpy(np.concatenate(cut))


raw = [photograph(name) for name in ("china", "flower") if DATA not in ("china", "flower") or name == DATA]
if DATA == "white_noise":
    raw = [np.random.default_rng(SEED).standard_normal(picture.shape) for picture in raw]
elif DATA == "scrambled":
    raw = [scrambled(picture, SEED + 50 + k) for k, picture in enumerate(raw)]
pictures = [whitened(picture) for picture in raw]
twins = [whitened(scrambled(picture, SEED + 150 + k)) for k, picture in enumerate(raw)]


# %% Two ways to learn filters
def start(seed: int) -> Tensor:
    """Return random filters of unit length, (filters, pixels)."""
    return normalize(torch.randn(FILTERS, SIDE * SIDE, generator=Generator().manual_seed(seed)))


def batches(samples: int, seed: int) -> Tensor:
    """Return which samples each step sees, drawn with replacement, (steps, 200)."""
    return torch.randint(samples, (STEPS, 200), generator=Generator().manual_seed(seed + 7))


def sparse_code(patches: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Return filters that put patches together, and that all of them count."""
    w, b = start(seed).requires_grad_(), torch.zeros(FILTERS, requires_grad=True)
    optimiser = torch.optim.Adam([w, b])
    for step, batch in enumerate(batches(len(patches), seed)):
        x = patches[batch]
        activity = torch.relu(x @ w.T + b)
        loss = ((x - activity @ w).square().sum(1) / 2 + SPARSITY * activity.sum(1)).mean()
        optimiser.param_groups[0]["lr"] = 0.05 * min(1, 2 * (1 - step / STEPS))  # falls in the second half
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            w.copy_(normalize(w))
    return w.detach(), torch.ones(FILTERS, dtype=torch.bool)


def tell_apart(windows: Tensor, labels: Tensor, new: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Return a convolution's filters that tell real from scrambled windows, and which eight count the most."""
    sign = (1 - 2 * (torch.arange(FILTERS) % 2)) / FILTERS**0.5
    w, b, v, c = start(seed), torch.zeros(FILTERS), torch.stack([-sign, sign]), torch.zeros(2)
    optimiser = torch.optim.Adam([p.requires_grad_() for p in (w, b, v, c)], lr=0.01)

    def pooled(x: Tensor) -> Tensor:
        """Return the mean of each filter's activity over the places of windows (N, places, pixels)."""
        return torch.relu(x @ w.T + b).mean(1)

    for batch in batches(len(windows), seed)[:, :32]:
        optimiser.zero_grad()
        output = pooled(windows[batch]) @ v.T + c
        (cross_entropy(output, labels[batch]) + 3e-3 / 2 * w.square().sum()).backward()
        optimiser.step()
    with torch.no_grad():
        use = (v[1] - v[0]).abs() * pooled(new).mean(0)
    return w.detach(), torch.isin(torch.arange(FILTERS), use.topk(8).indices)


# %% Gabor functions: a wave under a Gaussian window
def fitted(filters: Tensor) -> tuple[Tensor, Tensor]:
    """Return how much of filters (N, pixels) the best Gabor functions explain (R^2), and their windows' widths."""
    target, along = normalize(filters), torch.arange(SIDE) - (SIDE - 1) / 2
    y, x = (grid.flatten() for grid in torch.meshgrid(along, along, indexing="ij"))
    # Start at the centre of the energy, with the strongest wave in the spectrum.
    spectrum = torch.fft.rfft2(filters.view(-1, SIDE, SIDE), s=(32, 32)).abs()
    spectrum[:, 0, 0] = 0
    peak = spectrum.flatten(1).argmax(1)
    waves = 2 * math.pi * torch.stack([peak % 17 / 32, torch.fft.fftfreq(32)[peak // 17]])
    centre = torch.stack([target.square() @ x, target.square() @ y])
    widths = torch.full((2, len(filters)), math.log(SIDE / 5))
    shape = torch.cat([centre, waves, widths]).unsqueeze(2).requires_grad_()  # (6, N, 1)
    optimiser = torch.optim.Adam([shape])

    def r2() -> Tensor:
        """Return the share of each filter that its best wave under this window explains."""
        dx, dy, f = x - shape[0], y - shape[1], torch.hypot(shape[2], shape[3]) + 1e-6
        across, beside = (shape[2] * dx + shape[3] * dy) / f, (shape[2] * dy - shape[3] * dx) / f
        window = torch.exp(-((across / shape[4].exp()) ** 2 + (beside / shape[5].exp()) ** 2) / 2)
        phase = shape[2] * dx + shape[3] * dy
        basis = torch.stack([window * phase.cos(), window * phase.sin()], 2)  # amplitudes by least squares
        gram = basis.mT @ basis + 1e-6 * torch.eye(2)
        best = basis @ torch.linalg.solve(gram, basis.mT @ target.unsqueeze(2))
        return 1 - (target - best[:, :, 0]).square().sum(1)

    for step in range(120):
        optimiser.param_groups[0]["lr"] = 0.1 * (1 - 0.9 * step / 120)
        optimiser.zero_grad()
        (-r2().sum()).backward()
        optimiser.step()
    return r2().detach(), shape[4, :, 0].detach().exp()


# %% Train the networks
def patches_of(images: list[Array]) -> Tensor:
    """Return 8000 patches as rows of mean 0, all together of variance 1."""
    rows = cuttings(images, SIDE, 8000, SEED).flatten(1)
    rows = rows - rows.mean(1, keepdim=True)
    return rows / rows.std()


def windows_of(count: int, seed: int) -> Tensor:
    """Return what a filter sees at each place of `count` real and `count` scrambled windows."""
    squares = torch.cat([cuttings(images, 26, count, seed) for images in (pictures, twins)])
    return squares.unfold(1, SIDE, 3).unfold(2, SIDE, 3).reshape(2 * count, -1, SIDE * SIDE)


if CODING:
    lessons = [patches_of(pictures), patches_of(twins)]
else:
    windows, new, truth = windows_of(1000, SEED), windows_of(200, SEED + 500), torch.arange(2).repeat_interleave(1000)
    lessons = [truth, truth[torch.randperm(2000, generator=Generator().manual_seed(SEED))]]
shares: list[list[float]] = []  # of edge detectors, in per cent: trained, control, untrained
explained, learned, detectors = [], [], []  # of the trained networks
for seed in range(1000 * SEED, 1000 * SEED + REPEATS):
    found = [sparse_code(x, seed) if CODING else tell_apart(windows, x, new, seed) for x in lessons]
    found.append((start(seed), torch.ones(FILTERS, dtype=torch.bool)))
    shares.append([])
    for filters, counts in found:
        r2, width = fitted(filters)
        edges = (r2 > 0.7) & (width < SIDE / 3)  # a wave that fills the patch is a Gabor function too, but no edge
        shares[-1].append(100 * edges[counts].float().mean().item())
        if filters is found[0][0]:
            explained.append(100 * np.median(r2[counts]))
            learned.append(filters)
            detectors.append(edges)

# %% Result
trained, control, untrained = np.median(shares, 0)
print(
    f"Edge detectors: {trained:.0f}% of the filters, control {control:.0f}%, untrained {untrained:.0f}%; "
    f"a Gabor function explains {np.median(explained):.0f}% of the median filter"
)

# %% Picture (needs matplotlib)
import matplotlib.pyplot as plt

figure, axes = plt.subplots(FILTERS // 8, 8, figsize=(7, FILTERS / 9))
for axis, picture, edge in zip(axes.flat, learned[0].view(-1, SIDE, SIDE), detectors[0], strict=True):
    axis.imshow(picture, cmap="gray")
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set(color="tab:green" if edge else "lightgrey", linewidth=3)
figure.suptitle(f"Filters of the first network (green: edge detectors), learned from: {DATA}")
plt.show()
