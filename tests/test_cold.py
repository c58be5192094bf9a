"""A link as the first request to a server that has just started."""

import pytest
from reader import opened, plotted, troubles, verdict

from benchmarks.server import running_server

COLD = ("negative_weights", "zigzag")  # trained by torch, which has to be imported first, and by numpy alone


@pytest.mark.parametrize("slug", COLD)
def test_a_cold_link(browser, slug):
    """A fresh server's first request: the answer comes, nothing asks for help."""
    with running_server() as address:
        page = opened(browser, f"{address}/{slug}")
        assert len(verdict(page)) > 20
        assert page.get_by_role("dialog").count() == 0
        plotted(page)
        assert troubles(page) == []
        page.context.close()
