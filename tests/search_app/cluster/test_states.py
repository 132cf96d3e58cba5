"""States that a cluster is not meant to be in: the server says which and what helps, and `reindex` mends them."""

import pytest

from indexer.build import reindex
from indexer.cluster import generations, mappings
from indexer.cluster.publishing import Options, publish
from indexer.errors import ClusterError, IndexFormatError, NoIndexError
from search_app.engine import following
from tests.building import index_of, write_corpus
from tests.conftest import application
from tests.documents import LABOUR

PROJECTS = [*LABOUR.values()]
OPTIONS = Options(replicas=0)


@pytest.fixture(autouse=True)
def always_looking(monkeypatch):
    """Look at the alias, and try to open what it names, with each request."""
    monkeypatch.setattr(following, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(following, "TRY_EVERY", 0.0)


def serving(node, name):
    app = application(
        "no-index-here",
        SEARCH_BACKEND="opensearch", SEARCH_CLUSTER_URL=node.url, SEARCH_CLUSTER_NAME=name, SEARCH_CACHE_MB=0,
    )  # fmt: skip
    return app.test_client()


def total(client):
    answer = client.get("/api/v1/search")
    return answer.json["total"] if answer.status_code == 200 else answer.status_code


def soon(client, expected):
    """Ask until a server has seen what happened: it looks while it answers."""
    return any(total(client) == expected for _ in range(200))


def changed(folder, cluster, projects, options=OPTIONS):
    """Publish an index of other projects, made in the same folder."""
    reindex(write_corpus(folder / "corpus", projects), folder / "index")
    return publish(folder / "index", cluster, options)


@pytest.mark.parametrize("number", [0, 1])
def test_a_corpus_of_hardly_anything(node, tmp_path, number):
    index = index_of(tmp_path, PROJECTS[:number])
    publish(index, node.cluster(f"few-{number}"), OPTIONS)
    here = application(index, SEARCH_CACHE_MB=0).test_client()
    there = serving(node, f"few-{number}")
    word = PROJECTS[0].title.split()[0]
    addresses = [
        "/", "/search", f"/search?q={word}", f"/search?q={word}*", f'/search?q="{word} {word}"', "/search?q=laobr~",
        f"/api/v1/suggest?q={word[:3]}", "/grantees", "/search.csv", "/search?sort=title&page=2", "/sitemap.xml",
        f"/project/{PROJECTS[0].id}", "/api/v1/search?active_year=2015-2019&status=active", "/readyz",
    ]  # fmt: skip
    for address in addresses:
        assert there.get(address).status_code == here.get(address).status_code, address
    assert total(there) == total(here)


def test_nothing_is_published_yet(node, tmp_path):
    client = serving(node, "later")
    answer = client.get("/api/v1/search?q=labor")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/no-index")
    assert "the cluster has no index later yet; run: reindex" in answer.json["detail"]
    assert client.get("/readyz").status_code == 503
    publish(index_of(tmp_path, PROJECTS), node.cluster("later"), OPTIONS)
    assert soon(client, len(PROJECTS))
    assert client.get("/readyz").status_code == 200


def test_what_another_version_published_serves_until_it_is_replaced(node, tmp_path, monkeypatch):
    cluster, index = node.cluster("older"), index_of(tmp_path, PROJECTS)
    with monkeypatch.context() as before:
        before.setattr(mappings, "LAYOUT", mappings.LAYOUT - 1)
        before.setattr(generations, "LAYOUT", mappings.LAYOUT)
        old = publish(index, cluster, OPTIONS).generation.index
    with pytest.raises(IndexFormatError, match=r"of another version .* run: reindex"):
        generations.current(cluster)
    client = serving(node, "older")
    assert "of another version" in client.get("/api/v1/search?q=labor").json["detail"]
    # The folder did not change: the same generation is published anew, beside the one that others serve from.
    kept, swap = [], generations.swap

    def _noting(*of):
        kept.extend(cluster.ask("GET", old))
        swap(*of)

    with monkeypatch.context() as noting:
        noting.setattr(generations, "swap", _noting)
        new = publish(index, cluster, OPTIONS)
    assert kept == [old]
    assert (new.sent, new.generation.index) == (len(PROJECTS), f"{old}-2")
    assert soon(client, len(PROJECTS))
    changed(tmp_path, cluster, PROJECTS[1:])
    assert old not in cluster.ask("GET", "older-2*")


@pytest.mark.parametrize("what", ["index", "alias"])
def test_what_is_deleted_under_a_server(node, tmp_path, what):
    cluster, index = node.cluster(f"deleted-{what}"), index_of(tmp_path, PROJECTS)
    found = publish(index, cluster, OPTIONS).generation
    client = serving(node, cluster.name)
    assert total(client) == len(PROJECTS)
    if what == "index":
        generations.delete(cluster, found.index, found.facts_index)
        answer = client.get("/api/v1/search?q=labor+courts")
        assert (answer.status_code, answer.json["type"]) == (503, "/problems/cluster-gone")
        assert client.get("/readyz").status_code == 503
    else:
        # What is open goes on; only one that starts now has nothing to open.
        cluster.ask("DELETE", f"{found.index}/_alias/{cluster.name}", seconds=60)
        assert total(client) == len(PROJECTS)
        with pytest.raises(NoIndexError):
            generations.current(cluster)
    assert publish(index, cluster, OPTIONS) is not None
    assert soon(client, len(PROJECTS))
    assert client.get("/readyz").status_code == 200


def test_an_alias_of_two_indexes(node, tmp_path):
    cluster, index = node.cluster("two"), index_of(tmp_path, PROJECTS)
    first = publish(index, cluster, OPTIONS).generation
    second = changed(tmp_path, cluster, PROJECTS[1:]).generation
    add = {"add": {"index": first.index, "alias": "two"}}
    cluster.ask("POST", "_aliases", {"actions": [add]}, seconds=60)
    with pytest.raises(
        ClusterError, match=f"two in the cluster names {second.index} and {first.index}; run: reindex"
    ):
        generations.current(cluster)
    client = serving(node, "two")
    assert client.get("/readyz").status_code == 503
    assert publish(tmp_path / "index", cluster, OPTIONS) is None
    assert generations.current(cluster).index == second.index
    assert soon(client, len(PROJECTS) - 1)


def test_an_alias_of_what_is_not_ours_is_left_alone(node, tmp_path):
    cluster, index = node.cluster("theirs"), index_of(tmp_path, PROJECTS)
    cluster.ask("PUT", "theirs", {}, seconds=60)
    for ask in (generations.current, lambda one: publish(index, one, OPTIONS)):
        with pytest.raises(
            ClusterError, match="that reindex did not make; choose another SEARCH_CLUSTER_NAME"
        ):
            ask(cluster)
    assert list(cluster.ask("GET", "theirs*")) == ["theirs"]


def test_the_words_of_a_generation_are_missing(node, tmp_path):
    cluster, index = node.cluster("wordless"), index_of(tmp_path, PROJECTS)
    found = publish(index, cluster, OPTIONS).generation
    generations.delete(cluster, found.facts_index)
    client = serving(node, "wordless")
    assert client.get("/readyz").status_code == 503
    with pytest.raises(ClusterError, match="are not whole; run: reindex --full"):
        following.open_backend(cluster, found)
    new = publish(index, cluster, Options(replicas=0, full=True))
    assert new.generation.index != found.index
    assert soon(client, len(PROJECTS))
