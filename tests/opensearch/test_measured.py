"""What is measured over a cluster is the same work as on one machine."""

from dataclasses import replace

import click
import pytest

from bench import cluster, publishing_memory
from bench.build import build
from bench.engines import CLUSTER, OURS, UnavailableError, processor_elsewhere
from bench.ours import Ours
from bench.peer_cluster import OverCluster, engine_over
from bench.publishing import measure
from bench.queries import Sample, draw
from bench.search import Extent, compare
from bench.workspace import changed, generated, index_of, place_of
from indexer.cluster.client import Access
from indexer.cluster.publishing import Options
from tests.indexer.text.meaning.letters import LETTERS, named

SIZE = 200


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return generated(tmp_path_factory.mktemp("bench"), SIZE)


def test_what_a_build_has_left_is_searched_and_the_nodes_count_too(node, corpus, monkeypatch):
    monkeypatch.setenv("SEARCH_CLUSTER_URL", node.url)
    # In this process, and without waiting for figures that nobody compares.
    monkeypatch.setattr("bench.build.apart", lambda action, *given: action(*given))
    monkeypatch.setattr("bench.peer_cluster._LOOK", 0.0)
    engine = OverCluster()
    found = build(engine, corpus, kept=True)
    folder = place_of(corpus, engine)
    assert index_of(corpus, engine, keep=True) == folder
    # Ten changed projects were sent again, and the whole is as it was before.
    assert {one.documents for one in (found, engine_over(engine._cluster(folder)).info)} == {SIZE}
    assert found.size > engine.stored(folder) > 0
    assert processor_elsewhere(engine) > 0 == processor_elsewhere(Ours())
    (times,) = compare(corpus, ["cluster"], Extent(1, 1, 1, kept=True)).rounds
    assert list(times[OURS].totals.values()) == list(times[CLUSTER].totals.values())


def test_pages_are_timed_by_words_and_by_meaning(node, corpus, monkeypatch):
    model = named(monkeypatch, LETTERS)
    monkeypatch.setattr(cluster, "open_model", lambda _name: model)
    figures = cluster.measure(corpus, node.cluster("timed"), Options(replicas=0, full=True), 1, LETTERS)
    rows = {row[0]: row[1:] for row in cluster._table(figures, 1, 1).rows}
    assert len(rows) == 10
    assert rows["publishing, seconds of it for vectors"] == (None, figures["publish_vectors"])
    for what, kind in (("a page", ""), ("a page by meaning as well", "meaning_")):
        asked = figures[f"{kind}ours_own"], figures[f"{kind}cluster_own"]
        assert rows[f"processor time of {what} here, ms, median"] == asked
        asked = None, figures[f"{kind}cluster_nodes"]
        assert rows[f"processor time of {what} in the nodes, ms, mean"] == asked
        asked = figures[f"{kind}ours_waited"], figures[f"{kind}cluster_waited"]
        assert rows[f"time waited for {what}, ms, median"] == asked
    assert figures["publish_vectors"] < figures["publish_seconds"]


def test_the_engine_over_a_cluster_gives_the_pages_of_ours(node, corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("SEARCH_CLUSTER_URL", node.url)
    engines, edited = (Ours(), OverCluster()), changed(corpus, 0.1, 1)
    for number, engine in enumerate(engines):
        engine.build(corpus.folder, tmp_path / str(number))
        engine.update(edited.folder, tmp_path / str(number))
    with engines[0].open(tmp_path / "0") as ours, engines[1].open(tmp_path / "1") as theirs:
        for query in draw(Sample.of(edited.read()), 1):
            here, there = ours(query), theirs(query)
            assert (there.total, there.years) == (here.total, here.years)


def test_without_a_node_there_is_no_such_engine(monkeypatch):
    monkeypatch.delenv("SEARCH_CLUSTER_URL", raising=False)
    with pytest.raises(UnavailableError, match="SEARCH_CLUSTER_URL"):
        OverCluster()


def test_publishing_is_measured_whole_changed_and_rolled_back(node, corpus):
    found = measure(corpus, Access((node.url,), "measured"), 1, 0, 1)
    assert (found.whole.sent, found.changed.sent) == (SIZE, 10)
    assert max(found.whole.held.values()) > 0
    assert found.searches > 0
    assert found.same[2] == found.searches


def test_the_memory_of_publishing_is_told_by_stages(node, corpus):
    found = publishing_memory.measure(corpus, Access((node.url,), "memory"), Options(full=True))
    assert set(found.stages) == set(publishing_memory.STAGES) - {"sending vectors"}
    rows = found.rows()
    assert rows[publishing_memory.AT_MOST] == max(found.stages.values()) > 0
    assert rows[publishing_memory.BUILDING] > 0
    index, there = corpus.place / publishing_memory.INDEX, node.cluster("memory")
    assert cluster.pages(corpus, index, there, 1)["documents"] == SIZE
    with pytest.raises(click.ClickException, match="does not have the 201 projects"):
        cluster.pages(replace(corpus, projects=SIZE + 1), index, there, 1)
