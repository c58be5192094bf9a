"""Settings at which each question's plain file is run against the page, with few repeats; the default first.

`settings` are offered by the page. `few` are values of its config that are not offered. `patch` are constants of the
question's modules, and `plain` the same in the file's own Settings.
"""

CASES = {
    "activations": [
        {
            "patch": {"experiment.REPEATS": 2, "experiment.TUNING": 1, "experiment.LRS": [0.64, 1.28, 2.56]},
            "plain": {"REPEATS": 2, "TUNING": 1, "RATES": [0.64, 1.28, 2.56]},
        },
        {
            "settings": {"pair": "relu", "depth": 2, "biases": "compensated", "goal": 0.95, "seed": 3},
            "patch": {"experiment.REPEATS": 2, "experiment.TUNING": 1, "experiment.LRS": [0.32, 0.64]},
            "plain": {"REPEATS": 2, "TUNING": 1, "RATES": [0.32, 0.64]},
        },
        {
            "settings": {"pair": "tanh+1", "depth": 1, "goal": 0.8, "steps": 60, "seed": 5},
            "patch": {"experiment.REPEATS": 2, "experiment.TUNING": 1, "experiment.LRS": [0.32, 0.64]},
            "plain": {"REPEATS": 2, "TUNING": 1, "RATES": [0.32, 0.64]},
        },
    ],
    "batch": [
        {
            "patch": {"experiment.REPEATS": 2, "experiment.LRS": [0.01, 0.05, 0.5], "result.LRS": [0.01, 0.05, 0.5]},
            "plain": {"REPEATS": 2, "RATES": [0.01, 0.05, 0.5]},
        },
        {
            "settings": {"batch": 256, "offset": 3.0, "inputs": 3, "target": "random", "seed": 7},
            "patch": {"experiment.REPEATS": 2, "experiment.LRS": [0.01, 0.1, 0.7], "result.LRS": [0.01, 0.1, 0.7]},
            "plain": {"REPEATS": 2, "RATES": [0.01, 0.1, 0.7]},
        },
        {
            "settings": {"batch": 1, "offset": 0.5, "inputs": 2, "target": "along", "seed": 5},
            "patch": {"experiment.REPEATS": 3, "experiment.LRS": [0.01, 0.1, 0.3], "result.LRS": [0.01, 0.1, 0.3]},
            "plain": {"REPEATS": 3, "RATES": [0.01, 0.1, 0.3]},
        },
    ],
    "conditioning": [
        {"patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"offset": 0.5, "inputs": 5, "bias": "with", "seed": 7},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"offset": 3.0, "inputs": 2, "seed": 11},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
    "cures": [
        {
            "patch": {"experiment.REPEATS": 1, "experiment.TUNING": 1, "experiment.GRID": [1.28, 2.56]},
            "plain": {"REPEATS": 1, "TUNING": 1, "GRID": [1.28, 2.56]},
        },
        {
            "settings": {
                "activation": "tanh",
                "norm": "bias_slow",
                "optimiser": "adam",
                "depth": 1,
                "steps": 60,
                "seed": 6,
            },
            "patch": {"experiment.REPEATS": 1, "experiment.TUNING": 1, "experiment.GRID": [0.64, 1.28]},
            "plain": {"REPEATS": 1, "TUNING": 1, "GRID": [0.64, 1.28]},
        },
        {
            "settings": {
                "activation": "relu",
                "pixels": "standardised",
                "norm": "layer_before",
                "depth": 2,
                "steps": 60,
                "goal": 0.3,
                "seed": 3,
            },
            "patch": {"experiment.REPEATS": 1, "experiment.TUNING": 1, "experiment.GRID": [0.32, 0.64]},
            "plain": {"REPEATS": 1, "TUNING": 1, "GRID": [0.32, 0.64]},
        },
    ],
    "deconvnet": [
        {"patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"weights": "shuffled", "layer": 3, "method": "guided", "steps": 50, "pixels": 5},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"weights": "random", "layer": 1, "method": "gradient", "pixels": 1, "steps": 10, "seed": 6},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
    "features": [
        {"patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"activation": "tanh", "steps": 100, "seed": 4},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
        {
            "settings": {"steps": 1, "seed": 9, "view": "pixels"},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "forbidden_sign": [
        {
            "settings": {},
            "patch": {"experiment.REPEATS": 2, "experiment.PANEL_STEPS": 100},
            "plain": {"REPEATS": 2, "PANEL_STEPS": 100},
        },
        {
            "settings": {"task": "digits", "held": "last", "activation": "tanh", "width": 32, "steps": 30},
            "patch": {"experiment.REPEATS": 1, "experiment.PANEL_STEPS": 60},
            "plain": {"REPEATS": 1, "PANEL_STEPS": 60},
        },
        {
            "settings": {"task": "disc", "held": "first", "activation": "leaky_relu", "hidden": 2, "steps": 100},
            "patch": {"experiment.REPEATS": 2, "experiment.PANEL_STEPS": 60},
            "plain": {"REPEATS": 2, "PANEL_STEPS": 60},
        },
    ],
    "gabor": [
        {"settings": {"steps": 50}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"task": "tell_apart", "filters": 16, "steps": 50, "data": "china"},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"data": "white_noise", "filters": 16, "steps": 25, "sparsity": 0.5, "seed": 3},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "gradient_signs": [
        {"settings": {}, "patch": {"experiment.REPEATS": 3}, "plain": {"REPEATS": 3}},
        {
            "settings": {
                "activation": "tanh",
                "layer": "1",
                "batch": 1,
                "pixels": "centred",
                "steps": 10,
                "start": "he",
            },
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
        {
            "settings": {"activation": "sigmoid", "layer": "3", "batch": 100, "steps": 30},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
    "influence": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"effect": "accuracy", "pixels": "blended", "width": 16, "steps": 30, "seed": 4},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"effect": "unit", "decay": 1.0, "width": 16, "steps": 100},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "inverted_input": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"start": "independent", "activation": "tanh", "optimiser": "sgd", "lr": 0.1, "steps": 100},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {
                "network": "softmax_regression",
                "inversion": "one_minus_x",
                "share": 0.25,
                "optimiser": "momentum",
                "lr": 0.02,
                "decay": 0.01,
                "steps": 100,
            },
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "must_it_be_random": [
        {"settings": {}, "patch": {"experiment.REPEATS": 1}, "plain": {"REPEATS": 1}},
        {
            "settings": {"start": "dct", "activation": "tanh", "depth": 1, "steps": 30, "seed": 4},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"start": "sine", "depth": 3, "steps": 30, "seed": 2},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "negative_weights": [
        {"few": {"repeats": 3}, "settings": {}},
        {
            "few": {"repeats": 2},
            "settings": {
                "network": "cnn",
                "activation": "tanh",
                "start": "abs_he/4",
                "optimiser": "momentum",
                "lr": 0.1,
                "steps": 100,
            },
        },
        {
            "few": {"repeats": 3},
            "settings": {
                "start": "abs_he",
                "activation": "leaky_relu",
                "optimiser": "sgd",
                "lr": 0.1,
                "decay": 0.001,
                "steps": 100,
            },
        },
    ],
    "null_space": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"jitter": 0.1, "data": "bits", "width": 16, "activation": "tanh", "depth": 10, "seed": 3},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"jitter": 1e-06, "activation": "identity", "depth": 1, "width": 16},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "other_noise": [
        {"settings": {}, "patch": {"experiment.REPEATS": 1}, "plain": {"REPEATS": 1}},
        {
            "settings": {"source": "evolution", "steps": 100, "activation": "relu", "width": 4, "seed": 3},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {
                "source": "random_and_dropout",
                "amount": 0.05,
                "steps": 100,
                "width": 2,
                "lr": 0.4,
                "constant": 1.0,
            },
            "patch": {"experiment.REPEATS": 1},
            "plain": {"REPEATS": 1},
        },
    ],
    "probability": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"held": "rows", "feature": "smoothness", "steps": 100},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
        {
            "settings": {"held": "interval", "feature": "texture", "steps": 30, "seed": 5},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
    "restarts": [
        {"patch": {"experiment.RUNS": 6, "experiment.ORDERS": 1}, "plain": {"RUNS": 6}},
        {
            "settings": {
                "problem": "parity",
                "activation": "tanh",
                "width": 8,
                "constant": 0.1,
                "lr": 0.1,
                "seed": 3,
            },
            "patch": {"experiment.RUNS": 3, "experiment.ORDERS": 1},
            "plain": {"RUNS": 3},
        },
        {
            "settings": {"problem": "and", "activation": "leaky_relu", "width": 1, "steps": 100, "constant": -0.5},
            "patch": {"experiment.RUNS": 6, "experiment.ORDERS": 1},
            "plain": {"RUNS": 6},
        },
    ],
    "scale": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {
                "activation": "tanh",
                "init": "orthogonal",
                "gain": 2.0,
                "depth": 10,
                "width": 32,
                "seed": 11,
            },
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {
                "activation": "sigmoid",
                "init": "standard",
                "gain": 0.25,
                "depth": 50,
                "width": 32,
                "seed": 3,
            },
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "symmetry": [
        {"patch": {"experiment.REPEATS": 2, "experiment.TRIES": 2}, "plain": {"REPEATS": 2, "TRIES": 2}},
        {
            "settings": {
                "problem": "circles",
                "activation": "sigmoid",
                "jitter": 0.01,
                "arithmetic": "float32",
                "width": 4,
                "constant": 0.1,
                "seed": 2,
            },
            "patch": {"experiment.REPEATS": 2, "experiment.TRIES": 2},
            "plain": {"REPEATS": 2, "TRIES": 2},
        },
        {
            "settings": {
                "problem": "blobs",
                "activation": "relu",
                "constant": 1.0,
                "lr": 0.1,
                "steps": 300,
                "width": 2,
            },
            "patch": {"experiment.REPEATS": 3, "experiment.TRIES": 2, "experiment.TRIES_STEPS": 100},
            "plain": {"REPEATS": 3, "TRIES": 2, "TRIES_STEPS": 100},
        },
    ],
    "synapses": [
        {
            "settings": {},
            "patch": {"experiment.XOR_REPEATS": 5, "experiment.SURE": 0.98},
            "plain": {"XOR_REPEATS": 5, "SURE": 0.98},
        },
        {
            "settings": {
                "task": "digits",
                "activation": "sigmoid",
                "inputs": "free",
                "inhibitory": 8,
                "width": 16,
                "steps": 100,
            },
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {
                "task": "three_not_eight",
                "activation": "tanh",
                "inhibitory": 2,
                "width": 4,
                "steps": 100,
                "seed": 7,
            },
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
    "template": [
        {"settings": {}, "patch": {"experiment.REPEATS": 3}, "plain": {"REPEATS": 3}},
        {
            "settings": {"network": "hidden", "decay": 0.01, "seed": 2},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
        {
            "settings": {"decay": 0.1, "steps": 300, "seed": 7},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "weight_decay": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"optimiser": "adam_l2", "shrink": 0.05, "start": "abs_he/4", "steps": 100},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"optimiser": "momentum", "shrink": 2.5, "start": "he", "steps": 100},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "weight_space": [
        {"settings": {}, "patch": {"experiment.REPEATS": 2}, "plain": {"REPEATS": 2}},
        {
            "settings": {"start": "shared", "matched": "activations", "steps": 100},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
        {
            "settings": {"width": 8, "decay": 0.003, "steps": 100, "seed": 4},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
    "wide_networks": [
        {"settings": {}, "patch": {"experiment.REPEATS": 1}, "plain": {"REPEATS": 1}},
        {
            "settings": {"start": "sine", "labels": "real", "samples": 32, "steps": 100, "width": 32, "seed": 3},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"start": "jittered_half", "samples": 16, "steps": 50, "width": 8, "seed": 5},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
    ],
    "zigzag": [
        {"patch": {"experiment.REPEATS": 3}, "plain": {"REPEATS": 3}},
        {
            "settings": {"offset": 5.0, "lr": 0.02, "bias": "with", "direction": 0, "seed": 3},
            "patch": {"experiment.REPEATS": 2},
            "plain": {"REPEATS": 2},
        },
        {
            "settings": {"offset": 0.5, "lr": 0.1, "direction": 300, "seed": 7},
            "patch": {"experiment.REPEATS": 3},
            "plain": {"REPEATS": 3},
        },
    ],
}


def cases(slug):
    """Those of a question; of a new one the default and another start, in full."""
    return CASES.get(slug, [{}, {"settings": {"seed": 1}}])
