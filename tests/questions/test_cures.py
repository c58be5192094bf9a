"""Each cure is what it says, the engine's per-input bias is torch's, and every sentence can be reached."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import layers, program, train
from lib.evidence import Outcome, paired
from lib.questions.cures.config import BATCH, GRID, NORMS, REPEATS, SLOWED, WIDTH, Cure, Cures
from lib.questions.cures.experiment import SHOWN, _arriving, _cures, pixels, run, start
from lib.questions.cures.experiment import network as built
from lib.questions.cures.verdict import (
    FREE,
    algebra,
    bias,
    bias_signs,
    cost,
    main,
    norms,
    optimisers,
    together,
    verdicts,
)
from lib.words import load

DEFAULTS = "activation=sigmoid pixels=raw norm=batch_after optimiser=momentum depth=3 goal=0.5 steps=150 seed=0"
RULINGS = {
    "normalise": "depends",
    "bias_per_input": "depends",
    "minus_sign": "wrong",
}

DEFAULT = Cures()
QUICK = Cures(steps=60, pixels="standardised")
PANELS = {
    "norms": ("plain", "batch_before", "batch_after", "layer_before", "layer_after"),
    "biases": ("plain", "bias_learned", "bias_set", "bias_slow", "bias_frozen"),
    "others": ("plain", "standardised", "momentum", "adam", "together"),
}


@pytest.fixture(scope="session")
def quick():
    return run(QUICK)


def with_steps(result, **steps):
    """The same result with other steps to the goal; `others` for all that are not named."""
    reached = result.reached.copy()
    if "others" in steps:
        reached[:] = steps.pop("others")
    for name, value in steps.items():
        reached[result.at(name)] = value
    return replace(result, reached=reached)


def cure(name, pixels_=QUICK.pixels):
    return _cures(replace(QUICK, pixels=pixels_))[name]


def torch_losses(config, which, lr, steps, looks):
    """Loss on the shown digits, by autograd and torch's SGD, with a bias per input behind each activation."""
    first = [p[0] for p in start(config, which, [0])]
    names = [name for name, _ in built(config, which).shapes()]
    params = [p.clone().requires_grad_() for p in first]
    shifts = [p for n, p in zip(names, params, strict=True) if n == "shift"]
    weights = [p for n, p in zip(names, params, strict=True) if n == "weight"]
    biases = [p for n, p in zip(names, params, strict=True) if n == "bias"]
    frozen = which.norm == "bias_frozen"
    trained = [{"params": [*weights, biases[0], *(biases[1:] if frozen else [])]}]
    if not frozen:
        trained.append({"params": shifts, "lr": lr * (SLOWED if which.norm == "bias_slow" else 1)})

    def forward(x):
        for w, b, shift in zip(weights[:-1], biases[:-1], shifts, strict=True):
            x = torch.sigmoid(x @ w.T + b) + shift
        return x @ weights[-1].T + biases[-1]

    sgd = torch.optim.SGD(trained, lr=lr)
    x, y = pixels(which).train
    stream = (batch for epoch in train.epochs(len(x), BATCH, 0) for batch in epoch)
    losses = []
    for step in range(steps + 1):
        if step in looks:
            losses.append(torch.nn.functional.cross_entropy(forward(x[:SHOWN]), y[:SHOWN]).item())
        batch = next(stream)
        sgd.zero_grad()
        torch.nn.functional.cross_entropy(forward(x[batch]), y[batch]).backward()
        sgd.step()
    return losses


@pytest.mark.parametrize("name", ["bias_learned", "bias_set", "bias_slow", "bias_frozen"])
def test_a_bias_per_input_is_trained_as_torch_does(quick, name):
    k = quick.at(name)
    looks = [int(s) for s in quick.steps if s <= 20]
    found = torch_losses(QUICK, cure(name), GRID[quick.chosen[k]], 20, looks)
    np.testing.assert_allclose(found, quick.loss[: len(looks), k, 0], rtol=2e-3)


def test_all_cures_start_from_the_same_draws():
    first = {n: start(QUICK, Cure(standardised=True, norm=n), range(2)) for n in ("none", *NORMS)}
    sizes = list(pairwise((64, *[WIDTH] * QUICK.depth, 10)))
    for name, params in first.items():
        weights = [p for p in params if p.dim() == 3]
        assert [w.shape[:0:-1] for w in weights] == [torch.Size(s) for s in sizes]
        for own, plain in zip(weights, (p for p in first["none"] if p.dim() == 3), strict=True):
            torch.testing.assert_close(own / own.std(), plain / plain.std(), msg=name)


