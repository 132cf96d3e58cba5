"""An index opened with stock Whoosh: queries, stored fields, highlights, sorting, and refusal to write."""

import random
from collections import defaultdict
from contextlib import closing
from datetime import date, datetime, time

import pytest
from whoosh import query as wq
from whoosh.index import Index
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.searching import Searcher
from whoosh.sorting import FieldFacet

from indexer.document import Project
from indexer.errors import IndexerError, NoIndexError, ReadOnlyIndexError
from indexer.storage.whoosh import codec
from indexer.storage.whoosh.index import open_index
from tests.building import index_of, segment_of
from tests.search_app.embedded.matching.test_evaluation import random_projects

PROJECTS = (
    Project("mines", "Children in Mines", "Ends child labor in mines.", "Verité", date(2019, 1, 1), date(2021, 6, 30)),
    Project("courts", "Labor Courts", "Trains judges in follow-ups.", "ILO", date(2022, 3, 1)),
    Project("ports", "Ports", "", "", None, None),
)  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return open_index(index_of(tmp_path_factory.mktemp("whoosh"), PROJECTS))


@pytest.fixture(scope="module")
def searcher(index):
    with index.searcher() as searcher:
        yield searcher


def ids(searcher, text, field="text", **options):
    found = searcher.search(QueryParser(field, searcher.schema).parse(text), limit=None, **options)
    return [hit["id"] for hit in found]


def test_it_is_an_index_of_whoosh(index):
    assert isinstance(index, Index)
    assert (index.doc_count(), index.doc_count_all(), index.is_empty()) == (3, 3, False)
    with closing(index.reader()) as reader:
        assert set(reader.indexed_field_names()) == set(index.schema.names())
        assert ("title", b"labor") in reader


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        pytest.param("children", "text", {"mines"}, id="word"),
        pytest.param("labours OR mine", "text", {"mines"}, id="or"),
        pytest.param("labor NOT courts", "text", {"mines"}, id="not"),
        pytest.param('"child labor"', "description", {"mines"}, id="phrase"),
        pytest.param('"labor child"', "description", set(), id="phrase in another order"),
        pytest.param("title:labor", "text", {"courts"}, id="field"),
        pytest.param("min*", "text", {"mines"}, id="prefix"),
        pytest.param("follow-ups", "description", {"courts"}, id="compound"),
        pytest.param("verite", "grantee", {"mines"}, id="accents"),
        pytest.param("id:courts", "text", {"courts"}, id="id"),
        pytest.param("id:nothing", "text", set(), id="unknown id"),
        pytest.param("grantee_name:Verité", "text", {"mines"}, id="whole grantee"),
        pytest.param("start:2019", "text", {"mines"}, id="year"),
        pytest.param("start:20220301", "text", {"courts"}, id="day"),
        pytest.param("start:[2019 TO 2022]", "text", {"mines", "courts"}, id="range"),
        pytest.param("end:[2021 TO]", "text", {"mines"}, id="open range"),
        pytest.param("start:[2023 TO]", "text", set(), id="range with nothing in it"),
        pytest.param("*:*", "text", {"mines", "courts", "ports"}, id="everything"),
    ],
)
def test_queries_of_qparser_work(searcher, text, field, found):
    assert set(ids(searcher, text, field)) == found


def test_typos_are_found(searcher):
    assert [hit["id"] for hit in searcher.search(wq.FuzzyTerm("title", "cuort", maxdist=2))] == ["courts"]


def test_stored_fields_are_those_of_the_project(searcher):
    stored = {fields["id"]: fields for fields in searcher.reader().all_stored_fields()}
    assert stored["mines"] == {
        "id": "mines",
        "title": "Children in Mines",
        "description": "Ends child labor in mines.",
        "grantee": "Verité",
        "grantee_name": "Verité",
        "start": datetime(2019, 1, 1),
        "end": datetime(2021, 6, 30),
        "text": "Children in Mines\nEnds child labor in mines.\nVerité",
    }
    assert stored["ports"] == {"id": "ports", "title": "Ports", "text": "Ports"}


