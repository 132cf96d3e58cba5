"""The functions that dump against the schemas that are the contract: any answer comes out the same from both."""

from datetime import UTC, date, datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.document import STATUSES, Project
from indexer.storage.history.moments import When
from search_app.engine.search import SearchEngine
from search_app.facets.table import FACETS
from search_app.request import SORTS, SearchRequest, Years
from search_app.results import (
    Bucket,
    Completion,
    Facet,
    Hit,
    IndexInfo,
    Matched,
    Money,
    QueryTerm,
    Repair,
    ScorePart,
    SearchResults,
    Similar,
    Snippet,
    Suggestion,
    TermMatch,
    Total,
    Totals,
    YearTotal,
)
from search_app.web.answers import LinkedCompletion, LinkedProject, answer, linked_similar
from search_app.web.api import dumped_projects, dumping
from search_app.web.api.json_values import as_json
from search_app.web.api.schemas.projects import FullProjectSchema, SimilarsSchema
from search_app.web.api.schemas.responses import CompletionsSchema
from tests.asking import CONTRACT, asking, contract, links
from tests.documents import TECLAB

LAWS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(["<b>&\"'", "Verité"])
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
NUMBERS = st.integers(0, 1_000_000)
SCORES = st.floats(0, 100, width=32)
DAYS = st.none() | st.dates()
MOMENTS = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
    min_value=datetime(1000, 1, 2),
    max_value=datetime(9999, 12, 30),
)


@st.composite
def snippets(draw):
    """Return a text with ranges in it, in order and apart."""
    text = draw(TEXT)
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True)))
    return Snippet(text, tuple(zip(ends[::2], ends[1::2], strict=False)))


PROJECTS = st.builds(
    Project,
    id=TEXT,
    title=TEXT,
    description=TEXT,
    grantee=TEXT,
    start=DAYS,
    end=DAYS,
    extra=st.dictionaries(TEXT, TEXT, max_size=2).map(lambda extra: tuple(extra.items())),
)
STATUS = st.sampled_from(STATUSES)
FIELDS = st.dictionaries(
    TEXT,
    st.one_of(TEXTS, st.builds(Money, st.floats(-1e12, 1e12), TEXT), st.floats(0, 1e6), st.dates(), TEXT),
    max_size=3,
)
WHEN = st.builds(When, st.none() | MOMENTS, st.none() | MOMENTS)
HITS = st.builds(
    Hit,
    PROJECTS,
    STATUS,
    SCORES,
    snippets(),
    st.lists(snippets(), max_size=2).map(tuple),
    snippets(),
    st.builds(
        Matched,
        st.lists(st.builds(TermMatch, TEXT, TEXTS, TEXTS, st.sampled_from([1, 2, 3])), max_size=2).map(tuple),
        TEXTS,
    ),
    st.lists(st.builds(ScorePart, TEXT, st.none() | TEXT, SCORES), max_size=2).map(tuple),
    st.booleans(),
    FIELDS,
    when=WHEN,
)
AMOUNTS = st.floats(0, 1e9)
YEARS = st.builds(lambda first, more: Years(first, min(first + more, 9999)), st.integers(1, 9999), NUMBERS)


def facet(spec):
    """Return a strategy of facets of an entry: years have days, all others have not."""
    name = spec.name
    if spec.type == "range":
        buckets = st.builds(Bucket, YEARS.map(str), TEXT, NUMBERS, st.booleans(), st.dates(), st.dates())
        return st.builds(Facet, st.just(name), TEXT, st.just("range"), lists_of(buckets), NUMBERS)
    buckets = st.builds(Bucket, TEXT, TEXT, NUMBERS, st.booleans())
    return st.builds(Facet, st.just(name), TEXT, st.just("terms"), lists_of(buckets), NUMBERS, NUMBERS)


