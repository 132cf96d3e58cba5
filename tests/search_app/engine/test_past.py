"""What is new in an index: first seen and last changed in searches, in orders and in the feed of a search."""

from __future__ import annotations

import os
from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.storage import generation
from indexer.storage.days import today
from indexer.storage.folder.ownership import HISTORY
from indexer.storage.history import journal
from search_app.engine.search import SearchEngine
from search_app.request import Filters, Period, SearchRequest
from tests.building import write_corpus
from tests.conftest import application
from tests.html import parsed, text_of

ATOM = "{http://www.w3.org/2005/Atom}"
OLD = [
    Project(f"old-{number}", f"Courts of {2020 + number}", start=date(2020 + number, 1, 1))
    for number in range(4)
]
NEW = Project("new", "Courts begun long ago", start=date(2011, 1, 1))
DAY = 86_400_000_000


def moved(index, days):
    """Let what the history has be so many days older."""
    runs = journal.read(index).records
    for run in runs:
        object.__setattr__(run, "moment", run.moment - days * DAY)
        object.__setattr__(run, "since", run.since - days * DAY)
    journal.rewrite(index, runs)


@pytest.fixture
def index(tmp_path):
    """An index whose first projects were seen ten days ago, and one more today."""
    reindex(write_corpus(tmp_path / "corpus", OLD), tmp_path / "index")
    moved(tmp_path / "index", 10)
    reindex(write_corpus(tmp_path / "corpus", [*OLD, NEW]), tmp_path / "index")
    return tmp_path / "index"


def ids(client, query):
    return [hit["id"] for hit in client.get(f"/api/v1/search?{query}").json["results"]]


def feed(client, query=""):
    root = ET.fromstring(client.get(f"/search.atom?{query}").data)
    return [
        (entry.findtext(f"{ATOM}id").rpartition("/")[2], entry.findtext(f"{ATOM}updated"))
        for entry in root.findall(f"{ATOM}entry")
    ]


def again(index, *, full=False, back=False):
    """Do as maintainers do: run once more, anew, or go back and forth."""
    if back:
        generation.rollback(index)
    reindex(index.parent / "corpus", index, BuildOptions(full=full))


@pytest.mark.parametrize(
    "ways",
    [[], [{}, {}], [{"full": True}, {"full": True}], [{"full": True}, {"back": True}], [{"back": True}, {}]],
    ids=["at once", "two runs", "two full runs", "full and rollback", "rollback"],
)
def test_what_was_added_today_is_first_whenever_it_starts(index, ways):
    for way in ways:
        again(index, **way)
    client = application(index).test_client()
    assert ids(client, "q=courts&sort=-added")[0] == "new"
    assert ids(client, "sort=added")[-1] == "new"
    assert feed(client, "q=courts")[0] == ("new", client.get("/api/v1/projects/new").json["first_seen"])
    assert ids(client, f"added_from={today()}") == ["new"]
    assert sorted(ids(client, f"added_to={date.fromordinal(today().toordinal() - 1)}")) == [p.id for p in OLD]
    assert ids(client, f"added_from={today().year - 1}&q=ago") == ["new"]


def test_what_changed_is_found_by_when_and_keeps_its_place_in_the_feed(index, tmp_path):
    other = Project("old-0", "Courts of appeal", start=date(2020, 1, 1))
    reindex(write_corpus(tmp_path / "corpus", [other, *OLD[1:], NEW]), index)
    client = application(index).test_client()
    assert ids(client, f"changed_from={today()}") == ["old-0"]
    assert ids(client, "sort=-changed")[0] == "old-0"
    entries = dict(feed(client))
    assert next(iter(entries)) == "new"
    hits = {hit["id"]: hit for hit in client.get("/api/v1/search").json["results"]}
    assert entries["old-0"] == hits["old-0"]["last_changed"] > hits["old-0"]["first_seen"]
    assert hits["old-1"]["last_changed"] is None


def test_a_rollback_shows_what_was_known_then(index):
    generation.rollback(index)
    engine = SearchEngine.open(index)
    assert [run.count("added") for run in engine.backend._past.runs] == [4]
    assert engine.when("new") == engine.when("nobody") == (None, None)


@pytest.mark.parametrize("state", ["missing", "damaged", "unreadable"])
def test_without_a_history_nothing_is_claimed(index, state, caplog):
    path = index / HISTORY
    content = path.read_bytes()
    path.unlink()
    if state == "damaged":
        path.write_bytes(content[:100] + bytes(50) + content[150:])
    elif state == "unreadable":
        os.mkfifo(path)
    engine = SearchEngine.open(index)
    hits = engine.search(SearchRequest(sort="-added")).hits
    assert {hit.when for hit in hits} == {(None, None)}
    assert [hit.project.id for hit in hits] == [hit.project.id for hit in engine.search(SearchRequest()).hits]
    since = Filters.of({"added_from": [Period.parse("1970")]})
    assert engine.search(SearchRequest(filters=since)).total == 0
    assert bool(caplog.records) == (state != "missing")


def test_without_a_history_a_feed_says_when_the_index_was_built(index):
    (index / HISTORY).unlink()
    client = application(index).test_client()
    built = client.get("/api/v1/search").json["index"]["built_at"]
    assert {updated for _, updated in feed(client)} == {built}


def test_the_order_by_first_seen_is_that_of_the_moments(tmp_path):
    projects, index = [], tmp_path / "index"
    for number in (3, 1, 4, 2):
        projects.append(Project(str(number), "Courts", start=date(2000 + number, 1, 1)))
        reindex(write_corpus(tmp_path / "corpus", projects), index)
    engine = SearchEngine.open(index)
    for order, expected in (("-added", "2413"), ("added", "3142")):
        hits = engine.search(SearchRequest(sort=order)).hits
        assert "".join(hit.project.id for hit in hits) == expected
    assert np.unique(engine.backend._past.seen.first).size == 4


def test_chips_addresses_and_errors_are_as_for_every_filter(index):
    client = application(index).test_client()
    answer = client.get(f"/api/v1/search?sort=-added&added_from={today()}&q=courts")
    assert answer.json["links"]["self"] == f"/api/v1/search?q=courts&added_from={today()}&sort=-added"
    page = parsed(client.get(f"/search?added_from={today()}&changed=2021-2024"))
    chips = [text_of(one) for one in page.findall(".//div[@class='chips']/ul/li/a[@rel='nofollow']")]
    assert chips == [f"Remove First seen from: {today()} ×", "Remove Last changed: 2021–2024 ×"]
    wrong = client.get("/api/v1/search?added_from=soon&changed_from=2021&changed_to=2020").json["errors"]
    assert [(one["parameter"], one["code"]) for one in wrong] == [
        ("added_from", "not_a_date"),
        ("changed_to", "range_inverted"),
    ]
    page = parsed(client.get("/search?added_from=soon"))
    places = {one.get("id") for one in page.iter() if one.get("id")}
    links = [one.get("href") for one in page.findall(".//section[@class='alert']//a")]
    assert [one for one in links if one[1:] not in places] == []
