"""What an array's name tells: whose bias it is, whether it is a table, a stack of gates, or no weight at all."""

import re
from collections.abc import Container

BIASES = (  # endings of a weight's name and of its bias's, as torch, Keras, scikit-learn and plain numpy write them
    ("weight", "bias"),
    ("kernel", "bias"),
    ("weights", "biases"),
    ("coefs", "intercepts"),
    ("coef", "intercept"),
    ("gamma", "beta"),
    ("scale", "shift"),
    ("W", "b"),
    ("w", "b"),
)
TABLE = re.compile(r"embed|(^|[._])(wte|wpe|emb|word2vec|glove)([._]|$)", re.I)
GAIN = re.compile(r"(^|[._/])(weight|gamma|scale|gain|g)(:0)?$")
SHIFT = re.compile(r"(^|[._/])(bias|beta|shift|b)(:0)?$")
MEAN = re.compile(r"(running|moving)_mean")
VARIANCE = re.compile(r"(running|moving)_var")
# Tables that are computed, not learned: Fourier bases, windows, masks, positions.
FIXED = re.compile(r"basis|window|stft|fft|dct|mel_?(filter|fb|basis)|inv_freq|rotary|mask|anchor|position_ids", re.I)


def bias_of(name: str, among: Container[str]) -> str:
    """Return the name of the bias that belongs to a weight; '' if there is none."""
    plain = name.removesuffix("_v").replace(".parametrizations.weight.original1", ".weight")
    for weight, bias in BIASES:
        before, found, after = plain.rpartition(weight)
        other = before + bias + after
        if found and other in among and other != name:
            return other
    return ""


def base(name: str) -> str:
    """Return what comes before the last dot or slash: the module an array belongs to."""
    return re.split(r"[./][^./]*$", name)[0]