def lists_of(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


YEAR_TOTALS = st.builds(YearTotal, st.none() | st.integers(1, 9999), st.integers(1, 99), AMOUNTS)
TOTALS = st.builds(Total, TEXT, st.integers(1, 99), AMOUNTS, AMOUNTS, lists_of(YEAR_TOTALS))
PLAIN, EXPLAINED = CONTRACT.answers
REQUESTS = st.builds(
    asking,
    q=TEXT,
    op=st.sampled_from(["and", "or"]),
    sort=st.none() | st.sampled_from(SORTS),
    grantee=TEXTS,
    start_year=lists_of(YEARS),
    page=st.integers(1, 9),
    per_page=st.integers(1, 100),
)
RESULTS = st.builds(
    SearchResults,
    request=REQUESTS,
    as_of=st.dates(),
    total=NUMBERS,
    hits=lists_of(HITS),
    facets=st.sets(st.sampled_from(FACETS)).flatmap(
        lambda specs: st.tuples(*(facet(spec) for spec in FACETS if spec in specs))
    ),
    index=st.builds(IndexInfo, TEXT, NUMBERS, MOMENTS),
    terms=lists_of(st.builds(QueryTerm, TEXT, TEXTS, TEXTS)),
    relaxed_to=st.sampled_from([None, "forms", "any"]),
    suggestion=st.none() | st.builds(Suggestion, TEXT, NUMBERS),
    warnings=lists_of(st.builds(Repair, TEXT, TEXT)),
    totals=lists_of(st.builds(Totals, TEXT, TEXT, lists_of(TOTALS), NUMBERS)),
    took_ms=st.floats(0, 1000),
)


def same(dumped, expected):
    return as_json(dumped) == as_json(expected)


@LAWS
@given(RESULTS)
def test_an_answer_is_dumped_as_marshmallow_dumps_it(results):
    found = answer(results, links(results.request), CONTRACT)

    assert same(dumping.search(found), PLAIN.dump(found))
    assert same(dumping.search(found, explained=True), EXPLAINED.dump(found))


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(asking(q="labour courts", active_year=(Years(2023, 2023),)), id="filtered"),
        pytest.param(SearchRequest(q="inspecters"), id="misspelled"),
        pytest.param(SearchRequest(q='"open (', per_page=2, page=2), id="repaired"),
        pytest.param(SearchRequest(q="mexico", explain=True), id="explained"),
        pytest.param(SearchRequest(facets=()), id="no-facets"),
    ],
)
def test_a_real_answer_is_dumped_as_marshmallow_dumps_it(asked, seed_index):
    engine = SearchEngine.open(seed_index)
    found = answer(engine.search(asked), links(asked, specs=engine.specs), contract(engine.specs))

    for schema, explained in zip(contract(engine.specs).answers, (False, True), strict=True):
        assert same(dumping.search(found, explained=explained), schema.dump(found))


@LAWS
@given(st.builds(LinkedProject, PROJECTS, STATUS, TEXT, st.dates(), FIELDS, WHEN))
def test_a_project_is_dumped_as_marshmallow_dumps_it(linked):
    assert same(dumped_projects.project(linked), FullProjectSchema().dump(linked))


@LAWS
@given(TEXT, lists_of(st.builds(Similar, PROJECTS, STATUS, SCORES, TEXTS).map(linked_similar)))
def test_near_projects_are_dumped_as_marshmallow_dumps_them(project_id, near):
    expected = SimilarsSchema().dump({"id": project_id, "results": near})

    assert same(dumped_projects.similars(project_id, near), expected)


@LAWS
@given(
    TEXT,
    lists_of(
        st.builds(
            LinkedCompletion,
            st.builds(Completion, TEXT, st.sampled_from(["word", "title", "grantee"]), NUMBERS),
            TEXT,
        )
    ),
)
def test_completions_are_dumped_as_marshmallow_dumps_them(typed, found):
    expected = CompletionsSchema().dump({"q": typed, "completions": found})

    assert same(dumping.completions(typed, found), expected)


def test_a_project_is_dumped_whole():
    own, when = {"amount": Money(5.0, "USD")}, When(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    linked = LinkedProject(TECLAB, "active", "/projects/x", date(2026, 1, 1), own, when)

    assert orjson.loads(as_json(dumped_projects.project(linked))) == {
        "id": TECLAB.id,
        "url": "/projects/x",
        "title": TECLAB.title,
        "description": TECLAB.description,
        "grantee": "Ergo Group, Inc.",
        "start_date": "2023-01-23",
        "end_date": "2027-07-23",
        "status": "active",
        "first_seen": "2026-01-02T03:04:05Z",
        "last_changed": None,
        "as_of": "2026-01-01",
        "fields": {"amount": {"amount": 5.0, "currency": "USD"}},
        "extra": {},
    }
