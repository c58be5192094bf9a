"""What the tests of every question have in common, beside their science."""

import pytest
from catalogue import SLUGS, own_test
from endings import check, written

from lib.question import Verdict

REQUIRED = (
    "test_every_chart_shows_the_runs_numbers",
    "test_the_verdicts_say_the_tables_numbers",
    "test_every_sentence_is_chosen_by_a_test",
)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_looks_at_its_last_metre(slug):
    assert [name for name in REQUIRED if not hasattr(own_test(slug), name)] == []


def test_a_misspelt_number_and_a_missing_sentence_are_found():
    assert ("main", "zigzag") in written("zigzag")
    with pytest.raises(KeyError):
        check("zigzag", "main", Verdict("zigzag", {}))
    with pytest.raises(AssertionError, match="zigzag has no words for zagzig"):
        check("zigzag", None, Verdict("zagzig", {}))
