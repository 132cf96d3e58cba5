"""R13: standard streams that are closed, full, or read by nobody any more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.servers import free_port
from indexer.storage import generation
from tests.building import write_corpus
from tests.documents import SEED
from tests.reliability.serving import PATIENCE, Server, _end, alive, search, until

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")

# `true` ends at once, so that nobody reads what comes down the pipe.
TAKES_ALL = {
    "closed-output": ">&-",
    "closed-error": "2>&-",
    "all-closed": "<&- >&- 2>&-",
    "full-error": "2>/dev/full",
    "nobody-reads-output": "| true",
    "nobody-reads-error": "2>&1 >&- | true",
}


def run(program, *arguments, how=""):
    """Run a command of ours with streams as the shell is told to make them."""
    code = f"from {program}.cli import main; main()"
    # The shell waits until whoever reads is gone, and ends with the code of the command.
    script = f'set -o pipefail; (sleep 0.1; exec "$0" "$@") {how}'
    return subprocess.run(
        ["bash", "-c", script, sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@pytest.fixture
def folders(tmp_path):
    write_corpus(tmp_path / "corpus", SEED)
    return ["--corpus", tmp_path / "corpus", "--index", tmp_path / "index"]


@pytest.mark.parametrize("how", TAKES_ALL.values(), ids=TAKES_ALL)
def test_a_run_of_which_nobody_hears_is_done(folders, how):
    done = run("indexer", *folders, how=how)

    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    assert generation.verify(generation.current(folders[-1])).documents == len(SEED)


def test_a_report_that_cannot_be_written_says_what_was_done(folders):
    done = run("indexer", *folders, how=">/dev/full")
    first = generation.current_name(folders[-1])
    assert done.returncode == 74
    assert "standard output: No space left on device; the new generation is in place" in done.stderr

    checked = run("indexer", *folders, "--check", how=">/dev/full")
    assert checked.returncode == 74
    assert "the index is as it was" in checked.stderr

    assert run("indexer", *folders, "--full").returncode == 0
    back = run("indexer", *folders, "rollback", how=">/dev/full")
    assert back.returncode == 74
    assert f"{first} is current again" in back.stderr
    # Once more would undo it.
    assert "run it again" not in back.stderr
    assert generation.current_name(folders[-1]) == first


@pytest.mark.parametrize("command", [["info"], ["verify"], ["analyze", "labor"]], ids=lambda one: one[0])
def test_what_cannot_be_said_is_one_line(folders, command):
    run("indexer", *folders)
    told = run("indexer", *folders, *command, how=">/dev/full")

    assert (told.returncode, len(told.stderr.splitlines())) == (74, 1)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("indexer", ["--help"]),
        ("indexer", ["info", "--help"]),
        ("search_app", ["--help"]),
        ("search_app", ["--help-settings"]),
    ],
)
def test_help_that_cannot_be_written_is_one_line(program, arguments):
    told = run(program, *arguments, how=">/dev/full")

    assert (told.returncode, len(told.stderr.splitlines())) == (74, 1)
    assert "standard output: No space left on device" in told.stderr


@pytest.mark.parametrize("how", ["2>/dev/full", "<&- >&- 2>&-", "| nobody"])
def test_a_log_that_cannot_be_written_fails_no_request(seed_index, tmp_path, how):
    port = free_port()
    command = [sys.executable, "-c", "from search_app.cli import main; main()"]
    options = ["--port", str(port), "--workers", "1", "--index", str(seed_index)]
    piped = "|" in how
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        ["bash", "-c", f'exec "$0" "$@" {"" if piped else how}', *command, *options],
        stderr=writer if piped else subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    os.close(writer)
    server = Server(process, port, tmp_path / "log.txt")
    try:
        until(lambda: alive(server), "the server answers")
        assert [server.get(search(f"labor {number}")).status for number in range(3)] == [200] * 3
    finally:
        _end(process)
