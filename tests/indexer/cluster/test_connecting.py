"""Every way in which there is no cluster to work with: one line that says what to do, for both commands."""

import json
import socket
import ssl
import subprocess
import sys

import pytest

from indexer import cli as reindex_cli
from indexer.cluster.client import Access, Cluster
from indexer.errors import ClusterError
from search_app import cli as server_cli
from tests.documents import ROOT
from tests.opensearch.node import free_port
from tests.opensearch.standin import NODE, Certificates, context_of, server

SECRET = "geheim"
LOOPBACK = "subjectAltName=IP:127.0.0.1"
DENIED = {
    "type": "security_exception",
    "reason": "no permissions for [cluster:monitor/main] and User [name=reader, backend_roles=[]]",
}


def of_version(**version):
    return json.dumps({"version": version}).encode()


# What a server answers, and what is said of that.
ANSWERS = {
    "a page of something else": (200, b"<html>", "is no OpenSearch cluster"),
    "nothing of something else": (404, b"<html>", "is no OpenSearch cluster"),
    "another page": (301, b"<html>", "is no OpenSearch cluster"),
    "an answer of something else": (200, b"[1]", "is no OpenSearch"),
    "too old": (
        200,
        of_version(distribution="opensearch", number="2.11.1"),
        "is OpenSearch 2.11.1; 2.19 or newer is needed",
    ),
    "Elasticsearch": (
        200,
        json.dumps({"version": {"number": "8.1.0"}, "tagline": "You Know, for Search"}).encode(),
        "is Elasticsearch 8.1.0; OpenSearch 2.19 or newer is needed",
    ),
    "a refused password": (401, b"Unauthorized", "does not accept user reader with this password"),
    "a right that is missing": (
        403,
        json.dumps({"error": {"root_cause": [DENIED]}}).encode(),
        "user reader lacks the right cluster:monitor/main",
    ),
    "a refusal without a reason": (403, b"", "user reader lacks a right for GET /"),
    "starting": (503, b"OpenSearch Security not initialized.", "the cluster cannot do that now"),
}
ADDRESSES = {
    "no address": ("localhost:9200", "'localhost:9200' is no address of a cluster"),
    "no text of an address": ("http://[::1", "is no address of a cluster"),
    "no port": ("https://x:port", "is no address of a cluster"),
    "another scheme": ("ftp://x", "'ftp://x' is no address of a cluster"),
    "a password in the address": (f"https://reader:{SECRET}@x", "set SEARCH_CLUSTER_USER"),
    "a password in what is none": (f"reader:{SECRET}@x", "'x' is no address of a cluster"),
}


@pytest.fixture
def lines(monkeypatch, tmp_path, runner):
    """Ask for a cluster as `reindex` and as `search-app` do; give what each says, and its exit code."""
    monkeypatch.setattr(server_cli, "settle_allocator", lambda: None)
    (tmp_path / "corpus").mkdir()

    def _lines(url, **settings):
        environment = {
            "SEARCH_CLUSTER_URL": url,
            "SEARCH_BACKEND": "opensearch",
            "SEARCH_CLUSTER_USER": "reader",
            "SEARCH_CLUSTER_PASSWORD": SECRET,
            "SEARCH_CORPUS_DIR": str(tmp_path / "corpus"),
            "SEARCH_INDEX_DIR": str(tmp_path / "index"),
            **{f"SEARCH_CLUSTER_{name}": str(value) for name, value in settings.items()},
        }
        found = []
        for command in (reindex_cli.main, server_cli.main):
            result = runner.invoke(command, env=environment)
            assert isinstance(result.exception, SystemExit), result.exception
            assert SECRET not in result.output
            told = result.stderr.strip().splitlines()
            assert len(told) == 1, told
            found.append((told[0], result.exit_code))
        return found

    return _lines


def both_say(lines, line, code):
    (first, first_code), (second, second_code) = lines
    assert first.startswith("reindex: ")
    assert second.startswith("search-app: ")
    assert line in first
    assert line in second
    assert first_code == second_code == code


