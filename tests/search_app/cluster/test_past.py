"""What happened to projects, over a cluster: told as the history beside the index tells it."""

from dataclasses import replace
from datetime import date

import pytest

from indexer.build import reindex
from indexer.cluster import generations
from indexer.cluster.publishing import Options, publish
from search_app.cluster import past
from search_app.cluster.opening import open_backend
from search_app.engine.search import SearchEngine
from search_app.request import ChangesRequest, Period, SearchRequest
from tests.building import index_of, write_corpus
from tests.documents import LABOUR
from tests.search_app.engine.test_past import moved

PROJECTS = [*LABOUR.values()]
RUNS = [
    PROJECTS[5:],
    [replace(one, title=f"{one.title} again") if number % 4 == 0 else one for number, one in enumerate(PROJECTS[2:])],
    PROJECTS[:40],
    [*PROJECTS[:30], *PROJECTS[38:50], replace(PROJECTS[31], description="Nothing that was said before.")],
]  # fmt: skip


@pytest.fixture(scope="module")
def backends(node, tmp_path_factory):
    """The same index, whose projects came, changed, went and came back, on this machine and in a cluster."""
    folder = tmp_path_factory.mktemp("past")
    for projects in RUNS:
        reindex(write_corpus(folder / "corpus", projects), folder / "index")
        if projects is RUNS[0]:
            # Longer ago than what happened is kept one by one.
            moved(folder / "index", 400)
    cluster = node.cluster("past")
    publish(folder / "index", cluster, Options(replicas=0))
    return SearchEngine.open(folder / "index").backend, open_backend(cluster, generations.current(cluster))


def test_an_index_in_which_nothing_changed_yet_is_opened_and_counted(node, tmp_path):
    index, cluster = index_of(tmp_path, PROJECTS[:3]), node.cluster("unchanged")
    publish(index, cluster, Options(replicas=0))
    there = SearchEngine(open_backend(cluster, generations.current(cluster)))
    there.warm()
    asked = SearchRequest(facets=("added", "changed"))
    assert there.search(asked).facets == SearchEngine.open(index).search(asked).facets


def without_index(changes):
    return replace(changes, index=None)


TODAY = Period.parse(date.today().isoformat())
REQUESTS = [
    ChangesRequest(),
    ChangesRequest(per_page=7, page=3),
    ChangesRequest(page=99),
    ChangesRequest(kinds=("removed",)),
    ChangesRequest(kinds=("added", "changed"), per_page=500),
    ChangesRequest(first=TODAY, per_page=500),
    ChangesRequest(last=Period.parse("2001")),
    ChangesRequest(first=Period.parse("2001"), last=Period.parse("2002")),
    ChangesRequest(q="labor", per_page=500),
    ChangesRequest(q="labor -coffee", kinds=("changed",), per_page=500),
    ChangesRequest(q="again"),
    ChangesRequest(q="laobr zymurgy coffee"),
    ChangesRequest(q='"labor rights"'),
    ChangesRequest(q="labor AND (", per_page=500),
    ChangesRequest(q="zymurgy"),
]


@pytest.mark.parametrize("at_once", [1, 3, 5_000])
def test_every_page_of_changes_is_the_same(backends, monkeypatch, at_once):
    monkeypatch.setattr(past, "AT_ONCE", at_once)
    ours, theirs = backends
    assert theirs.since == ours.since is not None
    for request in REQUESTS:
        assert without_index(theirs.changes(request)) == without_index(ours.changes(request)), request
    assert ours.changes(ChangesRequest()).told_after is not None
    told = ours.changes(ChangesRequest(per_page=500)).events
    assert {one.kind for one in told} == {"added", "changed", "removed"}
    assert any(one.returned for one in told)
    assert any(not one.there for one in told)


def test_a_generation_that_was_published_without_its_past_tells_none(backends, node):
    _, theirs = backends
    cluster = node.cluster("past")
    found = generations.current(cluster)
    meta = {name: value for name, value in found.meta.items() if name not in ("past", "since")}
    older = open_backend(cluster, replace(found, meta=meta))
    assert older.since is None
    assert older.changes(ChangesRequest()).total == 0
    assert theirs.changes(ChangesRequest()).total > 0
