"""The home page and the fact check: cards and claims, filled by runs."""

import base64
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from questions import PAGES, ROOT, STEMS, config_class, default_result, default_verdicts, module
from streamlit.testing.v1 import AppTest

from lib import experiments, figures
from lib.results.glimpses import glimpse
from lib.ui import background, cards, rulings
from lib.ui.cards import answer_in_short
from lib.words import load

FACTS = "pages/fact_check.py"

# What the science files of this project found, by default unless the claim says at which settings. A change here is
# a change of what the app tells its readers: look at the run before you change it.
RULINGS = {
    "negative_weights.become_negative": "right",
    "negative_weights.rectified_nonnegative": "wrong",
    "negative_weights.enough_epochs": "wrong",
    "negative_weights.biases_too": "right",
    "forbidden_sign.could_do_without": "depends",
    "forbidden_sign.outputs_only": "right",
    "inverted_input.optimal_weights_invert": "right",
    "inverted_input.negative_is_minus": "wrong",
    "gradient_signs.local_positive": "depends",
    "gradient_signs.error_either_sign": "right",
    "gradient_signs.branch_formula": "right",
    "gradient_signs.weights_can_go_down": "right",
    "weight_decay.decay_makes_negative": "depends",
    "weight_decay.centred_small_norm": "right",
    "weight_decay.variation_predicts": "right",
    "synapses.minus_two_synapses": "wrong",
    "synapses.zero_missing_link": "right",
    "synapses.negative_missing_link": "wrong",
    "influence.magnitude_all_else_equal": "right",
    "influence.bigger_matters_more": "depends",
    "influence.one_weight_destroyed": "wrong",
    "influence.small_means_unimportant": "depends",
    "template.resembles": "right",
    "template.relative": "right",
    "template.feature": "right",
    "template.viewing": "wrong",
    "template.coefficients": "right",
    "weight_space.weight_space_all_values": "right",
    "weight_space.other_start_other_weights": "right",
    "weight_space.all_one_basin": "depends",
    "weight_space.low_dimensional_path": "wrong",
    "gabor.gabor_from_raw_data": "right",
    "gabor.gabor_by_itself": "wrong",
    "deconvnet.shows_what_it_saw": "right",
    "deconvnet.not_random_so_generalises": "wrong",
    "deconvnet.grey_images_are_activations": "wrong",
    "deconvnet.upper_layers_transfer": "wrong",
    "probability.weights_are_probabilities": "wrong",
    "probability.sign_and_size": "wrong",
    "probability.not_that_is_useful": "right",
    "probability.weights_break_the_axioms": "right",
    "features.transformed_features": "right",
    "features.plot_components": "wrong",
    "symmetry.takes_much_longer": "wrong",
    "symmetry.collapses": "right",
    "symmetry.middle_of_the_range": "wrong",
    "restarts.same_minimum": "right",
    "restarts.restart_finds_better": "right",
    "restarts.shuffling_suffices": "wrong",
    "other_noise.any_noise": "depends",
    "other_noise.weights_must_differ": "wrong",
    "other_noise.not_all_gradient_based": "right",
    "other_noise.every_layer_random": "wrong",
    "scale.small_is_safe": "wrong",
    "scale.glorot_normalised": "right",
    "scale.he_rectifiers": "right",
    "null_space.different_units_keep_patterns": "right",
    "null_space.deterministic_null_space": "wrong",
    "null_space.random_keeps_separable": "depends",
    "must_it_be_random.must_be_random": "wrong",
    "must_it_be_random.half_is_reasonable": "wrong",
    "must_it_be_random.half_is_nearest": "wrong",
    "must_it_be_random.opposite_of_solution": "depends",
    "must_it_be_random.descent_destroys": "wrong",
    "wide_networks.wide_fits": "right",
    "wide_networks.gaussian_needed": "wrong",
    "wide_networks.constant_wide": "wrong",
    "zigzag.one_signed_gradients": "right",
    "zigzag.north_east_zigzag": "wrong",
    "zigzag.zigzag_is_slow": "wrong",
    "batch.batch_frees_signs": "depends",
    "batch.batch_mitigates": "depends",
    "conditioning.bias_absorbs_offset": "wrong",
    "conditioning.only_signs": "wrong",
    "activations.sigmoid_and_relu_hard": "depends",
    "activations.one_sign": "right",
    "activations.milder_than_saturation": "right",
    "cures.normalise": "depends",
    "cures.bias_per_input": "depends",
    "cures.minus_sign": "wrong",
}


