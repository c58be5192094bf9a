"""A question's page as it is drawn: its figures and their tables by name, to be held against the run's numbers."""

from base64 import b64decode
from contextlib import contextmanager

import numpy as np
import pytest
from catalogue import PAGES, ROOT, SLUGS
from streamlit.testing.v1 import AppTest

from lib.ui import elements


class Page:
    """The figures (plotly) and tables (pandas, or whatever stands under a figure) of a page, by the figure's name."""

    def __init__(self):
        self.charts, self.tables, self.numbers, self.held = {}, {}, {}, set()
        self.hero = ""  # the first figure, which is drawn before all others

    def named(self, chart):
        """The traces of a figure by name, in their order; not those that are only for orientation."""
        found = [t for t in self.charts[chart].data if t.name and t.hoverinfo != "skip"]
        assert len({t.name for t in found}) == len(found), f"two traces of {chart} have one name"
        return {t.name: t for t in found}

    def holds(self, chart, expected, *, of="y", rtol=1e-5, atol=1e-6):
        """The figure's named traces are those expected, in this order, and `of` each is what is expected."""
        found = self.named(chart)
        assert list(found) == list(expected), chart
        for name, values in expected.items():
            np.testing.assert_allclose(
                np.asarray(found[name][of], float), np.asarray(values, float), rtol=rtol, atol=atol,
                err_msg=f"{chart}: {name}",
            )  # fmt: skip
        self.held.add(chart)

    def shows(self, chart, values, *, trace=0, rtol=1e-5, atol=1e-6):
        """A heat map (or the last step of one that can be scrubbed) shows these values (rows, columns)."""
        found = np.asarray(self.charts[chart].data[trace].z, float)
        np.testing.assert_allclose(found, np.asarray(values, float), rtol=rtol, atol=atol, err_msg=chart)
        self.held.add(chart)


def plain(sent):
    """What is sent to the browser with arrays as lists, and without what says nothing."""
    if isinstance(sent, dict) and "bdata" in sent:
        values = np.frombuffer(b64decode(sent["bdata"]), sent["dtype"])
        return plain(values.reshape([int(n) for n in sent.get("shape", str(len(values))).split(",")]).tolist())
    if isinstance(sent, dict):
        return {name: found for name, each in sent.items() if (found := plain(each)) not in ({}, [])}
    if isinstance(sent, list | tuple | np.ndarray):
        return [plain(each) for each in sent]
    if isinstance(sent, np.generic):
        return plain(sent.item())
    return "nothing" if isinstance(sent, float) and np.isnan(sent) else sent  # nan is not equal to itself


@contextmanager
def drawn(slug, **settings):
    """Run all of the page of `slug` and yield it; at the end every figure must have been held against something."""
    page, chart, table_of_numbers = Page(), elements.chart, elements.table_of_numbers

    def noted(figure, words, name, *, numbers, table=None, part="", **more):
        assert plain(figure.to_dict()) == plain(figure.checked().to_dict()), f"Plotly would send another {name}"
        key = f"{name}{part}"
        page.charts[key], page.numbers[key], page.hero = figure, numbers, page.hero or key
        page.tables[key], page.last = table, key
        return chart(figure, words, name, numbers=numbers, table=table, part=part, **more)

    def under(table):
        page.tables[page.last] = table
        table_of_numbers(table)

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in settings.items():
        app.query_params[name] = value
    app.session_state[f"deeper_{slug}"] = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "chart", noted)
        patch.setattr(elements, "table_of_numbers", under)
        app.switch_page(f"pages/{PAGES[SLUGS.index(slug)].name}").run()
    assert not app.exception
    yield page
    assert set(page.charts) == page.held, f"not held against the run: {sorted(set(page.charts) - page.held)}"
