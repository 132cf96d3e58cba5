"""D10 and D11 over real connections: names, stalled readers, a reload, a port that is taken."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

from bench.servers import HOST
from tests.reliability.serving import PATIENCE, Reader, search, serving, until

STALLED = 24
# More than one worker sends at once: the rest is told to come later, until the write timeout.
MOST_STALLED = 90
UNAVAILABLE = 69


def raw(port, request):
    """Send bytes and return the status that comes back."""
    with socket.create_connection((HOST, port), PATIENCE) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as answer:
            return int(answer.readline().split()[1])


REQUESTS = [
    pytest.param("GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example", 400, id="two hosts"),
    pytest.param("GET / HTTP/1.1\r\nHost: a.example\r\nHost: a.example", 400, id="the same twice"),
    pytest.param("GET / HTTP/1.1\r\nHost: a.example, b.example", 400, id="two in one"),
    pytest.param("GET / HTTP/1.1\r\nAccept: */*", 400, id="no host"),
    pytest.param("GET / HTTP/1.0\r\nAccept: */*", 200, id="no host in 1.0"),
    pytest.param("GET / HTTP/1.1\r\nHost: a.example", 200, id="one host"),
    pytest.param("GET /healthz HTTP/1.1\r\nHost: a.example\r\nHost: b.example", 200, id="health"),
    pytest.param("GET /search/ HTTP/1.1\r\nHost: a.example", 308, id="slash"),
    pytest.param(
        "GET /static/site.css HTTP/1.1\r\nHost: a.example\r\nRange: bytes=9999999-", 416, id="range"
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory, large_index):
    with serving(large_index, tmp_path_factory.mktemp("server") / "log.txt") as server:
        yield server


@pytest.mark.parametrize(("request_", "status"), REQUESTS)
def test_a_request_over_the_wire(server, request_, status):
    assert raw(server.port, f"{request_}\r\nConnection: close\r\n\r\n".encode()) == status


def stalled(port):
    """Ask for a file and read nothing of it, with little room on the way."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((HOST, port))
    connection.sendall(b"GET /search.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection


def file_of(server):
    """Ask for a file and read it."""
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/search.csv?q=grant")
        response = connection.getresponse()
        return response.status, response.read()


def test_stalled_readers_deny_files_to_nobody(server, figure):
    readers = [stalled(server.port) for _ in range(STALLED)]
    try:
        time.sleep(1)
        answers = [file_of(server) for _ in range(10)]
    finally:
        for reader in readers:
            reader.close()
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    figure(f"{STALLED} stalled readers: 10 of 10 files sent to others")


def test_stalled_readers_are_given_up(server, figure):
    readers = [stalled(server.port) for _ in range(MOST_STALLED)]
    try:
        time.sleep(1)
        # Every place may be taken: by and by all are free again.
        waited = until(lambda: [file_of(server)[0] for _ in range(8)] == [200] * 8, "files are sent", 60)
    finally:
        for reader in readers:
            reader.close()
    figure(f"{MOST_STALLED} stalled readers: files for others again after {waited:.0f} s at most")


def test_a_reload_refuses_nobody(labour_index, tmp_path, figure):
    with serving(labour_index, tmp_path / "log.txt", workers=1) as server:
        (old,) = server.workers()
        reader = Reader(server, [search("labour"), "/healthz"], pause=0.01, keep_bodies=False)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: old not in server.workers() and len(server.workers()) == 1, "the worker is replaced")
        answered = len(reader.answers)
        until(lambda: len(reader.answers) > answered, "the new one answers")
        reader.stop()
    assert reader.failures == []
    assert {answer.status for answer in reader.answers} == {200}
    figure(f"SIGHUP: {len(reader.answers):,} answers while the one worker was replaced, 0 refused")


def test_a_port_that_is_taken_is_told_at_once(server, labour_index):
    command = [sys.executable, "-c", "from search_app.cli import main; main()"]
    ran = subprocess.run(
        [*command, "--port", str(server.port), "--index", str(labour_index)],
        env=dict(os.environ), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip

    assert ran.returncode == UNAVAILABLE
    assert (
        ran.stderr
        == f"Cannot listen on {HOST}:{server.port}: Address already in use; pass another --host or --port.\n"
    )
    assert server.get("/healthz").status == 200
