"""The figures that the tests of promises show, and their long forms: a plugin of pytest for all tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.reliability.promises import PROMISES

# Where pytest's cache keeps what the last run showed; `tests.reliability.table` reads it.
KEPT_FIGURES = "reliability/figures"

_figure = pytest.StashKey[str]()


def pytest_collection_modifyitems(config, items):
    """Leave the long forms out unless they are asked for with `-m soak`."""
    if "soak" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    items[:] = [item for item in items if not item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)


@pytest.fixture
def figure(request) -> Callable[[str], None]:
    """Show a figure: what the test measured or counted, in the words of the table."""

    def show(text: str) -> None:
        request.node.stash[_figure] = text

    return show


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and (text := item.stash.get(_figure, None)):
        report.user_properties.append(("figure", text))
    return report


def pytest_sessionfinish(session):
    """Keep what each promise's tests showed, for the table."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not hasattr(session.config, "cache"):
        return
    form = "long" if "soak" in session.config.option.markexpr else "short"
    kept = session.config.cache.get(KEPT_FIGURES, {})
    for promise in PROMISES:
        passed, failed = (
            [one for one in reporter.stats.get(outcome, ()) if promise.is_held_by(one.nodeid)]
            for outcome in ("passed", "failed")
        )
        if passed or failed:
            kept[f"{promise.name} {form}"] = _summary(passed, failed)
    session.config.cache.set(KEPT_FIGURES, kept)


def _summary(passed, failed) -> dict[str, str]:
    # What a test that failed has measured says by how much.
    reports = failed or passed
    figures = [text for one in reports for name, text in one.user_properties if name == "figure"]
    shown = "; ".join(dict.fromkeys(figures))
    if failed:
        missed = f"**FAILED**: {len(failed)} of {len(passed) + len(failed)} tests"
        shown = f"{missed}: {shown}" if shown else missed
    elif not shown:
        shown = f"{len(passed)} {'case' if len(passed) == 1 else 'cases'} passed"
    return {"figure": shown, "day": datetime.now(UTC).date().isoformat()}


def pytest_generate_tests(metafunc):
    """Run a test that asks for `rounds` in its short and its long form: `@pytest.mark.forms(short, long)`.

    One that asks for a `seed` runs with the first few, and with the rest in `make soak`: `@pytest.mark.seeds(few, all)`.
    """
    if marker := metafunc.definition.get_closest_marker("forms"):
        short, long = marker.args
        forms = [pytest.param(short, id="short"), pytest.param(long, id="long", marks=pytest.mark.soak)]
        metafunc.parametrize("rounds", forms)
    if marker := metafunc.definition.get_closest_marker("seeds"):
        few, number = marker.args
        seeds = [
            pytest.param(one, id=f"seed-{one}", marks=pytest.mark.soak if one >= few else ())
            for one in range(number)
        ]
        metafunc.parametrize("seed", seeds)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "forms(short, long): how many `rounds` in the suite and in `make soak`"
    )
    config.addinivalue_line("markers", "seeds(few, all): how many in the suite, and in `make soak` the rest")
