"""What cannot be trained is refused in one sentence that says what is wrong."""

import pytest
import torch
from trainings import NET, SEEDS, problem, run

import lib.engine
from lib.engine import activations, cnn, data, inits, mlp, train
from lib.engine.train import Recipe, Record


def fit(x, y, loss="cross_entropy", batch=None, network=NET):
    start = inits.start(network, inits.Init("he"), SEEDS)
    return train.train(network, start, (x, y), Recipe(steps=1, loss=loss, batch=batch), seeds=SEEDS)


X, LABELS = problem()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Recipe(steps=1, optimiser="lion"), "no optimiser 'lion'; there are sgd"),
        (lambda: Recipe(steps=1, loss="hinge"), "no loss 'hinge'; there are cross_entropy"),
        (lambda: Recipe(steps=-1), "must not be negative"),
        (lambda: Recipe(steps=1, batch=0), "must not be negative or empty"),
        (lambda: Recipe(steps=1, warmup=-1), "warmup -1 must not be negative"),
        (lambda: Recipe(steps=1, clip=0.0), r"clip 0\.0 must be above 0"),
        (lambda: mlp.MLP((3,)), "two or more positive numbers"),
        (lambda: mlp.MLP((3, 0, 2)), "two or more positive numbers"),
        (lambda: mlp.MLP((3, 2), norm="group"), "no norm 'group'"),
        (lambda: mlp.MLP((3, 2), "swish"), "no activation 'swish'"),
        (lambda: mlp.MLP((3, 2), output="swish"), "no activation 'swish'"),
        (lambda: activations.activation("swish"), "no activation 'swish'; there are relu"),
        (lambda: cnn.CNN((3,), (True, False)), "1 conv layers but 2"),
        (lambda: cnn.CNN((3,), (True,), side=5), "cannot be halved"),
        (lambda: cnn.CNN(activation="swish"), "no activation 'swish'"),
        (lambda: inits.Init("kaiming"), "no init 'kaiming'; there are zeros"),
        (lambda: run(Recipe(steps=1, lr=(0.1, 0.2))), "2 values for 4 members"),
        (lambda: run(Recipe(steps=1, decay=(0.1, 0.2))), "2 values for 4 members"),
        (lambda: run(Recipe(steps=1, batch=100)), "a batch of 100 cannot be drawn from 60"),
        (lambda: run(record={"w": Record(lambda m: m.params[0], [99])}), "only steps 0 to 40"),
        (lambda: run(record={"w": Record(lambda m: m.params[0], [-1])}), "only steps 0 to 40"),
        (lambda: run(Recipe(steps=1, batch=1), network=mlp.MLP((6, 4, 3), norm="batch")), "two or more samples"),
        (lambda: fit(X, LABELS[:20]), "60 samples but 20 labels"),
        (lambda: fit(X[:20], LABELS, batch=4), "20 samples but 60 labels"),
        (lambda: fit(X, LABELS.float()), "needs whole-number labels"),
        (lambda: fit(X, LABELS[0]), "needs whole-number labels"),
        (lambda: fit(X, X[:, :1], "squared"), r"needs targets \(N, 3\)"),
        (lambda: fit(X, X[:, 0], "squared"), r"needs targets \(N, 3\)"),
        (lambda: fit(X, LABELS, "logistic"), r"needs targets \(N, 3\)"),
        (lambda: fit(X.expand(3, -1, -1), LABELS), "data of 3 members for 4"),
        (lambda: fit(X, LABELS.expand(3, -1)), "data of 3 members for 4"),
        (
            lambda: train.train(mlp.MLP((6, 2)), [torch.zeros(1, 3, 3)], problem(), Recipe(steps=1)),
            "do not fit",
        ),
        (
            lambda: train.train(
                mlp.MLP((6, 3)), [torch.zeros(2, 3, 6), torch.zeros(1, 3)], problem(), Recipe(steps=1)
            ),
            r"parameters of \[2, 1\] members",
        ),
    ],
)
def test_errors_say_what_is_wrong(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


@pytest.mark.parametrize("seeds", [[1, 2, 3], []])
def test_uneven_seeds_are_refused(seeds):
    start = inits.start(NET, inits.Init("he"), SEEDS)
    with pytest.raises(ValueError, match=f"{len(seeds)} seeds do not go evenly into 4 members"):
        train.train(NET, start, problem(), Recipe(steps=1, batch=8), seeds=seeds)


def test_digits_without_scikit_learn(monkeypatch):
    monkeypatch.setattr(data, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="scikit-learn is not installed"):
        data.digits.__wrapped__()


def test_an_unknown_module_of_the_engine():
    with pytest.raises(AttributeError, match="'rnn'"):
        _ = lib.engine.rnn
