"""Every sentence that could be a verdict is chosen by some test of its question, with the numbers that it needs.

conftest.py lets these run after the question's own tests, in the same process, and leaves out a question of whose own
tests only some were asked for.
"""

import pytest
from catalogue import SLUGS, own_test
from endings import CHOSEN, check, written

from lib.question import Verdict

REQUIRED = ("test_every_chart_shows_the_runs_numbers", "test_the_verdicts_say_the_tables_numbers")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sentence_is_chosen_by_a_test(slug):
    missing = [f"{entry}.{key}" for entry, key in sorted(written(slug) - CHOSEN[slug])]
    assert not missing, f"no test of {slug} chooses {', '.join(missing)}"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_looks_at_its_last_metre(slug):
    assert [name for name in REQUIRED if not hasattr(own_test(slug), name)] == []


def test_a_misspelt_number_and_a_missing_sentence_are_found():
    with pytest.raises(KeyError):
        check("zigzag", "main", Verdict("zigzag", {}))
    with pytest.raises(AssertionError, match="zigzag has no words for zagzig"):
        check("zigzag", None, Verdict("zagzig", {}))
