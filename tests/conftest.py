"""Fixtures of the web: applications and clients over real indexes, built once."""

import os
import resource
import shutil
import signal
import tempfile
from fcntl import LOCK_EX, flock
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.templating import Environment
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache

from indexer.build import reindex
from search_app.web.serving.worker import set_aside
from tests.browser.large import large_corpus
from tests.building import index_of
from tests.documents import LABOUR_FILE, ROOT
from tests.opensearch.backends import BOTH, OneMachine, OverCluster
from tests.opensearch.backends import application as application

pytest_plugins = ["tests.reliability.figures"]


class _Compiled(BytecodeCache):
    """The code of templates by what it is compiled from, kept for as long as the process lives."""

    def __init__(self):
        self._codes = {}

    def load_bytecode(self, bucket):
        """Give what was compiled before, if it was."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        """Keep what was compiled now."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _CompiledOnce(Environment):
    def __init__(self, app, **options):
        super().__init__(app, bytecode_cache=_COMPILED, **options)


def pytest_configure():
    # A shell starts its background jobs deaf to Ctrl-C, and whatever the tests start would be so as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Tests have dozens of indexes open at once; the 1,024 files that a shell allows an ordinary user are too few.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Nothing is timed: a machine that does much else gives an example more than the usual 200 ms.
    untimed = [HealthCheck.too_slow]
    settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=untimed)
    settings.load_profile("untimed")
    # All applications that are made share what is compiled, which is most of making one.
    Flask.jinja_environment = _CompiledOnce


def pytest_generate_tests(metafunc):
    """Run what a module says holds over both backends over each, and what differs by its reason over one."""
    if "backend" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("over_both") is not None
        metafunc.parametrize("backend", BOTH if both else BOTH[:1], indirect=True, scope="session")


def pytest_collection_modifyitems(items):
    """Hold what differs over a cluster to differing there: what does not any more is no exception."""
    for item in items:
        marker = item.get_closest_marker("differs")
        if marker and getattr(item, "callspec", None) and item.callspec.params.get("backend") == BOTH[1]:
            item.add_marker(pytest.mark.xfail(reason=marker.args[0], strict=True))


def pytest_collection_finish():
    """Put aside what was collected: ten thousand tests are a million objects, and each index opened would look through them."""
    set_aside()


@pytest.fixture
def open_folder():
    """Give a folder that an ordinary user can reach; pytest's own are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path, folders, _ in os.walk(folder):
        for name in folders:
            Path(path, name).chmod(0o700)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory):
    """The index of the corpus that the product ships with."""
    index = tmp_path_factory.mktemp("seed") / "index"
    reindex(ROOT / "corpus", index)
    return index


@pytest.fixture(scope="session")
def labour_index(tmp_path_factory):
    """The index of the invented labour projects."""
    folder = tmp_path_factory.mktemp("labour")
    (folder / "corpus").mkdir()
    copy(LABOUR_FILE, folder / "corpus")
    reindex(folder / "corpus", folder / "index")
    return folder / "index"


@pytest.fixture(scope="session")
def large_index(tmp_path_factory):
    """The index of a corpus of real size: 20,000 projects of many years, scripts and grantees, some of them ugly."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # All processes of a run share one.
        root = root.parent
    with (root / "large.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        index = root / "large" / "index"
        return index if index.exists() else index_of(root / "large", list(large_corpus()))


@pytest.fixture(scope="session")
def backend(request):
    """What holds the index: `application(index)` and `engine(index)` answer from it."""
    return OneMachine() if request.param == BOTH[0] else OverCluster(request.getfixturevalue("node"))


@pytest.fixture(scope="session")
def app(backend, seed_index):
    return backend.application(seed_index)


@pytest.fixture(scope="session")
def labour_app(backend, labour_index):
    return backend.application(labour_index)


@pytest.fixture
def client(app):
    """A client over the shipped corpus: five projects."""
    return app.test_client()


@pytest.fixture
def labour(labour_app):
    """A client over the invented corpus: sixty-two projects."""
    return labour_app.test_client()


@pytest.fixture
def runner():
    return CliRunner()


@pytest.fixture(scope="session")
def opensearch_home():
    """OpenSearch laid out for nodes; without Java and Maven the test is left out, in CI it fails."""
    from tests.opensearch import node as opensearch

    if absent := opensearch.missing():
        reason = f"{' and '.join(absent)} are not installed: nothing is tried over OpenSearch"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = opensearch.node_folder()
    try:
        yield opensearch.lay_out(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def node(opensearch_home):
    """A running OpenSearch node."""
    from tests.opensearch.node import running

    with running(opensearch_home, 1) as (started,):
        yield started
