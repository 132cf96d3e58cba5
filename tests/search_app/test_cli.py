"""The server's own process: with which memory it starts, so that pages once mapped stay for the next search."""

import json
import os
import platform
import re
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli import main as reindex_main
from search_app.cli import ALLOCATOR, FILES, application, main
from search_app.web.serving import worker
from tests.documents import ROOT
from tests.reliability.serving import serving, until

GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator is not glibc's")

# Prints how often a page of memory had to be mapped in later rounds.
MAKES_ARRAYS = """
import resource
import numpy as np

for turn in range(20):
    if turn == 10:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [np.ones(100_000) for _ in range(10)]
    del held
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(environment):
    others = {name: value for name, value in os.environ.items() if name not in ALLOCATOR}
    done = subprocess.run(
        [sys.executable, "-c", MAKES_ARRAYS],
        env=others | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


@GLIBC
def test_arrays_of_later_searches_take_the_memory_of_earlier_ones():
    assert faults(ALLOCATOR) < 100 < faults({})


def begun_with(pid):
    """Return what of ALLOCATOR a process had in its environment when its program started."""
    pairs = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").split("\0")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if name in ALLOCATOR}


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc")
@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="nothing-set"),
        pytest.param({"MALLOC_ARENA_MAX": "2"}, id="one-set-by-the-operator"),
    ],
)
def test_workers_start_with_the_settings_of_the_allocator(seed_index, tmp_path, monkeypatch, given):
    for name in ALLOCATOR:
        monkeypatch.delenv(name, raising=False)

    with serving(seed_index, tmp_path / "log", **given) as server:
        workers = server.workers()

        assert len(workers) == 2
        assert [begun_with(worker) for worker in workers] == [ALLOCATOR | given] * 2


def test_a_worker_that_does_not_answer_yet_is_stopped_at_once(seed_index, monkeypatch):
    """It has from the server's own process what that does with SIGTERM, which would be lost in a worker."""
    monkeypatch.setenv("SEARCH_INDEX_DIR", str(seed_index))
    monkeypatch.setattr(worker, "warm", lambda _: signal.getsignal(signal.SIGTERM))
    monkeypatch.setattr(worker, "follow", lambda handler: handler)
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        assert application() is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_workers_end_with_a_server_that_is_killed_and_all_it_told_is_json(seed_index, tmp_path):
    def listened_to():
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", server.port)) == 0

    with serving(seed_index, tmp_path / "log", SEARCH_LOG_FORMAT="json") as server:
        server.process.kill()
        server.process.wait()

        until(lambda: not listened_to(), "its port is free")
        # Whoever reads the log as JSON reads all of it: of requests, of workers, of the start.
        told = [json.loads(line) for line in server.told().splitlines()]

    assert {"/healthz"} < {line.get("route", line.get("message")) for line in told}
    assert all(line["time"].endswith("Z") for line in told)


@pytest.mark.parametrize("name", ["Dockerfile", "search-app.service"])
def test_deployments_set_the_allocator_themselves(name):
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")

    assert dict(re.findall(r"(MALLOC_\w+)=(\d+)", text)) == ALLOCATOR


def second(port, *options):
    """Start a server on a port that is taken, and return how it ended."""
    command = [sys.executable, "-c", "from search_app.cli import main; main()", "--port", str(port), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_second_server_on_a_port_is_sent_away(seed_index, tmp_path):
    with serving(seed_index, tmp_path / "log.txt", workers=1) as server:
        for host in ("127.0.0.1", "0.0.0.0"):
            ended = second(server.port, "--host", host, "--index", str(tmp_path))
            assert (ended.returncode, ended.stdout) == (69, "")
            assert (
                ended.stderr
                == f"Cannot listen on {host}:{server.port}: Address already in use; pass another --host or --port.\n"
            )
        answers = [server.get("/api/v1/search").json()["index"]["documents"] for _ in range(20)]
    assert answers == [5] * 20


def test_more_workers_than_files_may_be_open_are_not_blamed_on_the_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    few = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); "
    ended = subprocess.run(
        [sys.executable, "-c", few + "from search_app.cli import main; main()"],
        env={**os.environ, **ALLOCATOR, "SEARCH_INDEX_DIR": str(tmp_path), "SEARCH_WORKERS": "100"}
        | {"SEARCH_PORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 69
    assert ended.stderr.endswith(": Too many open files; pass fewer --workers.\n")


@pytest.mark.parametrize(("few", "most", "then"), [(64, 128, 128), (64, 20_000, FILES), (128, 128, 128)])
def test_as_many_files_are_open_as_connections_may_be(few, most, then):
    if most > resource.getrlimit(resource.RLIMIT_NOFILE)[1]:
        pytest.skip("this machine allows fewer")
    code = f"import resource; limit = resource.RLIMIT_NOFILE; resource.setrlimit(limit, ({few}, {most})); "
    code += "from search_app.cli import settle_files; settle_files(); print(*resource.getrlimit(limit))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(then), str(most)]


def test_a_port_of_another_program_is_left_to_it():
    for shares in (0, 1):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shares)
            other.bind(("127.0.0.1", 0))
            other.listen()
            assert second(other.getsockname()[1]).returncode == 69


def test_an_address_of_another_machine_is_one_line():
    ended = second(8000, "--host", "192.0.2.1")
    assert (ended.returncode, ended.stderr.count("\n")) == (69, 1)


def test_help_lists_every_exit_code():
    text = CliRunner().invoke(main, ["--help"]).stdout
    for code in (0, 2, 69):
        assert f"\n  {code:>5}  " in text


def test_options_of_reindex_are_told_to_be_so():
    own = {name for option in main.params for name in option.opts}
    theirs = {name for option in reindex_main.params for name in option.opts} - own
    for name in theirs:
        ended = CliRunner().invoke(main, [name, "x"])
        assert (ended.exit_code, "it is an option of reindex" in ended.output) == (2, True)
    told = reindex_main.elsewhere
    assert set(told) == own - {name for option in reindex_main.params for name in option.opts}


def test_a_folder_alone_is_told_how_to_be_served():
    ended = CliRunner().invoke(main, ["somewhere"])
    assert (ended.exit_code, "pass --index DIR" in ended.output) == (2, True)