@pytest.fixture
def summaries(monkeypatch):
    """Runs that the session has in hand stand for all; every other one has failed."""
    asked = []

    def summary(experiment, config, draw, slot):
        asked.append(config)
        if config.stem() != "zigzag":
            return None
        return background.Summary(default_verdicts("zigzag"), draw("zigzag", default_result("zigzag")))

    for place in (cards, rulings):
        monkeypatch.setattr(place, "summary", summary)
    return asked


def image(text):
    """The elements of a picture's SVG."""
    assert text.startswith("data:image/svg+xml;base64,")
    return list(ET.fromstring(base64.b64decode(text.partition(",")[2])))


@pytest.mark.parametrize("stem", STEMS)
def test_every_question_has_a_small_picture_of_its_run(stem):
    parts = image(figures.glimpse(*glimpse(stem, default_result(stem))))
    assert 1 <= len(parts) <= 300
    assert all("nan" not in value for part in parts for value in part.attrib.values())


def test_a_small_picture_shows_the_numbers_it_is_given():
    first, second = image(figures.glimpse("lines", np.array([[0.0, 1.0], [1.0, 0.0]])))
    assert first.get("points") == "4.0,68.0 236.0,4.0"
    assert second.get("points") == "4.0,4.0 236.0,68.0"
    low, high = image(figures.glimpse("bars", np.array([1.0, 2.0])))
    assert float(high.get("height")) == 2 * float(low.get("height"))
    assert len(image(figures.glimpse("signs", np.array([[[1.0, -1.0]], [[0.0, 0.0]]])))) == 2
    assert len(image(figures.glimpse("dots", np.array([[0.0, 0.0], [1.0, np.nan]])))) == 2
    with pytest.raises(KeyError):
        figures.glimpse("cake", np.zeros(2))


def test_home_has_a_card_per_question_and_fills_it_from_its_run(summaries):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.subheader) == len(PAGES)
    assert [type(config) for config in summaries] == [config_class(stem) for stem in STEMS]
    found = default_verdicts("zigzag")["main"]
    short = answer_in_short(load("zigzag").say(f"verdict.{found.key}", **found.numbers))
    assert f"**{short}**" in [m.value for m in app.markdown]
    assert sum("failed" in c.value for c in app.caption) == len(STEMS) - 1  # the others' trainings


def test_the_way_in_names_questions_that_exist():
    path = [step["stem"] for step in load("app")["learn.path"]]
    assert set(path) <= set(STEMS)
    assert len(path) >= 5


def test_an_answer_in_short_is_a_whole_clause():
    assert (
        answer_in_short("**Yes.** From 0% to 40%, and more. Then text.")
        == "Yes. From 0% to 40%, and more. Then text."
    )
    assert answer_in_short("**Because both weights must move the same way.** On inputs with 1.5 x.") == (
        "Because both weights must move the same way."
    )


def ruled(stem):
    """The ruling of every claim of a question, from runs at the settings of its link."""
    listed = [case for case in rulings.cases(experiments.find) if case.entry.words.stem == stem]
    for case in listed:
        plain = case.config == config_class(stem)()
        result = default_result(stem) if plain else module(stem).run(case.config)
        yield f"{stem}.{case.claim['id']}", rulings.judged(case, module(stem).verdicts(result))


@pytest.mark.parametrize("stem", STEMS)
def test_every_claim_is_ruled_as_the_science_found(stem):
    found = dict(ruled(stem))
    assert {name: judgement.ruling for name, judgement in found.items()} == {
        name: ruling for name, ruling in RULINGS.items() if name.startswith(f"{stem}.")
    }
    assert all(("right only if" in j.said) == (j.ruling == "depends") for j in found.values())
    assert all(any(c.isdigit() for c in j.sentence) for j in found.values())  # the number that settles it


def test_the_fact_check_lists_every_claim_with_a_link_to_its_run(summaries):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(FACTS).run()
    assert not app.exception
    text = [m.value for m in app.markdown]
    for stem in STEMS:
        for claim in load(stem)["claims"]:
            assert any(t.startswith(f"“{claim['claim']}”") for t in text), claim["id"]
    right = sum(ruling == "right" for name, ruling in RULINGS.items() if name.startswith("zigzag."))
    assert any(f"**{right} are right**" in t for t in text)
    some = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    some.query_params["ruling"] = "wrong"
    some.switch_page(FACTS).run()
    shown = [m.value for m in some.markdown if m.value.startswith("“")]
    wrong = [name for name, ruling in RULINGS.items() if name.startswith("zigzag.") and ruling == "wrong"]
    assert len(shown) == len(wrong)