@pytest.mark.parametrize("name", ["bias_set", "bias_slow", "bias_frozen", "batch_after", "layer_after"])
def test_what_comes_in_is_centred(name):
    which = cure(name)
    arriving = _arriving(built(QUICK, which), start(QUICK, which, range(3)), which)
    axis = 1 if name == "layer_after" else 2  # LayerNorm centres each sample, the others each unit
    for h in arriving:
        assert h.mean(axis).abs().max() < 1e-5
        assert h.std() > 0.1
    plain = _arriving(built(QUICK, cure("plain")), start(QUICK, cure("plain"), range(3)), cure("plain"))
    assert all((h > 0).all() for h in plain)


def test_batch_norm_before_takes_the_mean_off_what_comes_back():
    """Its backward pass makes the batch's sum of delta zero, so the next layer's positive inputs do not matter."""
    which = cure("batch_before", "raw")
    backward = program.Program(built(QUICK, which), start(QUICK, which, range(3)), BATCH)
    x, y = (part[:BATCH] for part in pixels(which).train)
    with torch.inference_mode():
        z = backward.forward(x.expand(3, -1, -1))
        delta = program.CrossEntropy(z).gradient(z, y.expand(3, -1))
        for layer in reversed(backward.layers):
            delta = layer.backward(delta)
            if isinstance(layer, layers.Normalise):
                assert delta.sum(2).abs().max() < 1e-5
                assert delta.abs().max() > 1e-4


def test_layer_norm_after_makes_one_sign_impossible(quick):
    assert (quick.majority[quick.at("layer_after")] < 0.65).all()
    assert (quick.majority[quick.at("plain")] > 0.85).all()
    assert (quick.majority[quick.at("layer_before")] > 0.85).all()


def test_the_sign_of_the_algebra(quick):
    assert algebra(quick).key == "algebra_plus"
    assert quick.algebra[0] == quick.algebra[2] == 0
    assert algebra(replace(quick, algebra=np.ones(3))).key == "algebra_broken"


def test_norms_cure_deep_sigmoids_and_the_learned_bias_does_not(quick):
    found = verdicts(quick)
    assert found["norms"].key == "norms_but_layer_before"
    assert found["bias"].key == "bias_slow"
    assert quick.gain("batch_after") > 1.5
    assert quick.names[0] == "plain"
    assert "standardised" not in quick.names  # the pixels are already
    assert (quick.diverged == -1).all()
    assert quick.reached.shape == (len(quick.names), REPEATS)


def test_what_a_set_bias_loses_it_loses_to_its_learning_rate(quick):
    """Same start and same weights' rates to choose from: trained at a tenth it is as fast as frozen, else not."""
    learned, trained, slow, frozen = (quick.median(f"bias_{name}") for name in ("learned", "set", "slow", "frozen"))
    assert trained > 2 * slow
    assert abs(slow - frozen) <= 4
    assert learned > quick.median("plain")


def test_the_signs_for_one_sample_are_those_of_what_comes_in(quick):
    """Sigmoids are positive, so that all gradients of a unit have one sign, until something is taken off them."""
    at = quick.at
    assert (quick.single[at("plain")] == 1).all()
    assert (quick.single[at("bias_learned"), 0] == 1).all()
    assert (quick.single[at("bias_learned"), 1] > FREE).all()
    assert (quick.single[at("bias_frozen")] < 0.65).all()
    which = cure("bias_slow")
    arriving = _arriving(built(QUICK, which), start(QUICK, which, range(REPEATS)), which)
    up = [(h > 0).float().mean(1) for h in arriving]
    own = np.mean([torch.maximum(share, 1 - share).mean(1).numpy() for share in up], 0)
    np.testing.assert_allclose(quick.single[at("bias_slow"), 0], own, atol=1e-5)
    assert bias_signs(quick).key == "signs_if_set"


def with_signs(result, **shares):
    """The same result with other shares for one sample, before and after training."""
    single = result.single.copy()
    for name, share in shares.items():
        single[result.at(name)] = share
    return replace(result, single=single)


def test_the_claim_about_signs_is_settled_by_signs(quick):
    assert bias_signs(with_signs(quick, bias_learned=0.6)).key == "signs_learned"
    assert bias_signs(with_signs(quick, bias_frozen=0.9)).key == "signs_tied"
    assert bias_signs(with_signs(quick, plain=0.6)).key == "signs_free_anyway"
    hopeless = with_steps(quick, bias_learned=np.inf, bias_set=np.inf, bias_slow=np.inf, bias_frozen=np.inf)
    assert bias_signs(hopeless).key == "signs_if_set"


def test_the_tuning_starts_predict_the_runs(default):
    """Three starts did not: at the rate that they chose, momentum took 115 steps where they had taken 50 to 58."""
    for k, name in enumerate(default.names):
        tuned = np.median(np.minimum(default.tuned[k, default.chosen[k]], DEFAULT.steps))
        assert default.median(name) < 1.6 * tuned, name


