"""A corpus lives and is published each day: what the cluster answers is what one machine answers."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.cluster import generations
from indexer.cluster.publishing import Options, publish
from search_app.cluster.opening import open_backend
from search_app.engine.search import SearchEngine
from search_app.request import ChangesRequest, Period
from tests.asking import asking
from tests.indexer.history.lives import Day, Edit, Life, days, given_days
from tests.indexer.text.meaning.letters import counting

AS_OF = date(2024, 6, 1)
LATER = Period.parse("2024-01-03")
QUESTIONS = [
    asking(as_of=AS_OF, per_page=100),
    asking(q="courts labour", as_of=AS_OF, per_page=100),
    asking(q="country:ghana mines", as_of=AS_OF, per_page=100),
    asking(q="histroy of mining", op="or", as_of=AS_OF, country=("Ghana",)),
    asking(as_of=AS_OF, theme_not=("Mining",), sort="-added", per_page=100),
    asking(as_of=AS_OF, sort="changed", per_page=100),
    asking(as_of=AS_OF, sort="-budget", added_from=LATER, per_page=100),
]
CHANGES = [ChangesRequest(per_page=500), ChangesRequest(q="courts", kinds=("changed",))]
A_CHANGE, NOTHING = (Edit("change", 0, 1, "Country"), Edit("add", 1, 7)), Day(False, (), False, False, False)
# Few edits, which a clone takes, then one that is gone back from and made undone, by meaning and not.
WITH_A_ROLLBACK = [
    NOTHING,
    Day(False, A_CHANGE, False, False, False),
    Day(False, (), False, False, True),
    Day(True, (Edit("change", 1, 3, "Note"),), False, False, False),
    Day(False, A_CHANGE, True, True, False),
    Day(False, (Edit("remove", 1, 3),), False, False, False),
]


@pytest.fixture(scope="module", autouse=True)
def days_on_end():
    with pytest.MonkeyPatch.context() as patch:
        given_days(patch)
        yield


def answered(engine, asked):
    """Return what both have to say alike: hits in the order that is not a matter of scores, and what is counted."""
    found = engine.search(asked)
    hits = [hit._replace(score=0.0, meaning=None) for hit in found.hits]
    related = [one.project.id for one in found.related]
    return found.total, hits, found.facets, found.totals, found.suggestion, found.relaxed_to, related


def holds(here, there):
    for asked in QUESTIONS:
        assert answered(there, asked) == answered(here, asked), asked
    for request in CHANGES:
        assert replace(there.changes(request), index=None) == replace(here.changes(request), index=None)
    everything = [(hit.project, hit.fields, hit.when) for hit in here.every_hit(QUESTIONS[0])]
    assert [(hit.project, hit.fields, hit.when) for hit in there.every_hit(QUESTIONS[0])] == everything
    assert list(there.project_ids()) == list(here.project_ids())
    assert (there.info, there.since) == (here.info, here.since)


def lived(cluster, size, days_of_life):
    """Live, publish each day and compare; return how many projects were sent each day."""
    sent = []
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder), size)
        for day in days_of_life:
            life.live(day)
            found = publish(life.index, cluster, Options(replicas=0, allow_shrink=True))
            sent.append(found.sent if found else 0)
            model = counting() if life.meaning else None
            backend = open_backend(cluster, generations.current(cluster), model)
            there = SearchEngine(backend, answers=0, by_meaning=backend.meaning is not None)
            holds(SearchEngine.open(life.index, answers=0, model=model), there)
    return sent


def test_a_rollback_that_is_made_good_is_the_same_over_a_cluster(node):
    sent = lived(node.cluster("life"), 120, WITH_A_ROLLBACK)
    # What little changed was sent to a clone, and with it what the rollback alone made another.
    assert sent[1] == 2
    assert sent[3] == 2


@given(size=st.integers(12, 24), life=st.lists(days, min_size=3, max_size=5))
@settings(max_examples=2, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
def test_a_cluster_answers_what_one_machine_answers_all_its_life(node, size, life):
    lived(node.cluster(f"life-{uuid.uuid4().hex[:8]}"), size, life)
