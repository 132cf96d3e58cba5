"""The figures that the tests of promises show, the long forms, and what the tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.corpus import generate
from indexer.build import reindex
from tests.building import write_corpus
from tests.documents import LABOUR
from tests.reliability.promises import PROMISES

# Where pytest's cache keeps what the last run showed; `tests.reliability.table` reads it.
KEPT_FIGURES = "reliability/figures"
# The size that the promises about queries and load name.
LARGE = 20_000

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
    figures = [text for one in passed for name, text in one.user_properties if name == "figure"]
    if failed:
        shown = f"**FAILED**: {len(failed)} of {len(passed) + len(failed)} tests"
    else:
        shown = (
            "; ".join(dict.fromkeys(figures))
            or f"{len(passed)} {'case' if len(passed) == 1 else 'cases'} passed"
        )
    return {"figure": shown, "day": datetime.now(UTC).date().isoformat()}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that an ordinary user can reach; pytest's own are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path, folders, _ in os.walk(folder):
        for name in folders:
            Path(path, name).chmod(0o700)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def two_corpora(tmp_path_factory) -> tuple[Path, Path]:
    """Give two corpus folders of 300 and 340 projects that share 300."""
    folder, projects = tmp_path_factory.mktemp("corpora"), list(generate(340))
    return write_corpus(folder / "a", projects[:300]), write_corpus(folder / "b", projects)


@pytest.fixture(scope="session")
def labour_index(tmp_path_factory) -> Path:
    """Give an index of the hand-made corpus; whoever changes it takes a copy."""
    folder = tmp_path_factory.mktemp("labour")
    reindex(write_corpus(folder / "corpus", list(LABOUR.values())), folder / "index")
    return folder / "index"


@pytest.fixture(scope="session")
def large_index(tmp_path_factory) -> Path:
    """Give an index of 20,000 generated projects."""
    folder = tmp_path_factory.mktemp("large")
    reindex(write_corpus(folder / "corpus", list(generate(LARGE))), folder / "index")
    return folder / "index"


def pytest_generate_tests(metafunc):
    """Run a test that asks for `rounds` in its short and its long form: `@pytest.mark.forms(short, long)`."""
    if marker := metafunc.definition.get_closest_marker("forms"):
        short, long = marker.args
        forms = [pytest.param(short, id="short"), pytest.param(long, id="long", marks=pytest.mark.soak)]
        metafunc.parametrize("rounds", forms)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "forms(short, long): how many `rounds` in the suite and in `make soak`"
    )
