"""Laws that hold for any corpus and any question: nothing fails, and the parts of an answer agree."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.document import STATUSES, Project
from indexer.text.analysis import fold, normalise, separate, tokens
from indexer.text.folding import as_stored
from search_app.embedded.answering import EmbeddedBackend
from search_app.engine.search import SearchEngine
from search_app.query.parsing import MAX_QUERY_WORDS
from search_app.request import SORTS, Period, SearchRequest, Years
from search_app.results import IndexInfo
from search_app.snippets.fragments import fragments
from search_app.snippets.highlights import Highlighter
from tests.asking import asking
from tests.building import engine_of, segment_of
from tests.documents import LABOUR, SEED

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=300, deadline=None)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORDS = st.sampled_from(
    ["labor", "labour", "courts", "children", "ILO", "COVID-19", "the", "Mexico", "coffee", "zebra"]
)
MARKS = st.sampled_from(["-", "NOT ", "OR ", "(", ")", '"', "*", "~", "title:", "foo:", " ", " ", " "])
QUERIES = st.one_of(
    TEXT,
    st.lists(st.one_of(WORDS, MARKS), max_size=12).map("".join),
    st.lists(WORDS, max_size=4).map(" ".join),
)
PERIODS = st.none() | st.integers(1990, 2035).map(lambda year: Period.parse(str(year)))
YEARS = st.lists(
    st.builds(lambda first, more: Years(first, first + more), st.integers(1990, 2035), st.integers(0, 9)),
    max_size=2,
)
REQUESTS = st.builds(
    asking,
    q=QUERIES,
    op=st.sampled_from(["and", "or"]),
    expand=st.booleans(),
    active_from=PERIODS,
    start_to=PERIODS,
    status=st.lists(st.sampled_from(STATUSES), max_size=2, unique=True).map(tuple),
    grantee=st.lists(
        st.sampled_from(sorted({project.grantee for project in SEED})), max_size=2, unique=True
    ).map(tuple),
    active_year=YEARS.map(tuple),
    end_year=YEARS.map(tuple),
    status_not=st.lists(st.sampled_from(STATUSES), max_size=2, unique=True).map(tuple),
    grantee_not=st.lists(
        st.sampled_from(sorted({project.grantee for project in SEED})), max_size=2, unique=True
    ).map(tuple),
    as_of=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    sort=st.none() | st.sampled_from(SORTS),
    page=st.integers(1, 4),
    per_page=st.integers(1, 30),
    explain=st.booleans(),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return engine_of(tmp_path_factory.mktemp("properties"), [*SEED, *LABOUR.values()])


@MANY
@given(TEXT)
def test_tokens_stand_in_order_where_they_say(text):
    text = normalise(text)
    found = list(tokens(text))
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [word.position for word in found] == sorted(word.position for word in found)
    separated = [word.position for word in separate(text)]
    assert separated == sorted(set(separated))
    assert all(word.text == fold(word.text) for word in found if word.kind != "inner")


@MANY
@given(TEXT, TEXT)
def test_white_space_parts_texts(one, other):
    words = [word.text for text in (one, other) for word in tokens(normalise(text))]
    assert [word.text for word in tokens(normalise(f"{normalise(one)} {normalise(other)}"))] == words


@MANY
@given(TEXT.map(lambda text: text * 9), st.lists(st.sampled_from(["a", "labor", "é", "1"]), min_size=1))
def test_fragments_have_their_marks_inside(text, words):
    text = normalise(text)
    for piece in fragments(text, Highlighter([(0, words)]).every_highlight(text)):
        assert piece.text.removeprefix("… ").removesuffix(" …") in text
        assert all(0 <= start < end <= len(piece.text) for start, end in piece.highlights)
        assert all(
            before[1] <= after[0]
            for before, after in zip(piece.highlights, piece.highlights[1:], strict=False)
        )


@settings(SLOW, max_examples=250)
@given(asked=REQUESTS)
def test_any_question_is_answered_and_the_answer_agrees_with_itself(engine, asked):
    results = engine.search(asked)
    assert len(results.hits) == max(0, min(asked.per_page, results.total - (asked.page - 1) * asked.per_page))
    assert len({hit.project.id for hit in results.hits}) == len(results.hits)
    for facet in results.facets:
        assert len({bucket.value for bucket in facet.buckets}) == len(facet.buckets)
        assert all(0 <= bucket.count <= len(engine.backend.segment) for bucket in facet.buckets)
        assert {bucket.value for bucket in facet.buckets if bucket.selected} == set(
            map(str, asked.filters[facet.name])
        )
    for hit in results.hits:
        assert sum(part.score for part in hit.explanation) == pytest.approx(
            hit.score if asked.explain else 0, abs=1e-4
        )
        assert len(hit.matched.terms) + len(hit.matched.missing) == len(results.terms)
        assert results.relaxed or asked.op == "or" or hit.matched.missing == ()


@SLOW
@given(asked=REQUESTS)
def test_the_order_never_changes_what_is_found(engine, asked):
    whole = {
        frozenset(hit.project.id for hit in engine.every_hit(replace(asked, sort=sort)))
        for sort in (None, "title", "-end_date")
    }
    assert len(whole) == 1
    assert len(whole.pop()) == engine.search(asked).total


@SLOW
@given(asked=REQUESTS)
def test_fewer_filters_find_no_less(engine, asked):
    found = {hit.project.id for hit in engine.every_hit(asked)}
    freed = asked
    for name in ("status", "active_year", "active_from", "grantee_not"):
        freed = freed.filtered(name, ())
    assert found <= {hit.project.id for hit in engine.every_hit(freed)}


# What ends a quoted phrase.
QUOTES = '["“”„«»\N{FULLWIDTH QUOTATION MARK}]'
# The readers take what is invisible out of all texts.
READ = TEXT.map(as_stored)
PROJECTS = st.builds(
    Project,
    id=TEXT,
    title=READ,
    description=READ,
    grantee=st.sampled_from(["", "ILO", "Verité", "éclair"]),
    start=st.none() | st.dates(max_value=date(2000, 1, 1)),
    end=st.none() | st.dates(min_value=date(2000, 1, 1)),
)


@SLOW
@given(projects=st.lists(PROJECTS, max_size=6, unique_by=lambda project: project.id), q=TEXT)
def test_any_corpus_is_searched_and_found_again(projects, q):
    info = IndexInfo("generated", len(projects), datetime(2026, 1, 1, tzinfo=UTC))
    engine = SearchEngine(EmbeddedBackend(segment_of(projects), info))
    everything = engine.search(SearchRequest(per_page=100))
    assert {hit.project for hit in everything.hits} == set(projects)
    assert engine.search(SearchRequest(q=q, explain=True)).total <= len(projects)
    for project in projects:
        words = list(separate(project.title))
        phrase = SearchRequest(q=f'title:"{re.sub(QUOTES, " ", project.title)}"')
        found = {hit.project for hit in engine.every_hit(phrase)}
        assert not words or len(words) > MAX_QUERY_WORDS or project in found