def test_a_difference_of_medians_that_the_pairs_do_not_bear_out_is_not_told(quick):
    same = with_steps(quick, others=40)
    torn = np.where(np.arange(REPEATS) % 2, 60, 10)
    assert main(with_steps(same, adam=torn)).key == "nothing_needed"
    assert optimisers(with_steps(same, adam=torn)).key == "optimisers_no"
    assert together(with_steps(same, together=torn)).key == "together_same"
    assert norms(with_steps(same, batch_after=torn)).key == "norms_none"


def test_nothing_to_cure_and_progress_is_told():
    seen = []
    config = Cures(activation="tanh", pixels="standardised", depth=1, steps=60)
    found = verdicts(run(config, progress=lambda done, total: seen.append(done / total)))
    assert found["main"].key == "nothing_needed"
    assert found["norms"].key == "norms_none"
    assert found["bias"].key == "bias_none"
    assert found["optimisers"].key == "optimisers_no"
    assert found["runs"].key == "runs_all"
    assert seen == sorted(seen)
    assert 0 < seen[0] < 0.1
    assert 0.9 < seen[-1] <= 1


def test_every_ending_is_named(quick):
    same = with_steps(quick, others=40)
    for name, kind in (
        ("layer_after", "layer"),
        ("bias_frozen", "bias"),
        ("adam", "optimiser"),
        ("batch_before", "batch"),
    ):
        assert main(with_steps(same, **{name: 10})).key == f"best_{kind}"
    raw = replace(same, names=("plain", "standardised", *quick.names[2:]))
    assert main(with_steps(raw, standardised=10)).key == "best_inputs"
    assert main(with_steps(same, others=np.inf)).key == "nothing_reached"
    assert verdicts(with_steps(same, others=np.inf))["runs"].key == "runs_some"
    four = dict.fromkeys(("batch_before", "batch_after", "layer_before", "layer_after"), 10)
    assert norms(with_steps(same, **four)).key == "norms_all"
    assert norms(with_steps(same, batch_after=10)).key == "norms_some"
    assert bias(with_steps(same, bias_learned=10)).key == "bias_learned"
    for name in ("bias_set", "bias_slow", "bias_frozen"):
        assert bias(with_steps(same, **{name: 10})).key == name
    assert optimisers(with_steps(same, adam=10)).key == "optimisers_cure"
    for others in ({"adam": 25}, {"momentum": 25}, {"adam": 25, "momentum": 25}):
        assert optimisers(with_steps(same, batch_after=10, **others)).key == "optimisers_help"
    for steps, key in ((10, "more"), (40, "same"), (60, "less")):
        assert together(with_steps(same, together=steps)).key == f"together_{key}"
    alike = replace(same, seconds=(1.0,) * len(quick.names))
    assert cost(with_steps(alike, adam=10)).key == "cost_pays"
    assert cost(replace(alike, seconds=(0.5, *alike.seconds[1:]))).key == "cost_eats"


def holds_rows(page, chart, lines, default):
    """A figure with one row per cure shows each condition's values (cures, repeats): small points and medians."""
    page.holds(chart, {name: np.median(values, 1) for name, values in lines.items()}, of="x")
    rows = [load("cures")[f"words.{name}"] for name in default.names]
    assert list(page.charts[chart].layout.yaxis.ticktext) == rows
    for points, values in zip(page.charts[chart].data[::2], lines.values(), strict=True):
        np.testing.assert_allclose(points.x, values.ravel(), rtol=1e-5)


def holds_panel(page, panel, default):
    """Learning curves and learning rates of one panel, in the figures and in the tables below them."""
    words, names = load("cures"), PANELS[panel]
    said, at = [words[f"words.{name}"] for name in names], [default.names.index(name) for name in names]
    curves, grid = f"curves{panel}", f"grid{panel}"
    assert list(page.tables[curves]) == [*names, "step"]
    assert list(page.tables[grid]) == [*names, "rate_of_sgd"]
    loss = np.median(default.loss[:, at], 2).T  # (names, S)
    page.holds(curves, dict(zip(said, loss, strict=True)))
    np.testing.assert_allclose(page.tables[curves][list(names)].T, loss, rtol=1e-6)
    assert page.charts[curves].layout.shapes[0].y0 == DEFAULT.goal
    capped = np.median(np.minimum(default.tuned[at], DEFAULT.steps), 2)  # (names, L)
    page.holds(grid, dict(zip(said, capped, strict=True)))
    np.testing.assert_array_equal(page.tables[grid][list(names)].T, np.median(default.tuned[at], 2))
    for line in page.named(curves).values():
        np.testing.assert_array_equal(line.customdata[:, 0], default.steps)
    for line in page.named(grid).values():
        assert [float(lr) for lr in line.x] == list(GRID)


