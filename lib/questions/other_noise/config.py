"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

SHARED = ("plain_descent", "momentum", "adam", "minibatches", "input_noise", "input_dropout", "label_noise")
OWN = ("hidden_dropout", "gradient_noise", "random_biases", "even_biases", "random_first_layer",
       "random_last_layer", "evolution")  # fmt: skip
SOURCES = (*SHARED, *OWN, "random_weights", "random_and_dropout")  # the last two: for comparison
# Where in the network a source throws its dice; even biases are numbers, and three methods have no dice at all.
THROWN = {
    "plain_descent": (), "momentum": (), "adam": (), "minibatches": ("inputs", "label"), "input_noise": ("inputs",),
    "input_dropout": ("inputs",), "label_noise": ("label",), "hidden_dropout": ("hidden",),
    "gradient_noise": ("first", "hidden", "second"), "random_biases": ("hidden",), "even_biases": ("even",),
    "random_first_layer": ("first",), "random_last_layer": ("second",), "evolution": ("first", "hidden", "second"),
    "random_weights": ("first", "second"), "random_and_dropout": ("first", "hidden", "second"),
}  # fmt: skip
SOLVED = 0.35  # loss below which XOR is solved, if it is also below what a single unit reaches on the same points


@dataclass(frozen=True)
class OtherNoise(Config):
    """What the reader may choose."""

    source: str = choice("hidden_dropout", among=SOURCES)
    amount: float = choice(0.2, among=(0.0, 0.01, 0.05, 0.1, 0.2, 0.5))
    activation: str = choice("tanh", among=("tanh", "relu"))
    constant: float = choice(0.5, among=(0.0, 0.1, 0.5, 1.0))
    width: int = choice(8, among=(2, 4, 8, 16))
    lr: float = choice(0.2, among=(0.05, 0.1, 0.2, 0.4))
    steps: int = choice(600, among=(30, 100, 300, 600, 1500))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = OtherNoise(width=16, steps=1500)
