"""What a reader takes away from a page: files named by the settings, with the settings in them."""

import ast
import csv
import fnmatch
import json

import numpy as np
import pytest
from catalogue import SLUGS, default_result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader import opened, plotted, troubles
from safetensors import numpy as safetensors

from lib import plain, takeaway
from lib.notebook import notebook
from lib.question import find
from lib.words import load


@pytest.mark.parametrize("slug", SLUGS)
def test_the_first_columns_are_the_settings(slug):
    result = default_result(slug)
    config, table = result.config, takeaway.table(result)
    names = [item.name for item in config.choices()]
    assert list(table.columns) == [*(f"setting_{name}" for name in names), *result.table().columns]
    assert table.columns.is_unique
    for name in names:
        assert table[f"setting_{name}"].tolist() == [getattr(config, name)] * len(result.table())


@pytest.mark.parametrize("slug", SLUGS)
def test_every_column_is_explained_once(slug):
    columns, told = list(default_result(slug).table().columns), load(slug)["columns"]
    assert [name for name in columns if sum(fnmatch.fnmatchcase(name, key) for key in told) != 1] == []
    assert takeaway.columns(load(slug), default_result(slug)) == {
        key: text for key, text in told.items() if any(fnmatch.fnmatchcase(name, key) for name in columns)
    }


@settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.data())
def test_two_downloads_can_be_told_apart(data):
    """Any two settings of a question, by the names of their files; which every system takes."""
    config_class = find(data.draw(st.sampled_from(SLUGS))).config
    drawn = [
        config_class(**{item.name: data.draw(st.sampled_from(item.among)) for item in config_class.choices()})
        for _ in range(2)
    ]
    names = [takeaway.name(config) for config in drawn]
    assert (names[0] == names[1]) == (drawn[0] == drawn[1])
    for name in names:
        assert len(name) <= takeaway.LONGEST
        assert name.startswith(config_class.slug())
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_network_of_the_run_can_be_taken_home(slug):
    """From every page but that of the batches, whose descents keep no parameters."""
    result = default_result(slug)
    assert takeaway.holds_network(result) == (slug != "batch")
    if slug != "batch":
        read = safetensors.load(takeaway.network(result))
        assert set(read) == set(result.network)
        for name, array in result.network.items():
            np.testing.assert_array_equal(read[name], array)


def saved(page, button):
    """The name and the text of what a button of the page saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    with open(download.value.path(), "rb") as file:
        return download.value.suggested_filename, file.read()


def test_the_buttons_save_code_notebook_numbers_and_picture(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.steps=3&NegativeWeights.start=he")
    plotted(page)
    config = find("negative_weights").config(steps=3, start="he")
    name = "negative_weights-start-he-steps-3"
    assert saved(page, "Python file") == (f"{name}.py", plain.python(config).encode())
    found, text = saved(page, "Notebook")
    link = json.loads(text)["cells"][0]["source"][-1]
    assert found == f"{name}.ipynb"
    assert f"{server}/negative_weights?" in link
    assert "NegativeWeights.steps=3" in link
    assert text.decode() == notebook(config, link.rpartition("(")[2].rstrip(")\n"))
    found, text = saved(page, "Numbers (CSV)")
    rows = list(csv.DictReader(text.decode().splitlines()))
    assert (found, rows[0]["setting_steps"], rows[0]["setting_start"]) == (f"{name}.csv", "3", "he")
    found, picture = saved(page, "Picture")
    assert (found, picture[:4]) == (f"{name}-histogram.png", b"\x89PNG")
    shown = page.locator("[data-testid=stExpander]").filter(has_text="The code that ran")
    shown.locator("summary").click()
    printed = page.get_by_text("its last line is:").inner_text()
    question = find("negative_weights")
    assert printed.endswith(plain.printed(load(question.slug), question.headline(question.run(config))))
    ast.parse(shown.locator("code").first.text_content())
    assert troubles(page) == []
    page.context.close()
