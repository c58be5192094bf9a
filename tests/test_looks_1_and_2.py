"""Every page of sections 1 and 2 in a real browser. Two files, so that two processes can look at the same time."""

import pytest
from catalogue import PAGES, SLUGS
from looking import every_look

MINE = [slug for slug, page in zip(SLUGS, PAGES, strict=True) if page.name[0] in "12"]


@pytest.mark.parametrize("slug", MINE)
def test_every_look(tab, slug):
    every_look(tab, slug)