def test_every_chart_shows_the_runs_numbers(default):
    words, capped = load("cures"), np.minimum(default.reached, DEFAULT.steps)
    signs, at = 100 * default.majority, default.names.index("batch_after")  # (A, R, D)
    with drawn("cures") as page:
        holds_rows(page, "steps", {words["figures.steps.line"]: capped}, default)
        found = page.tables["steps"].groupby("cure", sort=False).steps_to_goal.apply(list)
        assert found.to_dict() == dict(zip(default.names, default.reached.tolist(), strict=True))
        for panel in PANELS:
            holds_panel(page, panel, default)
        into = {words.say("figures.signs.layer", layer=d + 2): signs[:, :, d] for d in range(DEFAULT.depth)}
        holds_rows(page, "signs", into, default)
        table = page.tables["signs"].set_index("cure").loc[list(default.names)]
        np.testing.assert_allclose(table, np.median(default.majority, 1), rtol=1e-6)
        assert list(table) == ["into_layer_2", "into_layer_3", "into_layer_4"]
        said = [100 * page.numbers["signs"][name] for name in ("uncured", "cured")]
        np.testing.assert_allclose(said, np.median(signs[[0, at], :, 0], 1), rtol=1e-6)
        seconds = np.array(default.seconds)
        share = 100 * capped / capped[0]  # paired with the run without a cure
        time = share * (seconds / seconds[0])[:, None]
        lines = {words["figures.work.steps"]: share, words["figures.work.time"]: time}
        holds_rows(page, "work", {name: np.minimum(v, 200) for name, v in lines.items()}, default)
        costs = page.tables["work"].set_index("cure").loc[list(default.names)]
        np.testing.assert_allclose(costs.milliseconds_per_step, 1000 * seconds)
        np.testing.assert_array_equal(costs.steps_to_goal, np.median(capped, 1))


def test_the_verdicts_say_the_tables_numbers(default):
    """A run that does not reach the goal counts with all its steps."""
    found = {name: verdict.numbers for name, verdict in verdicts(default).items()}
    reached = default.table().pivot(index="repeat", columns="cure", values="steps_to_goal")
    steps = reached.clip(upper=DEFAULT.steps).median()
    alone = steps.drop(["plain", "together"])
    arrives = np.isinf(reached).mean() < 0.5
    found_by = {name: paired(reached[name], reached["plain"]) for name in reached}
    works = arrives & (pd.Series(found_by) == Outcome.LOWER)
    single = {
        name: np.median(default.single[default.names.index(name)], 1)
        for name in ("plain", "bias_learned", "bias_frozen")
    }
    norm, best = steps[list(PANELS["norms"][1:])].min(), alone.min()
    time = default.costs().set_index("cure").milliseconds_per_step
    per_step = time / time["plain"]
    expected = {
        "main": {
            "best": best, "times": steps["plain"] / best, "working": works[alone.index].sum(),
            "cures": len(alone),
            "level": sum(paired(reached[n], reached[alone.idxmin()]) != Outcome.HIGHER for n in alone.index) - 1,
        },
        "norms": {"working": works[list(PANELS["norms"])].sum()},
        "bias": {"drift": np.median(default.drift)},
        "bias_signs": {
            "plain": single["plain"][1], "first": single["bias_learned"][0], "learned": single["bias_learned"][1],
            "set": single["bias_frozen"][0],
        },
        "algebra": dict(zip(("plus", "minus", "own"), default.algebra, strict=True)),
        "optimisers": {"norm": norm, "ratio": min(steps["momentum"], steps["adam"]) / norm}
        | {f"{n}_fewer": (reached[n] < reached.plain).sum() for n in ("momentum", "adam")},
        "together": {
            "best": best, "faster": (reached.together < reached[alone.idxmin()]).sum(),
            "slower": (reached.together > reached[alone.idxmin()]).sum(),
        },
        "cost": {
            "batch": per_step["batch_after"], "layer": per_step["layer_after"], "adam_cost": per_step["adam"],
            "milliseconds": time["plain"], "best": best, "per_step": per_step[alone.idxmin()],
            "share": per_step[alone.idxmin()] * best / steps["plain"],
        },
        "runs": {
            "missed": np.isinf(reached).to_numpy().sum(), "count": reached.size,
            "diverged": (default.table().diverged_at_step >= 0).sum(),
        },
    }  # fmt: skip
    assert set(expected) == set(found)
    for name, numbers in expected.items():
        medians = (
            {} if name in ("algebra", "bias_signs") else steps.to_dict()
        )  # any sentence may name any cure's steps
        assert {n: found[name][n] for n in numbers | medians} == pytest.approx(numbers | medians), name


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("cures")
