"""What stands in large type is short, and in words: claims, the line of numbers under them, leads, labels, chips."""

import re

import pytest
from catalogue import ROOT, SLUGS, config_class

from lib.words import load, place

CLAIM, LINE, LEAD, CHIP = 15, 25, 30, 4  # words at most
FILE, FILE_WITH_UPLOAD, ALL = 1_070, 1_270, 30_000  # of a words file, and of all, as `wc -w` counts them


def words_in(text):
    """How many words are printed: a number, a placeholder and a formula are one each, mark-up and dashes none."""
    plain = re.sub(r"{[^}]*}|\$[^$]*\$", "0", text)
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", plain)
    return sum(any(letter.isalnum() for letter in word) for word in plain.split())


def endings(slug):
    """(where, paragraphs) of every sentence that a run can end with."""
    for entry, table in load(slug)["verdict"].items():
        for key, text in table.items():
            yield f"{entry}.{key}", text.split("\n\n")


def named(slug):
    """(control, identifiers) of those whose values are words or switches."""
    for item in config_class(slug).choices():
        if isinstance(item.default, str | bool):
            yield item.name, [str(value) for value in item.among]


def is_code(identifier):
    """Whether nobody would say it: it is no number, and holds more than letters, or no vowel (abs_he/4, sgd)."""
    if identifier.isalpha():
        return not set(identifier.lower()) & set("aeiouy")
    return not identifier.isdigit()


def test_words_are_counted_as_they_are_printed():
    assert (
        words_in("**No:** in batches of {batch}, $w \\cdot x$ costs {share:.0%} – [all](https://a.org/b c) of it.")
        == 11
    )
    assert [is_code(name) for name in ("abs_he/4", "mlp", "flower", "relu2", "3")] == [True, True, False, True, False]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_claim_is_short_and_so_is_the_line_under_it(slug):
    long = []
    for where, (claim, *rest) in endings(slug):
        counts = words_in(claim), words_in(rest[0]) if rest else 0
        if counts[0] > CLAIM or counts[1] > LINE or "\n" in "".join([claim, *rest[:1]]).strip():
            long.append(f"{where}: {counts[0]} words, then {counts[1]}: {claim}")
    assert not long, "\n" + "\n".join(long)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_claim_is_a_whole_sentence(slug):
    assert not [f"{where}: {claim}" for where, (claim, *_) in endings(slug) if not re.search(r"[.!?][*)]*$", claim)]


@pytest.mark.parametrize("slug", SLUGS)
def test_no_identifier_is_printed(slug):
    codes = {value for _, values in named(slug) for value in values if is_code(value)}
    found = [
        f"{where}: {code}"
        for where, paragraphs in endings(slug)
        for code in codes
        if re.search(rf"(?<![\w/]){re.escape(code)}(?![\w/])", re.sub("{[^}]*}", "", " ".join(paragraphs[:2])))
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_value_that_is_no_number_has_a_label_of_its_own(slug):
    for name, values in named(slug):
        labels = load(slug).get(f"controls.{name}.options", {})
        assert set(labels) == set(values), f"{name}: without a label {sorted(set(values) - set(labels))}"
        assert len(set(labels.values())) == len(labels), f"{name}: two of one label"
        assert not any(is_code(value) and label == value for value, label in labels.items()), f"{name}: code as label"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lead_is_one_short_sentence(slug):
    lead = load(slug)["lead"].strip()
    assert words_in(lead) <= LEAD, words_in(lead)
    assert re.findall(r"[.!?](?=[\s*)]|$)", lead) == [lead[-1]], lead


@pytest.mark.parametrize("slug", SLUGS)
def test_three_or_four_chips_say_in_few_words_what_to_try(slug):
    chips = load(slug)["try_this"]
    assert len(chips) in (3, 4)
    assert not [chip["label"] for chip in chips if words_in(chip["label"]) > CHIP]
    assert all(words_in(chip["text"]) > 1 for chip in chips)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_read_in_three_minutes(slug):
    """Everything it can say in any run, keys and all; what one run says is about half of that."""
    count = read(place(slug))
    assert count <= (FILE_WITH_UPLOAD if "upload" in load(slug).table else FILE), count


def test_all_words_together_are_few():
    files = [place(slug) for slug in SLUGS] + sorted((ROOT / "lib/words/en").glob("*.toml"))
    assert sum(read(file) for file in files if file.stem != "your_network") <= ALL


def test_what_may_be_found_in_a_readers_network_is_said_in_few_words():
    """Of a hundred sentences one file chooses about ten."""
    for kind, most in {"finding": 60, "refused": 40, "notes": 30, "skipped": 15}.items():
        for key, sentence in load("your_network")[kind].items():
            assert words_in(sentence) <= most, key


def read(file):
    """How many words a page may say: all but what the files that a reader takes away say, behind [plain]."""
    return len(file.read_text(encoding="utf-8").partition("\n[plain]\n")[0].split())
