"""Whatever an address holds, a page answers: no traceback, no hang, no training outside what is offered."""

import pytest
from catalogue import PAGES, ROOT, SLUGS, config_class, experiment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lib.config import Config

OTHERS = ("pin", "picture", "ruling", "guess", "embed", "seed", "__proto__", "Nobody.steps")
HOSTILE = (
    *(
        "",
        "nan",
        "-inf",
        "1e999",
        "0x10",
        "true",
        "None",
        "[]",
        "{x}",
        "${7*7}",
        "../..",
        "9" * 400,
        "a:b,c:d",
        "steps:1",
    ),
    *("<img src=x onerror=alert(1)>", "'; drop table --", "\N{SNOWMAN}\0", "\N{RIGHT-TO-LEFT OVERRIDE}"),
)
JUNK = st.sampled_from(HOSTILE) | st.text(max_size=12) | st.integers().map(str) | st.floats().map(str)


def addresses(slug):
    """Queries of known, misspelt and foreign keys with junk; one value that is offered among them."""
    names = [f"{config_class(slug).__name__}.{item.name}" for item in config_class(slug).choices()]
    keys = st.sampled_from([*names, *OTHERS, names[0].upper(), f"{names[0]}x"])
    good = {"guess": st.just("false"), names[-1]: st.just("0")}
    junk = st.dictionaries(keys, JUNK | st.lists(JUNK, min_size=2, max_size=3), max_size=5)
    return st.tuples(junk, st.fixed_dictionaries({}, optional=good)).map(lambda both: both[0] | both[1])


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=5, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(data=st.data())
def test_any_address_gets_an_answer(slug, data):
    query = data.draw(addresses(slug))
    ran = []
    module = experiment(slug)
    run = module.run

    def watched(config, progress=None, **more):
        ran.append(config)
        return run(config, progress, **more)

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "run", watched)
        app.switch_page(f"pages/{PAGES[SLUGS.index(slug)].name}").run()
    assert not app.exception, query
    assert not app.error, query
    assert app.title[0].value.endswith("?")
    assert all("<" not in w.value for w in app.warning), query  # a stranger's text is not repeated
    for config in ran:
        assert isinstance(config, Config)
        assert all(getattr(config, item.name) in item.among for item in config.choices())