def test_highlights_work(searcher):
    (hit,) = searcher.search(MultifieldParser(["title", "description"], searcher.schema).parse("children"))
    assert hit.highlights("title") == '<b class="match term0">Children</b> in Mines'
    (hit,) = searcher.search(QueryParser("text", searcher.schema).parse("judge"))
    assert '<b class="match term0">judges</b>' in hit.highlights("text")


def test_hits_can_be_sorted_by_date(searcher):
    assert ids(searcher, "*:*", sortedby="start") == ["mines", "courts", "ports"]
    latest_first = FieldFacet("start", reverse=True)
    assert ids(searcher, "*:*", sortedby=latest_first) == ["courts", "mines", "ports"]


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda index: index.writer(), id="writer"),
        pytest.param(lambda index: index.optimize(), id="optimize"),
        pytest.param(lambda index: index.delete_by_term("id", "mines"), id="delete_by_term"),
        pytest.param(lambda index: index.delete_by_query(wq.Every()), id="delete_by_query"),
        pytest.param(lambda index: index.add_field("more", "text"), id="add_field"),
        pytest.param(lambda index: index.remove_field("title"), id="remove_field"),
        pytest.param(lambda index: index.reader().segment().delete_document(0), id="delete_document"),
        pytest.param(lambda index: index.reader().codec().per_document_writer(None, None), id="codec"),
    ],
)
def test_writing_is_refused_with_the_command_to_use(index, write):
    with pytest.raises(ReadOnlyIndexError, match="run: reindex"):
        write(index)
    assert issubclass(ReadOnlyIndexError, IndexerError)


def test_a_newer_generation_is_seen_and_does_not_disturb(tmp_path):
    folder = index_of(tmp_path, PROJECTS[:2])
    index = open_index(folder)
    assert index.up_to_date()
    assert index.refresh() is index
    before = index.last_modified()
    index_of(tmp_path, PROJECTS)
    assert not index.up_to_date()
    assert (index.doc_count(), index.refresh().doc_count()) == (2, 3)
    assert index.refresh().last_modified() >= before


def test_a_folder_without_an_index_says_what_to_do(tmp_path):
    with pytest.raises(NoIndexError, match="run: reindex"):
        open_index(tmp_path)


@pytest.mark.parametrize("seed", range(4), ids=lambda seed: f"seed-{seed}")
def test_fields_of_values_find_what_has_the_value(seed):
    projects = random_projects(random.Random(seed))
    with Searcher(codec.reader(segment_of(projects))) as searcher:
        reader = searcher.reader()
        for name, values in {
            "id": {one.id: {one.id} for one in projects},
            "grantee_name": groups(projects, lambda one: one.grantee),
            "start": groups(projects, lambda one: one.start and datetime.combine(one.start, time())),
            "end": {},
        }.items():
            listed = list(reader.lexicon(name))
            assert listed == sorted(map(reader.schema[name].to_bytes, values))
            for value, found in values.items():
                hits = searcher.search(wq.Term(name, reader.schema[name].to_bytes(value)), limit=None)
                assert {hit["id"] for hit in hits} == found
                assert reader.doc_frequency(name, reader.schema[name].to_bytes(value)) == len(found)


def groups(projects, value_of):
    found = defaultdict(set)
    for project in projects:
        if value := value_of(project):
            found[value].add(project.id)
    return found


@pytest.mark.parametrize("seed", range(4), ids=lambda seed: f"seed-{seed}")
def test_terms_ascend_and_all_have_postings(seed):
    with closing(codec.reader(segment_of(random_projects(random.Random(seed))))) as reader:
        listed = list(reader.all_terms())
        assert listed == sorted(set(listed))
        for field, text in listed:
            documents = list(reader.postings(field, text).all_ids())
            assert documents == sorted(set(documents))
            assert len(documents) == reader.term_info(field, text).doc_frequency() > 0
            assert next(iter(reader.terms_from(field, text))) == (field, text)
