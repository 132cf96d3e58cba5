"""Ids, award numbers and references: found whole, without marks, by their longest part and by their beginning."""

import pytest

from indexer.document import Project
from search_app.request import SearchRequest
from tests.building import engine_of
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

PROJECTS = [
    Project(
        "FT-30345-17", "Letters of a poet", extra=(("Award number", "IL-30345-17-75-K"), ("Seats", "12"))
    ),
    Project(
        "FT-30999-17",
        "Courts of the north",
        "Follows 30345 of 1999.",
        extra=(("Award number", "IL-30999-18-75-K"),),
    ),
    Project("GP/77120.4", "Mines", extra=(("Award number", "KY-40000-19-60-A"),)),
    Project("GN-*1980-81", "Choctaw villages"),
    Project("museums", "Museums and mines", "Small ones, before 1980 and of 1980."),
    Project("beads", "Seventeen beads, 20 mines"),
    Project("88123456", "Harbours", extra=(("Award number", "MX-41000-20-75-B"),)),
    *(
        Project(f"ZZ-{50000 + n}-01", "Other", extra=(("Award number", f"QQ-{60000 + n}-01-02-C"),))
        for n in range(20)
    ),
]


@pytest.fixture(scope="module")
def engine(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("codes"), PROJECTS)


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("FT-30345-17", "FT-30345-17"), ("ft-30345-17", "FT-30345-17"), ("FT3034517", "FT-30345-17"),
        ("30345", "FT-30345-17"), ("FT-30345", "FT-30345-17"), ("id:30345", "FT-30345-17"),
        ("IL-30345-17-75-K", "FT-30345-17"), ("il303451775k", "FT-30345-17"), ("IL-30999", "FT-30999-17"),
        ("GP/77120.4", "GP/77120.4"), ("77120", "GP/77120.4"), ("88123456", "88123456"), ("88123", "88123456"),
        ("id:88123456", "88123456"), ('id:"KY-40000-19-60-A"', "GP/77120.4"), ("poet FT-30345-17", "FT-30345-17"),
    ],
)  # fmt: skip
def test_a_code_finds_its_project_first(engine, q, first):
    results = engine.search(SearchRequest(q=q))
    assert results.hits[0].project.id == first
    assert results.suggestion is None
    fields = {field for term in results.hits[0].matched.terms for field in term.fields}
    assert fields & {"id", "Award number"}


@pytest.mark.parametrize("q", ["17", "12", "75", "id:poet", "id:12"])
def test_short_parts_and_other_columns_are_no_codes(engine, q):
    assert engine.search(SearchRequest(q=q)).total == 0


@pytest.mark.parametrize(
    ("typed", "text"), [("FT-303", "FT-30345-17"), ("poet IL303", "poet IL-30345-17-75-K")]
)
def test_codes_are_completed_while_typing(engine, typed, text):
    assert text in [one.text for one in engine.suggest(typed)]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        pytest.param("museums 1980", ["museums"], id="a year beside other words is one"),
        pytest.param("since 1980", ["museums"], id="also beside what a search does without"),
        pytest.param("1980's", ["museums"], id="a decade"),
        pytest.param("1980", ["GN-*1980-81", "museums"], id="a year alone may be a code"),
        pytest.param("GN-*1980-81", ["GN-*1980-81"], id="a mark of another meaning"),
        pytest.param("FT-30345-17 beads", ["FT-30345-17", "beads"], id="of a code no part is searched"),
        pytest.param("1,000,017 beads", ["beads"], id="nor of a number"),
    ],
)
def test_codes_years_and_numbers_are_what_they_are(engine, q, found):
    results = engine.search(SearchRequest(q=q))
    assert [hit.project.id for hit in results.hits] == found
    assert results.warnings == ()
    assert all(not term.forms and not term.synonyms for term in results.terms)


@pytest.mark.parametrize(
    "q", ["id:FT-30*", "FT-30*", "id:(FT-30* OR GN*) -id:GN-*1980-81", 'id:ft* title:"of"']
)
def test_a_star_finds_all_codes_that_begin_so(engine, q):
    results = engine.search(SearchRequest(q=q, sort="title"))
    assert [hit.project.id for hit in results.hits] == ["FT-30999-17", "FT-30345-17"]
    assert (results.warnings, results.relaxed_to) == ((), None)
    assert all("id" in hit.matched.terms[0].fields for hit in results.hits)


def test_a_star_finds_more_than_a_bound_beginning(engine):
    assert [engine.search(SearchRequest(q=q)).total for q in ("id:ZZ-5", "id:ZZ-5*", "id:Z*", "ZZ-5*")] == [
        0,
        20,
        0,
        20,
    ]


def test_a_code_is_whole_in_its_field_whatever_marks_it_has(engine):
    results = engine.search(SearchRequest(q="id:GN-*1980-81 id:GP/77120.4"))
    assert (results.total, results.relaxed_to, results.warnings) == (2, "any", ())


@pytest.mark.parametrize(
    "q", ["id:FT-30345-17 OR courts", "courts OR IL-30345-17-75-K", "NOT beads (30345 OR courts)"]
)
def test_an_alternative_names_the_code_that_it_was_found_by(engine, q):
    hits = {hit.project.id: hit.matched for hit in engine.search(SearchRequest(q=q)).hits}
    (term,) = hits["FT-30345-17"].terms
    assert {"FT-30345-17", "IL-30345-17-75-K"} & set(term.words)
    assert {"id", "Award number"} & set(term.fields)


def test_where_some_code_is_whole_no_beginning_is_named(backend, tmp_path):
    projects = [Project("A-1980", "Mines"), Project("B-19804", "Courts", "Begun in 1980.")]
    engine = backend.engine_of(tmp_path, projects)
    words = {
        hit.project.id: hit.matched.terms[0].words for hit in engine.search(SearchRequest(q="1980")).hits
    }
    assert words == {"A-1980": ("A-1980",), "B-19804": ("1980",)}


def test_a_made_id_is_no_code(tmp_path):
    engine = engine_of(tmp_path, [Project("", "Labour courts 2021")])
    assert list(engine.backend.segment.codes) == []
