"""By meaning over a cluster: the order, what is beside the hits and similar projects, as on one machine."""

import logging
import random
from dataclasses import replace

import pytest

from indexer.build import BuildOptions, reindex
from indexer.cluster import generations
from indexer.cluster.publishing import Options, publish
from indexer.errors import ClusterError
from search_app.cluster import meaning as over_cluster
from search_app.cluster.opening import open_backend
from search_app.engine.following import ClusterEngine
from search_app.engine.search import SearchEngine
from search_app.query.meaning import lifting, nearness
from search_app.request import Filters, SearchRequest
from tests.building import index_of, write_corpus
from tests.documents import LABOUR, SEED
from tests.indexer.text.meaning.letters import LETTERS, counting, named
from tests.search_app.cluster.test_same_answers import FINE, generated

TEXTS = sorted(FINE)
REQUESTS = [
    *(SearchRequest(q=text, per_page=20) for text in TEXTS),
    *(SearchRequest(q=f"{one} {other}", op="or", explain=True) for one in TEXTS[:3] for other in TEXTS[4:7]),
    *(SearchRequest(q=f"{text} quartz", explain=True) for text in TEXTS[:4]),
    SearchRequest(q="children mines", filters=Filters.of({"grantee": ("ILO",)})),
    SearchRequest(q="schools without teachers", filters=Filters.of({"grantee_not": ("ILO",)})),
    SearchRequest(q="coffee", sort="-start_date"),
    SearchRequest(q='"labor"'),
    SearchRequest(q="coffee", page=3, per_page=7),
    SearchRequest(q="zymurgy qwxz"),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    rng = random.Random(23)
    with pytest.MonkeyPatch.context() as patch:
        named(patch, LETTERS)
        projects = [*SEED, *LABOUR.values(), *(generated(rng, number) for number in range(300))]
        return index_of(tmp_path_factory.mktemp("meaning"), projects, BuildOptions(meaning=LETTERS))


@pytest.fixture(scope="module")
def published(node, index):
    """The generation in the cluster."""
    cluster = node.cluster("meaning")
    publish(index, cluster, Options(shards=2, replicas=0))
    return cluster, generations.current(cluster)


@pytest.fixture(scope="module")
def engines(published, index):
    """The same projects on this machine and in a cluster, both by meaning."""
    backend = open_backend(*published, counting())
    return (
        SearchEngine.open(index, answers=0, model=counting()),
        SearchEngine(backend, answers=0, by_meaning=backend.meaning is not None),
    )


def hits(found):
    return [
        (
            hit.project.id,
            pytest.approx(hit.score, rel=1e-4),
            hit.meaning,
            [part.name for part in hit.explanation],
        )
        for hit in found.hits
    ]


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: f"{asked.q} {asked.sort} {asked.page}")
def test_a_search_is_answered_the_same(engines, asked):
    here, there = (engine.search(asked) for engine in engines)
    assert there.total == here.total
    assert hits(there) == hits(here)
    assert [(one.project.id, one.sentence, one.status) for one in there.related] == [
        (one.project.id, one.sentence, one.status) for one in here.related
    ]
    assert [one.score for one in there.related] == pytest.approx([one.score for one in here.related])


def test_something_was_lifted_and_something_is_beside(engines):
    found = [engines[1].search(asked) for asked in REQUESTS]
    assert any(
        part.name == "close in meaning" for one in found for hit in one.hits for part in hit.explanation
    )
    assert sum(bool(one.related) for one in found) >= 4


def test_pages_files_and_neighbours_are_cut_out_of_one_order(engines, monkeypatch):
    monkeypatch.setattr(over_cluster, "POOL", 9)
    monkeypatch.setattr(lifting, "POOL", 9)
    engine = engines[1]
    for text in TEXTS[:4]:
        request = SearchRequest(q=text, per_page=4)
        every = [hit.project.id for hit in engine.every_hit(request)]
        pages = engine.search(request).pages
        paged = [
            hit.project.id
            for page in range(1, pages + 1)
            for hit in engine.search(replace(request, page=page)).hits
        ]
        assert len(every) > 9
        assert paged == every
        for place in (0, 1, 7, 8, 9, 10, len(every) - 1):
            around = engine.neighbours(request, every[place])
            assert around == (
                every[place - 1] if place else None,
                every[place + 1] if place + 1 < len(every) else None,
            )


