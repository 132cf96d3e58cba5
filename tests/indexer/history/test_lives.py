"""A corpus lives: whatever is done to it, the index says after each `reindex` what a plain model says."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search_app import create_app
from search_app.engine.search import SearchEngine
from search_app.request import ChangesRequest, Period
from tests.asking import asking
from tests.indexer.history.lives import Life, days, given_days, texts_of

AS_OF = date(2024, 6, 1)


def ids(engine, **asked):
    return [hit.project.id for hit in engine.search(asking(per_page=100, as_of=AS_OF, **asked)).hits]


def counted(facet):
    return {one.value: one.count for one in facet.buckets if one.count and one.value != "unknown"}


def money(text):
    return int(text.replace(",", ""))


def holds(engine, model):
    """Hold what an engine says against the model."""
    rows = {key: texts_of(row) for key, row in model.served.items()}
    found = engine.search(asking(per_page=100, as_of=AS_OF))
    assert found.total == len(rows)
    assert {hit.project.id: hit.project.title for hit in found.hits} == {
        key: row["title"] for key, row in rows.items()
    }
    facets = {name: counted(engine.values(asking(as_of=AS_OF), name)) for name in ("country", "theme")}
    countries = Counter(one for row in rows.values() for one in row["Country"].split("; ") if one)
    assert facets["country"] == countries
    assert facets["theme"] == Counter(row["Theme"] for row in rows.values())
    (totals,) = found.totals
    (total,) = totals.totals
    assert total.sum == sum(money(row["Budget_USD"]) for row in rows.values())
    assert set(ids(engine, country=("Ghana",))) == {
        key for key, row in rows.items() if "Ghana" in row["Country"]
    }
    assert set(ids(engine, q="courts")) == {
        key for key, row in rows.items() if "ourts" in row["title"] + row["description"]
    }
    _holds_past(engine, model)


def _holds_past(engine, model):
    seen = model.seen()
    assert {key: tuple(engine.when(key)) for key in seen} == seen
    newest = ids(engine, sort="-added")
    assert [seen[key][0] for key in newest] == sorted((first for first, _ in seen.values()), reverse=True)
    first = sorted(first for first, _ in seen.values())[len(seen) // 2].date()
    assert set(ids(engine, added_from=Period.parse(first.isoformat()))) == {
        key for key, (one, _) in seen.items() if one.date() >= first
    }
    events = engine.changes(ChangesRequest(per_page=500)).events
    assert (
        Counter((one.moment, one.kind, one.id, one.there, one.returned) for one in events) == model.events()
    )


def holds_exports(index, model):
    """Hold what is exported of all projects against the model."""
    app = create_app({"SEARCH_INDEX_DIR": str(index), "SEARCH_LOG_FORMAT": "none"})
    text = app.test_client().get("/search.csv").get_data(as_text=True)
    exported = {row["id"]: row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert exported.keys() == model.served.keys()
    for key, row in model.served.items():
        said = texts_of(row)
        for name in ("title", "description", "grantee", "start_date", "end_date"):
            assert exported[key][name] == said[name]


@pytest.fixture(scope="module", autouse=True)
def clock():
    """Begin each generation on a day of its own, and have a model of meaning."""
    with pytest.MonkeyPatch.context() as patch:
        given_days(patch)
        yield


@given(size=st.integers(2, 9), lived=st.lists(days, min_size=3, max_size=7))
@settings(
    max_examples=4, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_an_index_says_what_happened_to_its_corpus(size, lived):
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder), size)
        for day in lived:
            life.live(day)
            holds(SearchEngine.open(life.index, answers=0), life.model)
        holds_exports(life.index, life.model)