@pytest.mark.parametrize(("url", "line"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_is_none(lines, url, line):
    both_say(lines(url), line, 2)


@pytest.mark.parametrize(
    "name", ["Projects", "a b", "a,b", "*", "_all", "-x", "a/../b", "a*", "<x-{now/d}>", "ä" * 101, "."]
)
def test_a_name_that_no_index_can_have(lines, name):
    both_say(lines("http://127.0.0.1:9", NAME=name), f"{name!r} is no name of an index", 2)


@pytest.mark.parametrize(
    ("status", "body", "line"), [one for one in ANSWERS.values() if one[0] != 503],
    ids=[name for name, one in ANSWERS.items() if one[0] != 503],
)  # fmt: skip
def test_what_answers_is_no_cluster_for_us(lines, status, body, line):
    with server(status, body) as (url, _):
        both_say(lines(url), line, 69)


def test_nobody_is_asked_for(lines):
    with server(401, b"Unauthorized") as (url, _):
        both_say(lines(url, USER=""), "asks for a user; set SEARCH_CLUSTER_USER", 69)


NOT_THERE = {
    "no such host": (lambda: "https://nowhere.invalid:9200", "there is no host nowhere.invalid"),
    "a closed port": (lambda: f"http://127.0.0.1:{free_port()}", "is a node running there?"),
}


@pytest.fixture
def listens_already():
    """A port that is taken: a server that would start ends there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


@pytest.mark.parametrize(("url", "line"), NOT_THERE.values(), ids=NOT_THERE)
def test_a_cluster_that_may_come_is_waited_for_by_the_server_alone(
    runner, monkeypatch, tmp_path, listens_already, url, line
):
    monkeypatch.setattr(server_cli, "settle_allocator", lambda: None)
    environment = {"SEARCH_CLUSTER_URL": url(), "SEARCH_BACKEND": "opensearch"}
    (tmp_path / "corpus").mkdir()
    folders = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]
    result = runner.invoke(reindex_cli.main, folders, env=environment)
    assert result.exit_code == 69
    assert len(result.stderr.splitlines()) == 1
    assert line in result.stderr
    result = runner.invoke(server_cli.main, ["--port", listens_already], env=environment)
    said = result.stderr.splitlines()
    assert line in said[0]
    assert said[0].endswith("pages begin when it does")
    assert said[1].startswith("Cannot listen on")


def test_a_cluster_that_refuses_after_the_build_leaves_the_folder_up_to_date_and_says_so(runner, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.jsonl").write_text('{"title": "Safe mines"}\n')
    folders = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]
    with server(200, NODE) as (url, _):
        result = runner.invoke(reindex_cli.main, folders, env={"SEARCH_CLUSTER_URL": url})
    assert result.exit_code == 69
    *_, line = result.stderr.splitlines()
    assert line.startswith("reindex: what answers at http://127.0.0.1:")
    assert line.endswith("; the index folder is up to date; run reindex again for the cluster")
    assert (tmp_path / "index" / "CURRENT").exists()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def secured(certificates):
    """The address of a server with TLS."""
    shown = certificates.signed("node", "/CN=node1", LOOPBACK)
    with server(200, NODE, context_of(shown)) as (url, _):
        yield url


def test_a_certificate_is_trusted_only_where_it_is_named(lines, secured, certificates):
    both_say(lines(secured), "is not trusted", 69)
    Cluster(Access((secured,), ca_file=certificates.ca)).confirm()


def test_a_certificate_of_another_host(lines, certificates):
    shown = certificates.signed("other", "/CN=node2", "subjectAltName=DNS:node2")
    with server(200, NODE, context_of(shown)) as (url, _):
        both_say(lines(url, CA_FILE=certificates.ca), "is for another host", 69)


def test_files_that_are_not_as_they_must_be(lines, secured, certificates, tmp_path):
    nothing, empty = tmp_path / "nothing.pem", tmp_path / "empty.pem"
    empty.write_text("no certificate")
    both_say(lines(secured, CA_FILE=nothing), f"SEARCH_CLUSTER_CA_FILE: {nothing}: cannot be read", 2)
    both_say(lines(secured, CA_FILE=empty), f"{empty}: it has no certificates in PEM", 2)
    trusted = {"CA_FILE": certificates.ca}
    both_say(lines(secured, CERTIFICATE=nothing, **trusted), f"CERTIFICATE: {nothing}: cannot be read", 2)
    # The authority's certificate without its key.
    both_say(lines(secured, CERTIFICATE=certificates.ca, **trusted), "must have a certificate and its key", 2)


def test_the_certificate_of_a_client(lines, certificates, tmp_path):
    shown = certificates.signed("strict", "/CN=node1", LOOPBACK)
    mine = certificates.signed("reader", "/CN=reader", "keyUsage=digitalSignature")
    # Before TLS 1.3 a client is told in the handshake, after that perhaps only when it has asked.
    with server(200, NODE, context_of(shown, certificates.ca, ssl.TLSVersion.TLSv1_2)) as (url, _):
        both_say(lines(url, CA_FILE=certificates.ca), "name yours in SEARCH_CLUSTER_CERTIFICATE", 69)
        access = Access((url,), ca_file=certificates.ca, client_certificate=mine)
        Cluster(access).confirm()
        stranger = Certificates(tmp_path).signed("other", "/CN=other", "keyUsage=digitalSignature")
        both_say(
            lines(url, CA_FILE=certificates.ca, CERTIFICATE=stranger), "a certificate that it trusts", 69
        )


def test_a_certificate_that_is_missed_after_the_handshake(certificates):
    shown = certificates.signed("strict", "/CN=node1", LOOPBACK)
    with server(200, NODE, context_of(shown, certificates.ca)) as (url, _):
        for _ in range(10):
            with pytest.raises(ClusterError, match="SEARCH_CLUSTER_CERTIFICATE"):
                Cluster(Access((url,), ca_file=certificates.ca)).confirm()


def test_the_other_one_of_http_and_https(lines, secured):
    with server(200, NODE) as (url, _):
        both_say(
            lines(url.replace("http:", "https:")), "speaks no TLS; then its address begins with http://", 69
        )
    with pytest.raises(ClusterError, match="where it speaks TLS, its address begins with https://"):
        Cluster(Access((secured.replace("https:", "http:"),))).confirm()


def test_each_of_several_nodes_is_looked_at_and_one_may_be_away():
    gone = f"http://127.0.0.1:{free_port()}"
    with server(200, NODE) as (url, _), server(200, b"{}") as (other, _):
        Cluster(Access((gone, url))).confirm()
        with pytest.raises(ClusterError, match=f"{other} is no OpenSearch"):
            Cluster(Access((url, other))).confirm()


WITHOUT_EXTRA = """
import sys
sys.modules["urllib3"] = None
import {module}
assert not [name for name in sys.modules if "cluster" in name], sorted(sys.modules)
{module}.main({arguments})
"""


@pytest.mark.parametrize(
    ("module", "arguments"), [("indexer.cli", ["--cluster", "http://x"]), ("search_app.cli", [])]
)
def test_without_the_extra_nothing_is_imported_and_a_line_names_it(tmp_path, module, arguments):
    environment = {
        "SEARCH_BACKEND": "opensearch",
        "SEARCH_CLUSTER_URL": "http://127.0.0.1:9",
        "PYTHONPATH": str(ROOT),
    }
    environment |= server_cli.ALLOCATOR
    code = WITHOUT_EXTRA.format(module=module, arguments=arguments)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 2, run.stderr
    assert run.stderr.strip().splitlines() == [run.stderr.strip()]
    assert "pip install 'grant-search[cluster]'" in run.stderr


def test_without_the_extra_one_machine_is_served_and_built(tmp_path):
    code = f"""
import sys
sys.modules["urllib3"] = None
from indexer.build import reindex
from pathlib import Path
reindex(Path({str(ROOT / "corpus")!r}), Path("index"))
from search_app import create_app
page = create_app({{"SEARCH_INDEX_DIR": Path("index"), "SEARCH_LOG_FORMAT": "none"}}).test_client().get("/search?q=labor")
assert page.status_code == 200
assert not [name for name in sys.modules if name.startswith(("indexer.cluster", "search_app.cluster"))]
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
