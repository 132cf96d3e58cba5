"""The service over a cluster: the same faces as over one machine, and honest answers while it is away."""

import time

import pytest

from indexer.cluster.publishing import Options, publish
from search_app.engine import following
from tests.conftest import application
from tests.test_hostile import PAYLOADS

ADDRESSES = [
    "/api/v1/search?q=labor&per_page=5",
    "/api/v1/search?q=child+labor&op=or&status=completed&sort=title",
    "/api/v1/search?q=laobr",
    "/api/v1/search?active_year=2015-2019&grantee=Verit%C3%A9",
    "/search.csv?q=labor&sort=title",
    "/search.jsonl?q=coffee",
    "/search.atom?q=labor",
    "/grantees",
    "/",
]


@pytest.fixture(scope="module")
def over_cluster(node, labour_index):
    """An application over the labour projects in a cluster."""
    publish(labour_index, node.cluster("serving"), Options(replicas=0))
    return application(
        labour_index.parent / "no-index-here",
        SEARCH_BACKEND="opensearch",
        SEARCH_CLUSTER_URL=node.url,
        SEARCH_CLUSTER_NAME="serving",
        SEARCH_CACHE_MB=0,
    ).test_client()


def without_time(answer):
    json = answer.json
    if json is None:
        return answer.data
    json.pop("took_ms", None)
    for hit in json.get("results", []):
        hit["score"] = round(hit["score"], 3)
    return json


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_face_is_the_same(over_cluster, labour, address):
    here, there = labour.get(address), over_cluster.get(address)
    assert there.status_code == here.status_code == 200
    if address.startswith("/api"):
        assert without_time(there) == without_time(here)
    else:
        assert len(there.data) == pytest.approx(len(here.data), rel=0.01)


def test_hostile_texts_break_nothing(over_cluster):
    for payload in PAYLOADS[::4]:
        for parameter in ("q", "grantee", "sort", "region"):
            assert over_cluster.get("/search", query_string={parameter: payload}).status_code in (200, 400)


def test_without_a_node_it_says_so_and_comes_back_by_itself(over_cluster, node):
    assert over_cluster.get("/readyz").status_code == 200
    node.kill()
    try:
        # One that starts now has nothing to begin with.
        late = application(
            "no-index-here",
            SEARCH_BACKEND="opensearch", SEARCH_CLUSTER_URL=node.url, SEARCH_CLUSTER_NAME="serving",
        ).test_client()  # fmt: skip
        assert [late.get(address).status_code for address in ("/search", "/readyz", "/healthz")] == [
            503,
            503,
            200,
        ]
        for address in ("/search?q=labor+courts", "/api/v1/search?q=courts", "/readyz"):
            answer = over_cluster.get(address)
            assert answer.status_code == 503, address
            assert int(answer.headers["Retry-After"]) > 0
        assert over_cluster.get("/healthz").status_code == 200
    finally:
        node.start()
    answer = over_cluster.get("/api/v1/search?q=courts")
    for _ in range(100):
        if answer.status_code == 200:
            break
        time.sleep(0.2)
        answer = over_cluster.get("/api/v1/search?q=courts")
    assert answer.json["total"] > 0
    time.sleep(following.TRY_EVERY)
    assert late.get("/api/v1/search?q=courts").json["total"] == answer.json["total"]
    assert late.get("/readyz").status_code == 200
    assert over_cluster.get("/readyz").status_code == 200