@pytest.mark.parametrize("exactly", [3, 20, 150])
def test_related_are_those_of_one_machine_where_only_some_are_compared(engines, monkeypatch, exactly):
    monkeypatch.setattr(over_cluster, "EXACTLY", exactly)
    monkeypatch.setattr(nearness, "EXACTLY", exactly)
    shown = 0
    for asked in REQUESTS:
        here, there = (engine.search(replace(asked, per_page=100, page=1)).related for engine in engines)
        assert [one.project.id for one in there] == [one.project.id for one in here]
        shown += len(there)
    assert shown


def test_similar_projects_are_the_same(engines, index):
    shown = 0
    for project_id in list(LABOUR)[:12]:
        here, there = (engine.similar(project_id) for engine in engines)
        assert [(one.project.id, one.terms) for one in there] == [(one.project.id, one.terms) for one in here]
        assert [one.score for one in there] == pytest.approx([one.score for one in here], rel=1e-4)
        shown += len(there)
    assert shown


def test_other_vectors_than_the_model_has_are_not_gone_by(published, engines):
    backend = open_backend(*published, counting("fedcba9876543210"))
    assert backend.meaning is None
    cluster, found = published
    older = replace(found, meta={key: one for key, one in found.meta.items() if not key.startswith("vector")})
    assert open_backend(cluster, older, counting()).meaning is None
    plain = SearchEngine(open_backend(cluster, found), answers=0)
    assert all(hit.meaning is None for hit in plain.search(SearchRequest(q="coffee")).hits)


@pytest.mark.parametrize(("fingerprint", "lines"), [("0123456789abcdef", 0), ("fedcba9876543210", 1)])
def test_a_server_says_in_a_line_that_it_goes_by_words_alone(
    published, monkeypatch, caplog, fingerprint, lines
):
    monkeypatch.setattr("search_app.engine.live.open_model", lambda name: counting(fingerprint))
    with caplog.at_level(logging.WARNING):
        engine = ClusterEngine(published[0], LETTERS).engine()
    assert engine.by_meaning == (lines == 0)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == lines
    assert all("by words alone" in line and "\n" not in line for line in said)


def test_vectors_are_added_to_what_is_unchanged(node, tmp_path, monkeypatch):
    named(monkeypatch, LETTERS)
    corpus, index, cluster = (
        write_corpus(tmp_path / "corpus", SEED),
        tmp_path / "index",
        node.cluster("unchanged"),
    )
    reindex(corpus, index)
    assert publish(index, cluster, Options(replicas=0)).sent == len(SEED)
    assert open_backend(cluster, generations.current(cluster), counting()).meaning is None

    again = reindex(corpus, index, BuildOptions(meaning=LETTERS))
    assert (again.written, again.unchanged) == (True, len(SEED))
    assert publish(index, cluster, Options(replicas=0)).sent == 0
    found = generations.current(cluster)
    assert len(open_backend(cluster, found, counting()).meaning) == len(SEED)

    # As a version published it that sent no vectors.
    older = {key: one for key, one in found.meta.items() if not key.startswith("vector")}
    cluster.ask("PUT", f"{found.index}/_mapping", {"_meta": older})
    assert not reindex(corpus, index, BuildOptions(meaning=LETTERS)).written
    assert publish(index, cluster, Options(replicas=0)).sent == 0
    assert len(open_backend(cluster, generations.current(cluster), counting()).meaning) == len(SEED)
    assert publish(index, cluster, Options(replicas=0)) is None


def test_vectors_that_are_not_whole_are_refused(published):
    cluster, found = published
    other = replace(found, meta={**found.meta, "vectors": "0" * 32})
    with pytest.raises(ClusterError, match="not whole"):
        open_backend(cluster, other, counting())
