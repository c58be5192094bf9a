"""Every page's words are complete, and every sentence can be said."""

import os
import re
import string

import pytest
from catalogue import PAGES, ROOT, SLUGS, config_class, default_verdicts

from lib import words
from lib.__main__ import sentences
from lib.words import RULED, Words, WordsError, load


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_of_a_new_question_is_left_to_write(slug):
    """`python -m lib.questions new` marks with WRITE what its author has to say."""
    page = PAGES[SLUGS.index(slug)]
    files = [*sorted((ROOT / "lib/questions" / slug).rglob("*.*")), page, ROOT / f"tests/questions/test_{slug}.py"]
    left = [
        f"{file.relative_to(ROOT)}:{number} wants: {line.strip()}"
        for file in files
        if file.suffix in (".py", ".toml")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if "WRITE" in line
    ]
    assert not left, "\n" + "\n".join(left)


@pytest.mark.parametrize("slug", SLUGS)
def test_controls_are_labelled_and_nothing_else_is(slug):
    controls = load(slug)["controls"]
    assert set(controls) == {item.name for item in config_class(slug).choices()}
    assert all({"label", "help"} <= set(c) <= {"label", "help", "options"} for c in controls.values())
    for item in config_class(slug).choices():
        labels = controls[item.name].get("options", {})
        assert set(labels) <= set(map(str, item.among)), item.name
        assert len(set(labels.values())) == len(labels), item.name


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_has_all_that_the_frame_shows(slug):
    text = load(slug)
    for path in ("title", "icon", "section", "question", "lead", "why.text"):
        assert text[path], path
    assert text["section"] in range(1, 5)
    assert text["question"].endswith("?")
    assert len(text["try_this"]) >= 3
    assert all(item["url"].startswith("https://") for item in text["sources"])
    for name, figure in text["figures"].items():
        assert {"title", "sentence", "alt"} <= set(figure), name


@pytest.mark.parametrize("slug", SLUGS)
def test_try_this_settings_are_offered(slug):
    for item in load(slug)["try_this"]:
        assert config_class(slug)(**item["settings"]) != config_class(slug)()


@pytest.mark.parametrize("slug", SLUGS)
def test_claims_rule_on_sentences_that_exist_and_on_all_of_their_entry(slug):
    text = load(slug)
    found = default_verdicts(slug)
    assert len({claim["id"] for claim in text["claims"]}) == len(text["claims"])
    for claim in text["claims"]:
        listed = [key for name in RULED for key in claim.get(name, ())]
        assert len(set(listed)) == len(listed), claim["id"]
        assert set(listed) <= set(text[f"verdict.{claim['entry']}"])
        assert found[claim["entry"]].key in text[f"verdict.{claim['entry']}"]
        conditional = set(claim.get("depends", ()))
        assert claim.get("origin", "elsewhere") == "elsewhere"
        told = claim.get("only_if", {})
        assert bool(told) == bool(conditional) and (isinstance(told, str) or set(told) == conditional), claim["id"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_default_run_can_be_said(slug):
    said = sentences(load(slug), default_verdicts(slug))
    assert all(said)
    assert not any("{" in s or "nan" in s for s in said)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_answer_is_at_most_two_sentences(slug):
    """In large type; what else there is to say stands under it, behind an empty line."""
    for sentence in load(slug)["verdict.main"].values():
        answer = re.sub(r"{[^}]*}", "0", sentence.partition("\n\n")[0])
        assert len(re.findall(r"[.!?][*)]*(?=\s|$)", answer)) <= 2, answer


@pytest.mark.parametrize("slug", [*SLUGS, "app"])
def test_placeholders_parse(slug):
    def walk(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)

    for part in ("verdict", "figures", "controls", "training", "page"):
        for sentence in walk(load(slug).get(part, {})):
            list(string.Formatter().parse(sentence))


def test_minus_signs_are_true_ones_and_nan_is_refused():
    text = Words("toy", {"a": "{x:.1f} of {y}", "deep": {"b": "twice-told {name}"}})
    assert text.say("a", x=-1.25, y=-3) == "−1.2 of −3"
    assert text.say("deep.b", name="well-known") == "twice-told well-known"
    with pytest.raises(ValueError, match="nan cannot stand in a sentence"):
        text.say("a", x=float("nan"), y=1)
    with pytest.raises(WordsError, match=r"the words of toy have no 'deep.c'"):
        text["deep.c"]
    assert text.get("deep.c", 5) == 5


@pytest.mark.parametrize(
    ("share", "whole", "tenths"),
    [
        (0.0, "0%", "0.0%"),
        (1e-9, "<1%", "<0.1%"),
        (0.003, "<1%", "0.3%"),
        (0.0049, "<1%", "0.5%"),
        (0.5, "50%", "50.0%"),
        (0.9951, ">99%", "99.5%"),
        (0.99999, ">99%", ">99.9%"),
        (1.0, "100%", "100.0%"),
    ],
)
def test_a_share_is_nothing_or_the_whole_only_if_it_is(share, whole, tenths):
    text = Words("toy", {"a": "{x:.0%}", "b": "{x:.1%}", "c": "{x:+.0%}"})
    assert (text.say("a", x=share), text.say("b", x=share)) == (whole, tenths)
    assert text.say("c", x=-0.3) == "−30%"
    assert Words("toy", {"a": "{x:.1f} {x:.0%} {x:.2g}"}).say("a", x=-0.0001) == "0.0 0% −0.0001"


def test_another_language_falls_back_to_english(tmp_path, monkeypatch):
    for code, content in {"en": 'a = "one"\n[b]\nc = "two"\nd = "three"', "de": '[b]\nc = "zwei"'}.items():
        (tmp_path / "words" / code).mkdir(parents=True)
        (tmp_path / "words" / code / "toy.toml").write_text(content)
    monkeypatch.setattr(words, "LIB", tmp_path)
    text = load("toy", "de")
    assert (text["a"], text["b.c"], text["b.d"]) == ("one", "zwei", "three")
    assert load("toy", "fr")["b.c"] == "two"
    with pytest.raises(WordsError, match=r"no words words/en/missing\.toml"):
        load("missing")


@pytest.mark.parametrize("content", [b"a = ", "a = 'é'".encode("latin-1"), b"a = " + b"[" * 5000])
def test_words_that_cannot_be_read_name_their_file(tmp_path, monkeypatch, content):
    file = tmp_path / "words" / "en" / "toy.toml"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(words, "LIB", tmp_path)
    file.write_bytes(content)
    with pytest.raises(WordsError, match=r"words/en/toy\.toml cannot be read"):
        load("toy")
    file.write_text("a = 'mended'")
    os.utime(file, ns=(1, 1))  # another time than before, whatever the clock's grain
    assert load("toy")["a"] == "mended"
