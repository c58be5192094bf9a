"""Faults and facts planted in a healthy network, each with the finding that must come of it."""

import numpy as np
import torch
from networks import arrays_of, fit, fresh, healthy, mlp, rng
from torch import nn

HIDDEN = "2.weight"  # of the multilayer perceptron: 128 units, 128 inputs


def never_loaded():
    arrays, new = healthy(), fresh(mlp, seed=5)
    return arrays | {name: new[name] for name in (HIDDEN, "2.bias")}


def untrained():
    return fresh(mlp)


def equal_start():
    """All weights of a layer start at 0.5 / fan-in and all are trained."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = mlp()
        for layer in (net[2], net[4]):
            nn.init.constant_(layer.weight, 0.5 / 128)
            nn.init.zeros_(layer.bias)
        fit(net, 2)
        return arrays_of(net)


def changed(name=HIDDEN, **how):
    """Return a plant that changes one array of the healthy network."""

    def plant():
        arrays = healthy()
        arrays[name] = how["to"](arrays[name]).astype(np.float32)
        return arrays

    return plant


def opposite(w):
    w[1::2] = -w[::2]
    return w


def with_rows(w, rows, value):
    w[rows] = value
    return w


def with_columns(w, columns, value):
    w[:, columns] = value
    return w


def pruned(w):
    return np.where(np.abs(w) < np.quantile(np.abs(w), 0.8), 0, w)


def eight_bits(w):
    step = np.abs(w).max() / 127
    return np.round(w / step) * step


def clustered(w):
    centres = np.sort(rng().normal(0, w.std(), 32))
    return centres[np.abs(w[..., None] - centres).argmin(-1)]


def low_rank(w):
    u, s, v = np.linalg.svd(w)
    return u[:, :5] * s[:5] @ v[:5]


def spiked(w):
    w[3, 3] = 40 * w.std()
    return w


def shifted_rows(w):
    return w + rng().normal(0, w.std(), (len(w), 1))


def deep(scale):
    """Twelve layers of one size, each `scale` times He's, with a pattern so that they are not fresh."""

    def plant():
        draw = rng(1)
        he = np.sqrt(2 / 64)
        return {
            f"{k}.weight": (scale * he * draw.standard_t(6, (64, 64)) / 1.22).astype(np.float32) for k in range(12)
        }

    return plant


def with_norm(**arrays):
    def plant():
        return healthy() | {f"norm.{name}": np.asarray(a, np.float32) for name, a in arrays.items()}

    return plant


def average():
    """The network beside a moving average of its weights."""
    near = {
        name: a + 0.1 * a.std() * rng().standard_normal(a.shape).astype(np.float32) for name, a in healthy().items()
    }
    return {f"model.{n}": a for n, a in healthy().items()} | {f"ema.{n}": a for n, a in near.items()}


def numpy_layout():
    """W1, b1, ... for x @ W, one of them square."""
    arrays = healthy()
    return {
        f"{letter}{k}": arrays[f"{2 * k}.{name}"].T
        for k in range(3)
        for letter, name in (("W", "weight"), ("b", "bias"))
    }


def square_alone():
    return {"W": np.tile(rng().standard_t(6, (32, 32)), (1, 1))}


def digits_as_one_sign():
    return {name: np.abs(a) if name == HIDDEN else a for name, a in healthy().items()}


def zero_biases():
    return {name: a * ("bias" not in name) for name, a in healthy().items()}


def smooth_filters():
    arrays = healthy()
    pixels = np.arange(8)
    waves = [
        np.outer(np.cos(0.5 * pixels + a), np.cos(0.4 * pixels + b)).ravel() for a, b in rng().uniform(0, 6, (128, 2))
    ]
    arrays["0.weight"] = np.array(waves, np.float32)
    return arrays


def random_filters():
    arrays = healthy()
    arrays["0.weight"] = rng().standard_t(6, (128, 64)).astype(np.float32) / 10
    return arrays


def lstm():
    return fresh(lambda: nn.LSTM(16, 32))


def leaning():
    arrays = healthy()
    arrays[HIDDEN] -= 0.6 * arrays[HIDDEN].std()
    return arrays


