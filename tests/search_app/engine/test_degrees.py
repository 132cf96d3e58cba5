"""Three degrees of a word: as written, in other forms, for the same thing; each hit tells which it was."""

import pytest

from indexer.document import Project
from search_app.request import SearchRequest
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

PROJECTS = [
    Project("court", "The court of appeal", "A form."),
    Project("courts", "The courts of appeal", "A register."),
    Project("labor", "Child labor", "Farms without child labor in the hills."),
    Project("labour", "Labour law", "The labour code."),
    Project("garment", "Garment factory", "Fire doors."),
    Project("sweatshops", "Sweatshops", "A history."),
    Project("child", "A child", "Schools."),
]


@pytest.fixture(scope="module")
def engine(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("degrees"), PROJECTS)


def answer(engine, q, **asked):
    return engine.search(SearchRequest(q=q, per_page=100, **asked))


def ids(results):
    return [hit.project.id for hit in results.hits]


def also(results):
    return [(term.forms, term.synonyms) for term in results.terms]


@pytest.mark.parametrize("typed", ["court", "courts"])
def test_the_word_as_written_comes_before_another_form(engine, typed):
    results = answer(engine, typed, sort="relevance")
    other = {"court": "courts", "courts": "court"}[typed]
    assert ids(results) == [typed, other]
    assert also(results) == [((other,), ())]
    assert [hit.matched.terms[0].degree for hit in results.hits] == [1, 2]


def test_each_step_is_worth_less(engine):
    labour = {hit.project.id: hit.matched.terms[0].degree for hit in answer(engine, "labour").hits}
    assert labour == {"labour": 1, "labor": 2}
    sweatshop = answer(engine, "sweatshop")
    assert {hit.project.id: hit.matched.terms[0].degree for hit in sweatshop.hits}["sweatshops"] == 2


@pytest.mark.parametrize("typed", ["court", "courts", "labor", "labour", "sweatshops", "child", "children"])
def test_expand_0_finds_the_very_word_only(engine, typed):
    results = answer(engine, typed, expand=False)
    assert also(results) in ([], [((), ())])
    for hit in results.hits:
        text = f"{hit.project.title} {hit.project.description}".lower()
        assert typed in text.replace(".", " ").split()
    assert ids(results) or typed == "children"


@pytest.mark.parametrize("q", ['"court"', '"courts"', '"the courts of appeal"', '"child labor"'])
def test_quotes_are_met_as_written(engine, q):
    results = answer(engine, q)
    assert ids(results)
    assert results.relaxed_to is None
    assert all(
        q.strip('"') in f"{hit.project.title} {hit.project.description}".lower() for hit in results.hits
    )
    assert also(results) == [((), ())]


@pytest.mark.parametrize(
    ("q", "found", "named"),
    [
        ('"child labour"', ["labor"], ("child labor",)),
        ('"child labour" hills', ["labor"], ("child labor",)),
        ('"appeals"', ["court", "courts"], ("appeal",)),
        ('"register courts"', [], ()),
    ],
)
def test_a_phrase_that_nobody_wrote_is_found_in_its_forms_and_says_so(engine, q, found, named):
    results = answer(engine, q)
    assert sorted(ids(results)) == found
    assert results.relaxed_to == ("forms" if found else None)
    assert results.relaxed == bool(found)
    assert results.terms[0].forms == named
    assert all(hit.matched.terms[0].degree == 2 for hit in results.hits)


def test_with_expand_0_a_phrase_is_never_relaxed_to_its_forms(engine):
    assert answer(engine, '"child labour"', expand=False).total == 0


def test_all_words_are_relaxed_to_any(engine):
    results = answer(engine, "garment labour zeppelin")
    assert (results.relaxed_to, results.relaxed) == ("any", True)


def test_only_forms_of_hits_are_named(engine):
    # "courts" is a form of the index, but no hit of this search has it.
    assert also(answer(engine, "court -register")) == [((), ())]
    assert also(answer(engine, "appeal courts")) == [((), ()), (("court",), ())]


SEVERAL = [
    Project("coop", "A co-op", "Milk, by the pound."),
    Project("cooperative", "Cooperative farms", "Milk of the hills."),
    Project("19th", "19th-century letters", "By the poets."),
    Project("nineteenth", "Letters of the nineteenth century", "By poets."),
    Project("war", "The Second World War", "Milk, bread and letters."),
    Project("ww2", "WW2 posters", "On the walls."),
    Project("cane", "Sugar cane", "On the fields."),
    Project("sugarcane", "Sugarcane cutters", "Of the coast."),
    Project("none", "Harbours", "Of the south."),
]


@pytest.fixture(scope="module")
def several(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("several"), SEVERAL)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("co-op", {"coop", "cooperative"}), ("19th-century", {"19th", "nineteenth"}),
        ("(19th century)", {"19th", "nineteenth"}), ("(world war ii)", {"war", "ww2"}),
        ("(sugar cane)", {"cane", "sugarcane"}), ("((sugar cane))", {"cane", "sugarcane"}),
    ],
)  # fmt: skip
def test_what_words_find_together_they_find_beside_any_mark(several, typed, found):
    everything = {project.id for project in SEVERAL}
    assert set(ids(answer(several, typed))) == found
    assert set(ids(answer(several, f"NOT {typed}"))) == everything - found
    assert set(ids(answer(several, f"harbours OR {typed}"))) == found | {"none"}
    assert set(ids(answer(several, f"{typed} OR harbours"))) == found | {"none"}
    for beside in ('"the"', '"of"', "milk OR the", "title:the OR by"):
        also_there = set(ids(answer(several, beside)))
        both = answer(several, f"{typed} {beside}")
        assert both.relaxed_to or set(ids(both)) == found & also_there
        assert both.relaxed_to is None or not found & also_there
        assert set(ids(answer(several, f"{beside} NOT {typed}"))) == also_there - found


def test_an_alternative_names_the_forms_of_its_compound(several):
    results = answer(several, "co-op OR harbours")
    assert also(results) == [((), ("cooperative",))]
    words = {hit.project.id: hit.matched.terms[0].words for hit in results.hits}
    assert words["cooperative"] == ("cooperative",)
