"""What is looked for when nothing has the query as it was typed."""

import pytest

from indexer.document import Project
from search_app.request import SearchRequest
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

PROJECTS = [
    Project("two", "Safe harbours for coastal towns -Phase II"),
    Project("one", "Safe harbours for river towns -Phase I"),
    Project("mines", "Mines and towns"),
    Project("phase", "A phase of the moon"),
]


@pytest.fixture(scope="module")
def engine(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("finding"), PROJECTS)


def answer(engine, q, **asked):
    results = engine.search(SearchRequest(q=q, **asked))
    return [hit.project.id for hit in results.hits], [warning.code for warning in results.warnings]


@pytest.mark.parametrize(
    ("q", "first"),
    [(project.title, project.id) for project in PROJECTS[:2]]
    + [("SAFE HARBOURS FOR COASTAL TOWNS -PHASE II", "two")],
)
def test_a_pasted_title_with_a_hyphen_finds_its_project_and_says_how_hyphens_work(engine, q, first):
    found, warnings = answer(engine, q)
    assert (found[0], warnings) == (first, ["hyphen_read_as_text"])


@pytest.mark.parametrize(
    ("q", "found"),
    [("towns -phase", ["mines"]), ("towns −harbours", ["mines"]), ("phase -moon", ["one", "two"])],
)
def test_a_hyphen_leaves_out_where_something_is_found_without(engine, q, found):
    ids, warnings = answer(engine, q)
    assert (sorted(ids), warnings) == (found, [])


def test_a_hyphen_with_nothing_beside_it_leaves_out_from_all(engine):
    found, warnings = answer(engine, "-moon")
    assert (sorted(found), warnings) == (["mines", "one", "two"], [])


def test_where_nothing_has_all_of_it_the_hyphen_leaves_out_still(engine):
    assert answer(engine, "mines zeppelin -towns") == ([], [])
    assert answer(engine, "mines moon -towns")[0] == ["phase"]


@pytest.mark.parametrize("q", ["mines NOT towns", "mines !towns"])
def test_other_signs_leave_out_in_any_case(engine, q):
    assert answer(engine, q) == ([], [])


def test_any_word_is_enough_of_a_compound_too(engine):
    results = engine.search(SearchRequest(q="moon-towns zeppelin", explain=True))
    assert {hit.project.id for hit in results.hits} == {"one", "two", "mines", "phase"}
    assert results.relaxed_to == "any"
    for hit in results.hits:
        assert [term.text for term in hit.matched.terms] == ["moon-towns"]
        assert hit.matched.missing == ("zeppelin",)
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, abs=1e-4)
