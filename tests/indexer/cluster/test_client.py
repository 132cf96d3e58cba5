"""Requests to a cluster: whichever node answers, and one line for whatever goes wrong."""

import json
from types import SimpleNamespace

import pytest
import urllib3

from indexer.cluster import client
from indexer.cluster.client import Access, Cluster
from indexer.errors import ClusterError, ClusterGoneError
from tests.opensearch.standin import server

# Nothing listens on the port that is given away.
GONE = "http://127.0.0.1:9"


def test_the_next_node_answers_for_one_that_is_gone():
    with server(body=b'{"ok":1}') as (url, got):
        cluster = Cluster(Access((GONE, url)))
        for _ in range(4):
            assert cluster.get("x", a="1") == {"ok": 1}
    assert got == [("/x?a=1", None)] * 4


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_node_that_is_starting_or_has_lost_others_is_passed_over(status):
    with server(status) as (starting, _), server(body=b'{"ok":1}') as (url, _):
        assert Cluster(Access((starting, url))).get("x") == {"ok": 1}
        with pytest.raises(ClusterGoneError, match=f"answers {status}"):
            Cluster(Access((starting,))).get("x")


def test_user_and_password_are_sent_and_never_told():
    access = Access((GONE,), user="reader", password="geheim")
    assert "geheim" not in repr(access)
    refusal = json.dumps({"error": "Unauthorized"}).encode()
    with (
        server(401, refusal) as (url, got),
        pytest.raises(ClusterError, match="does not accept user reader") as caught,
    ):
        Cluster(Access((url,), user="reader", password="geheim")).get("x")
    assert "geheim" not in str(caught.value)
    assert got[0][1].startswith("Basic ")


def test_what_is_no_cluster_is_told():
    with server(body=b"<html>") as (url, _), pytest.raises(ClusterError, match="no OpenSearch cluster"):
        Cluster(Access((url,))).get("x")


def test_the_reason_of_a_refusal_is_told_in_one_line():
    body = json.dumps({"error": {"root_cause": [{"reason": "no such\nindex"}]}}).encode()
    with server(404, body) as (url, _), pytest.raises(ClusterError, match="no such index"):
        Cluster(Access((url,))).get("x")


@pytest.mark.parametrize("nodes", [1, 2, 3, 7])
@pytest.mark.parametrize("task", ["get", "confirm"])
def test_nodes_that_take_all_the_time_they_get_have_two_seconds_together(nodes, task, monkeypatch):
    now, waited = 1_000.0, []

    def _hang(_method, _url, *, timeout, **_options):
        nonlocal now
        longest = timeout.total or timeout.connect_timeout + timeout.read_timeout
        now += longest
        waited.append(longest)
        raise urllib3.exceptions.ReadTimeoutError(None, _url, "it hangs")

    monkeypatch.setattr(client.time, "monotonic", lambda: now)
    monkeypatch.setattr(client, "pool_of", lambda _access: SimpleNamespace(request=_hang))
    cluster = Cluster(Access(tuple(f"http://node{number}:9200" for number in range(nodes))))
    with pytest.raises(ClusterGoneError, match="in time"):
        cluster.get("x") if task == "get" else cluster.confirm()
    assert now - 1_000 <= 2
    assert len(waited) == nodes