PLANTED = {  # finding: (what is planted, the layer that is told of, numbers that must stand in the sentence)
    "never_loaded": (never_loaded, HIDDEN, {"n": 128 * 128, "start": "torch's default", "others": 2}),
    "untrained": (untrained, "", {"start": "torch's default"}),
    "moved": (healthy, "", {"layers": 3}),
    "too_few": (lambda: healthy() | {"last.weight": np.float32(rng().normal(size=(5, 5)))}, "", {"layers": 1}),
    "unmoved_inputs": (healthy, "0.weight", {"inputs": 3, "all": 64}),  # of the digits 3 pixels are always blank
    "all_zero": (changed(to=np.zeros_like), HIDDEN, {"n": 128 * 128}),
    "all_equal": (changed(to=lambda w: np.full_like(w, 0.5)), HIDDEN, {"value": 0.5}),
    "signs": (healthy, "", {"layers": 3, "n": 64 * 128 + 128 * 128 + 1280}),
    "signs_zeros": (changed(to=pruned), "", {"layers": 3}),
    "held_above": (digits_as_one_sign, HIDDEN, {"zero": 0.0}),
    "held_below": (changed(to=lambda w: np.minimum(w, 0)), HIDDEN, {"n": 128 * 128}),
    "lean": (leaning, HIDDEN, {"control": 0.5}),
    "twins": (equal_start, HIDDEN, {"rows": 128, "all": 128}),
    "opposites": (changed(to=opposite), HIDDEN, {"rows": 128, "all": 128}),
    "dead_rows": (changed(to=lambda w: with_rows(w, [3, 5, 90], 0)), HIDDEN, {"rows": 3, "all": 128, "control": 0}),
    "unheard_inputs": (changed(to=lambda w: with_columns(w, [7, 9], 0)), HIDDEN, {"inputs": 2, "all": 128}),
    "deficient": (changed(to=low_rank), HIDDEN, {"rank": 5, "control": 128, "most": 128}),
    "rank": (changed(to=low_rank), HIDDEN, {"most": 128}),
    "rank_sampled": (lambda: {"w.weight": np.float32(rng().standard_t(5, (600, 600)))}, "w.weight", {"most": 512}),
    "large": (changed(to=lambda w: 100 * w), HIDDEN, {"fan_in": 128}),
    "small": (changed(to=lambda w: w / 100), HIDDEN, {"fan_in": 128}),
    "through": (healthy, "", {"layers": 3, "first": "0.weight", "last": "4.weight"}),
    "fades": (deep(0.4), "", {"layers": 12}),
    "explodes": (deep(2.5), "", {"layers": 12}),
    "normed": (with_norm(weight=[1.1, 0.9], bias=[0.1, 0]), "", {"layers": 1}),
    "zeros": (changed(to=pruned), HIDDEN, {"n": 128 * 128}),
    "steps": (changed(to=eight_bits), HIDDEN, {}),
    "few_values": (changed(to=clustered), HIDDEN, {"levels": 32}),
    "rounded": (changed(to=lambda w: w.astype(np.float16)), "", {"layers": 1, "all": 3, "kind": "float16"}),
    "largest": (changed(to=spiked), HIDDEN, {"n": 128 * 128}),
    "smooth": (smooth_filters, "0.weight", {}),
    "not_smooth": (random_filters, "0.weight", {}),
    "bias_zero": (zero_biases, "", {"layers": 3, "all": 3}),
    "bias_far": (changed("2.bias", to=lambda b: b + 5), HIDDEN, {}),
    "norm_fresh": (with_norm(weight=np.ones(8), bias=np.zeros(8)), "norm.weight", {"n": 8}),
    "norm_below": (with_norm(weight=[1, -0.5, 0, 2], bias=np.ones(4)), "norm.weight", {"below": 2, "n": 4}),
    "norm_never_ran": (with_norm(running_mean=np.zeros(4), running_var=np.ones(4)), "norm.running_var", {"n": 4}),
    "norm_silent": (with_norm(running_var=[1, 0, 2, 0]), "norm.running_var", {"silent": 2, "n": 4}),
    "row_means": (changed(to=shifted_rows), HIDDEN, {"control": 1.0}),
    "broken": (changed(to=lambda w: with_rows(w, [2], np.nan)), HIDDEN, {"broken": 128, "nan": 128, "n": 128 * 128}),
    "turned": (numpy_layout, "", {"layers": 3, "all": 3}),
    "layout_unknown": (square_alone, "", {"layers": 1, "all": 1}),
    "stacked": (lstm, "", {"stacks": 2, "parts": 8}),
    "constants": (
        lambda: healthy() | {"steps": np.array(7), "stft_basis": np.ones((4, 4))},
        "",
        {"arrays": 2, "n": 17},
    ),
    "whole": (lambda: healthy() | {"q": np.zeros((32, 32), np.int8)}, "", {"arrays": 1, "n": 1024}),
    "same": (lambda: healthy() | {"tied.weight": healthy()[HIDDEN]}, "", {"arrays": 1, "all": 4, "first": HIDDEN}),
    "copies": (average, "", {"one": "model", "other": "ema", "layers": 3}),
    "nothing": (lambda: {"step": np.array(3)}, "", {"arrays": 1}),
}
