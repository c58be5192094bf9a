"""What a page says by default holds for other start numbers: three of them here, twenty in `benchmarks.starts`."""

import pytest
from catalogue import SLUGS

from benchmarks import starts

# Their defaults, and the runs of their claims, take a second or more; `python -m benchmarks.starts` asks them too.
SLOW = {"activations", "cures", "deconvnet", "features", "gabor", "influence", "must_it_be_random", "other_noise",
        "weight_space", "wide_networks"}  # fmt: skip


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in SLOW])
def test_three_starts_say_the_same(slug):
    assert starts.row(slug, 3) == ""


def test_what_depends_on_the_start_is_told(monkeypatch):
    monkeypatch.setattr(starts, "said", lambda slug, start: {"main": "yes" if start < 2 else "no", "other": "same"})
    assert starts.row("toy", 3) == f"{'toy':18} {'main':32} yes 2, no 1; otherwise at 2"


def test_claims_are_judged_at_their_own_settings():
    asked = starts.asked("deconvnet")
    assert next(iter(asked)) == type(next(iter(asked)))()
    assert sum(map(len, asked.values())) == len({claim["id"] for claims in asked.values() for claim in claims})
