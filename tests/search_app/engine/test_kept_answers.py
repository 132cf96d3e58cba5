"""Which answers an engine keeps: those of the pages that most people ask for."""

from datetime import date

from search_app.engine.search import LONGEST_CACHED, SearchEngine
from search_app.request import SearchRequest

DAY = date(2026, 1, 1)


def kept(engine, **asked):
    """Tell whether an answer is there already when it is asked for again."""
    request = SearchRequest(as_of=DAY, **asked)
    return engine.search(request) is engine.search(request)


def test_an_answer_is_kept_unless_its_page_is_long(labour_index):
    engine = SearchEngine.open(labour_index)

    assert kept(engine, q="labour")
    assert kept(engine, q="labour", per_page=LONGEST_CACHED)
    assert not kept(engine, q="labour", per_page=LONGEST_CACHED + 1)


def test_only_so_many_answers_are_kept(labour_index):
    engine = SearchEngine.open(labour_index, answers=2)
    first = SearchRequest(q="labour", as_of=DAY)
    found = engine.search(first)
    for q in ("mines", "courts"):
        engine.search(SearchRequest(q=q, as_of=DAY))

    assert engine.search(first) is not found
    assert not kept(SearchEngine.open(labour_index, answers=0), q="labour")
