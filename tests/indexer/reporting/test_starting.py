"""A command that is stopped while it loads ends at once, with its exit code, and Python says nothing."""

import os
import signal
import subprocess
import sys
import tomllib

import pytest

from search_app.cli import ALLOCATOR
from tests.documents import ROOT

SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
# Starts a command as its script does, and sends itself a signal when it imports a module or begins again.
STOPPED_AT = """
import os, sys
from {module} import {function}

def listen(event, arguments):
    if (event == "import" and arguments[0] == {at!r}) or event == {at!r}:
        os.kill(os.getpid(), {signal:d})

sys.addaudithook(listen)
{function}()
"""
REINDEX_LOADS = ["click", "indexer.cli", "indexer.build", "numpy", "whoosh.fields", "indexer.build.writing"]
SERVER_LOADS = ["click", "search_app.cli", "search_app.config", "granian", "search_app.web.serving.listening"]


def stopped(command, number, at, *arguments):
    """Return how a command ends that gets a signal when it imports `at`, or at that event, and what it says."""
    module, function = SCRIPTS[command].split(":")
    code = STOPPED_AT.format(module=module, function=function, at=at, signal=number)
    others = {name: value for name, value in os.environ.items() if name not in ALLOCATOR}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=others, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
    ids=["ctrl-c", "sigterm"],
)
@pytest.mark.parametrize("at", REINDEX_LOADS)
def test_a_reindex_stopped_while_it_loads_says_so_in_a_line(at, number, code, told, tmp_path):
    (tmp_path / "corpus").mkdir()
    folders = ("--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index"))
    assert stopped("reindex", number, at, *folders) == (code, f"reindex: {told}\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("at", SERVER_LOADS)
def test_a_server_stopped_while_it_loads_was_told_to_stop(at, number, tmp_path):
    # Listened at only when all is loaded.
    assert stopped("search-app", number, at, "--port", "1", "--index", str(tmp_path)) == (0, "")


@pytest.mark.parametrize(("command", "code"), [("reindex", 130), ("search-app", 0)])
def test_a_help_that_is_stopped_while_it_loads_ends_the_same_way(command, code):
    assert stopped(command, signal.SIGINT, "click", "--help")[0] == code


def test_what_runs_in_the_background_goes_on_ignoring_ctrl_c():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code, told = stopped("reindex", signal.SIGINT, "click", "--help")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (code, told.startswith("Usage: ")) == (0, True)


def test_a_signal_that_comes_as_the_server_begins_again_waits_for_it(tmp_path):
    assert stopped("search-app", signal.SIGINT, "os.exec", "--port", "1", "--index", str(tmp_path)) == (0, "")
