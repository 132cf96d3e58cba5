"""Requests to a cluster: whichever node answers, and one line for whatever goes wrong."""

import json
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from indexer.cluster.client import Access, Cluster
from indexer.errors import ClusterError, ClusterGoneError


@contextmanager
def server(status=200, body=b"{}", context=None):
    """Give the address of a server that answers everything alike, and the requests that it got."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            got.append((self.path, self.headers.get("Authorization")))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if context is not None:
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{httpd.server_port}", got
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


# Nothing listens on the port that is given away.
GONE = "http://127.0.0.1:9"


def test_the_next_node_answers_for_one_that_is_gone():
    with server(body=b'{"ok":1}') as (url, got):
        cluster = Cluster(Access((GONE, url)))
        for _ in range(4):
            assert cluster.get("x", a="1") == {"ok": 1}
    assert got == [("/x?a=1", None)] * 4


def test_a_node_that_is_starting_is_passed_over():
    with server(503) as (starting, _), server(body=b'{"ok":1}') as (url, _):
        assert Cluster(Access((starting, url))).get("x") == {"ok": 1}
        with pytest.raises(ClusterGoneError, match="answers 503"):
            Cluster(Access((starting,))).get("x")


def test_user_and_password_are_sent_and_never_told():
    access = Access((GONE,), user="reader", password="geheim")
    assert "geheim" not in repr(access)
    refusal = json.dumps({"error": "Unauthorized"}).encode()
    with (
        server(401, refusal) as (url, got),
        pytest.raises(ClusterError, match="user or password are not accepted") as caught,
    ):
        Cluster(Access((url,), user="reader", password="geheim")).get("x")
    assert "geheim" not in str(caught.value)
    assert got[0][1].startswith("Basic ")


REFUSALS = {
    "nothing there": ((GONE,), "does not answer"),
    "no address": (("localhost:9200",), "is no address of a cluster"),
    "another scheme": (("ftp://x",), "is no address of a cluster"),
    "a password in the address": (("https://a:b@x",), "SEARCH_CLUSTER_USER"),
    "none": ((), "set SEARCH_CLUSTER_URL"),
}


@pytest.mark.parametrize(("urls", "line"), REFUSALS.values(), ids=REFUSALS)
def test_one_line_for_each_wrong_address(urls, line):
    with pytest.raises(ClusterError, match=line) as caught:
        Cluster(Access(urls)).get("x")
    assert "\n" not in str(caught.value)


def test_what_is_no_cluster_is_told():
    with server(body=b"<html>") as (url, _), pytest.raises(ClusterError, match="no OpenSearch cluster"):
        Cluster(Access((url,))).get("x")


def test_the_reason_of_a_refusal_is_told_in_one_line():
    body = json.dumps({"error": {"root_cause": [{"reason": "no such\nindex"}]}}).encode()
    with server(404, body) as (url, _), pytest.raises(ClusterError, match="no such index"):
        Cluster(Access((url,))).get("x")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_a_certificate_is_trusted_only_where_it_is_named(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with server(body=b'{"ok":1}', context=context) as (url, _):
        with pytest.raises(ClusterError, match="its certificate is not trusted"):
            Cluster(Access((url,))).get("x")
        named = Access((url,), ca_file=str(certificate / "cert.pem"))
        assert Cluster(named).get("x") == {"ok": 1}
