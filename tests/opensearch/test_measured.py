"""What is measured over a cluster is the same work as on one machine."""

from dataclasses import replace

import click
import pytest

from bench import cluster, publishing_memory
from bench.engines import UnavailableError
from bench.ours import Ours
from bench.peer_cluster import OverCluster
from bench.publishing import measure
from bench.queries import Sample, draw
from bench.workspace import changed, generated
from indexer.cluster.client import Access
from indexer.cluster.publishing import Options

SIZE = 200


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return generated(tmp_path_factory.mktemp("bench"), SIZE)


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
