"""The changes as a page, as data and as a feed: by day, of kinds, of a search, with what changed in each field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import orjson
import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.storage import generation
from indexer.storage.days import today
from indexer.storage.folder.ownership import HISTORY
from indexer.storage.history import records
from search_app.backend.page_of_changes import Event
from search_app.engine.search import SearchEngine
from search_app.request import ChangesRequest
from search_app.web.api import dumped_changes
from search_app.web.api.json_values import as_json
from search_app.web.api.schemas.history import ChangesSchema
from search_app.web.changed import linked_changes
from search_app.web.pages.parts.listing.changes import SHOWN_EDITS, UNKNOWN_TITLE, changed_project
from search_app.web.urls import CHANGES_API
from tests.building import write_corpus
from tests.conftest import application
from tests.html import parsed, text_of
from tests.search_app.engine.test_past import ATOM, moved

PROJECTS = [
    Project(f"p{number:02}", f"Courts {number}", "Of law.", start=date(2000 + number, 1, 1))
    for number in range(20)
]
LONG_AGO = Project("new", "Mines of old", start=date(1950, 1, 1))
MARKUP = "5 < 6 & <7"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """An index of three days: twenty added; one added and two changed; two removed, one of them back today."""
    folder = tmp_path_factory.mktemp("changes")
    corpus, index = folder / "corpus", folder / "index"
    options = BuildOptions(allow_shrink=True)
    reindex(write_corpus(corpus, PROJECTS), index, options)
    moved(index, 2)
    projects = [
        *PROJECTS[:18],
        replace(PROJECTS[18], end=date(2030, 1, 1)),
        replace(PROJECTS[19], title=MARKUP),
    ]
    reindex(write_corpus(corpus, [*projects, LONG_AGO]), index, options)
    moved(index, 3)
    reindex(write_corpus(corpus, projects[2:]), index, options)
    reindex(write_corpus(corpus, [*projects[1:], LONG_AGO]), index, options)
    return index


@pytest.fixture(scope="module")
def client(index):
    return application(index).test_client()


def day(before=0):
    return (today() - timedelta(before)).isoformat()


def told(client, **asked):
    answer = client.get(f"/api/v1/changes?{urlencode(asked, doseq=True)}").json
    return [(one["at"][:10], one["kind"], one["id"]) for one in answer["results"]]


def test_everything_that_happened_is_told_by_day_and_kind(client):
    days = {}
    for one, kind, project_id in told(client, per_page=100):
        days.setdefault((one, kind), []).append(project_id)
    assert list(days) == [
        (day(), "added"), (day(), "removed"), (day(3), "added"), (day(3), "changed"), (day(5), "added"),
    ]  # fmt: skip
    # As they stand in the index: newest start first.
    assert days[day(), "added"] == ["p01", "new"]
    assert sorted(days[day(), "removed"]) == ["new", "p00", "p01"]
    assert days[day(3), "added"] == ["new"]
    assert days[day(3), "changed"] == ["p19", "p18"]
    assert [one for one in days[day(5), "added"] if one != "p00"] == [p.id for p in PROJECTS[:0:-1]]
    assert "p00" in days[day(5), "added"]


def test_kinds_days_and_a_search_narrow(client):
    assert {one for _, _, one in told(client, kind="changed")} == {"p18", "p19"}
    assert {kind for _, kind, _ in told(client, kind=["changed", "removed"])} == {"changed", "removed"}
    assert {one for one, *_ in told(client, **{"from": day(3), "to": day(1)})} == {day(3)}
    assert told(client, **{"from": day(-1)}) == []
    assert told(client, q="mines") == [
        (day(), "added", "new"), (day(), "removed", "new"), (day(3), "added", "new"),
    ]  # fmt: skip
    # Of one that is not there any more no text is left.
    assert told(client, q="courts", kind="removed") == [(day(), "removed", "p01")]


@pytest.mark.parametrize("q", ["mines AND (", "start_date:2020", "[1900 TO 1950]", "zeppelins (", '"mines'])
def test_what_was_not_understood_of_the_words_is_told_as_of_a_search(client, q):
    asked = urlencode({"q": q})
    told = client.get(f"/api/v1/search?{asked}").json["warnings"]
    shown = text_of(parsed(client.get(f"/changes?{asked}")))

    assert told
    assert client.get(f"/api/v1/changes?{asked}").json["warnings"] == told
    # People are told the same, but for the parameters that programs are told.
    messages = [one["message"].partition(" In the address, ")[0] for one in told]
    assert all(" ".join(one.split()) in shown for one in messages)
    assert "_from=" not in shown


def test_the_title_says_which_changes(client):
    titles = [text_of(parsed(client.get(f"/changes{one}")).find(".//title")) for one in ("", "?q=mines")]
    assert [title.partition(" – ")[0] for title in titles] == ["Changes", "Changes: mines"]


def test_words_that_were_understood_have_no_warnings(client):
    assert client.get("/api/v1/changes?q=mines").json["warnings"] == []
    assert client.get("/api/v1/changes").json["warnings"] == []


def test_the_page_says_how_a_search_was_relaxed_only_of_what_it_lists(client):
    forms, some = "these have them in other forms.", "No project has all the words; these have some."
    assert forms in client.get('/changes?q="mine"').text
    assert some in client.get("/changes?q=mines+zeppelins").text
    nothing = client.get("/changes?q=mines+zeppelins&kind=changed").text
    assert forms not in nothing
    assert some not in nothing


def test_every_page_of_it_is_everything(client):
    address, found = "/api/v1/changes?per_page=7", []
    while address:
        answer = client.get(address).json
        found += answer["results"]
        address = answer["links"]["next"]
    assert found == client.get("/api/v1/changes?per_page=100").json["results"]
    assert len(found) == answer["total"] == 28
    assert client.get("/api/v1/changes?page=99").json["links"]["prev"] == "/api/v1/changes"


def test_what_changed_in_each_field_is_told(client):
    changed = {one["id"]: one for one in client.get("/api/v1/changes?kind=changed").json["results"]}
    assert changed["p18"]["fields"] == [{"field": "end date", "before": "unknown", "after": "2030-01-01"}]
    assert changed["p19"]["fields"] == [{"field": "title", "before": "Courts 19", "after": MARKUP}]
    assert changed["p18"]["url"] == "/projects/p18"


def test_one_that_came_back_says_so_and_one_that_is_gone_has_no_address(client):
    events = client.get("/api/v1/changes").json["results"]
    back = {
        one["id"]: one["returned"] for one in events if one["kind"] == "added" and one["at"][:10] == day()
    }
    assert back == {"p01": True, "new": True}
    (gone,) = [one for one in events if one["id"] == "p00" and one["kind"] == "removed"]
    assert (gone["title"], gone["url"], gone["fields"]) == ("Courts 0", None, [])
    (first,) = [
        one
        for one in client.get("/api/v1/changes?kind=added&per_page=100").json["results"]
        if one["id"] == "p00"
    ]
    assert (first["title"], first["url"]) == ("Courts 0", None)


def test_the_page_tells_the_same(client):
    tree = parsed(client.get("/changes"))
    days = [one.find("h2/time").get("datetime") for one in tree.findall(".//section[@class='part']")]
    assert days == [day(), day(3), day(5)]
    headings = [text_of(one) for one in tree.findall(".//h3")]
    assert headings == ["Added (2)", "Removed (3)", "Added (1)", "Changed (2)", "Added (20)"]
    assert [text_of(one) for one in tree.findall(".//ins")] == [MARKUP, "2030-01-01"]
    assert tree.findall(".//li//script") == []
    assert len(client.get("/changes").data) < 200_000


def test_what_changed_in_a_column_is_told_by_the_label_of_its_field(tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    for kind in ("Loan", "Gift"):
        extra = (("award_type", kind), ("Notes", kind))
        reindex(write_corpus(corpus, [replace(one, extra=extra) for one in PROJECTS]), index)
    client = application(index).test_client()
    tree = parsed(client.get("/changes?kind=changed&q=17"))
    feed = ET.fromstring(client.get("/changes.atom").data)

    assert [*map(text_of, tree.findall(".//dl[@class='edits']//dt"))] == ["Award type", "Notes"]
    assert {"Award type: Loan → Gift. Notes: Loan → Gift."} <= {
        entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")
    }
    (told,) = client.get("/api/v1/changes?kind=changed&q=17").json["results"]
    assert [one["field"] for one in told["fields"]] == ["award_type", "Notes"]


def said_beside_fields(tree):
    """Return what the fields that are marked as wrong are described by."""
    marked = [one for one in tree.iter() if one.get("aria-invalid") == "true"]
    places = {one.get("name"): one.get("aria-describedby") for one in marked}
    return {name: text_of(tree.find(f".//*[@id='{place}']")) for name, place in places.items()}


def test_the_form_keeps_what_was_asked_and_says_what_is_wrong(client):
    tree = parsed(client.get(f"/changes?q=mines&kind=added&from={day(9)}&to="))
    assert [one.get("value") for one in tree.findall(".//form[@action='/changes']//input")] == [
        "mines",
        day(9),
        "",
    ]
    assert tree.find(".//form[@action='/changes']//option[@selected]").get("value") == "added"
    assert "have no text left to search" not in text_of(tree.find(".//main"))
    assert "have no text left to search" in client.get("/changes?q=mines").text
    wrong = client.get("/changes?from=soon&to=2021")
    assert wrong.status_code == 400
    told = parsed(wrong).find(".//section[@class='alert']//li")
    assert text_of(told).startswith("soon must be a date")
    assert parsed(wrong).find(f".//*[@id='{told.find('a').get('href')[1:]}']").get("value") == "soon"
    tree = parsed(client.get("/changes?from=2022&to=2021&page=none"))
    assert [*map(text_of, tree.findall(".//section[@class='alert']//li"))] == [
        "2021 must not be before From (2022-01-01)",
        "The page “none” must be a whole number",
    ]
    assert said_beside_fields(tree) == {"to": "Error: To must not be before From (2022-01-01)"}
    assert [*said_beside_fields(parsed(wrong))] == ["from"]
    assert said_beside_fields(parsed(client.get("/changes?from=2021"))) == {}
    assert said_beside_fields(parsed(client.get("/changes?kind=lost"))) == {
        "kind": "Error: “lost” is none of those to choose from"
    }
    assert client.get("/changes?kind=").status_code == 200
    assert client.get("/changes?page=99").status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("from=2021-13", "from", "not_a_date"),
        ("from=2022&to=2021", "to", "range_inverted"),
        ("kind=lost", "kind", "not_a_choice"),
        ("page=0", "page", "out_of_range"),
        ("per_page=101", "per_page", "out_of_range"),
        ("kin=added", "kin", "unknown_parameter"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(client, query, parameter, code):
    answer = client.get(f"/api/v1/changes?{query}")
    assert answer.status_code == 400
    assert [(one["parameter"], one["code"]) for one in answer.json["errors"]] == [(parameter, code)]


def test_the_feed_has_an_entry_for_each_change(client):
    feed = ET.fromstring(client.get("/changes.atom").data)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 28
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")}
    assert {f"Changed: {MARKUP}", "Removed: Courts 0", "Added: Mines of old"} <= titles


def test_entries_are_told_apart_where_nobody_knows_the_ids_any_more(tmp_path, monkeypatch):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    reindex(write_corpus(corpus, PROJECTS[:5]), index)
    # As where more projects went at once than are told of.
    monkeypatch.setattr(records, "MOST_DETAILS", 0)
    reindex(write_corpus(corpus, PROJECTS[:3]), index)
    feed = ET.fromstring(application(index).test_client().get("/changes.atom").data)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]

    assert titles.count(f"Removed: {UNKNOWN_TITLE}") == titles.count(f"Added: {UNKNOWN_TITLE}") == 2
    assert len({*ids}) == len(ids) == 7


def test_an_answer_is_what_its_schema_dumps(index):
    linked = linked_changes(SearchEngine.open(index).changes(ChangesRequest(per_page=5)), CHANGES_API)
    dumped = dumped_changes.changes(linked)
    assert ChangesSchema().dump(linked) == orjson.loads(as_json(dumped))


def test_after_a_rollback_the_page_tells_what_had_happened_then(index, tmp_path):
    corpus, other = tmp_path / "corpus", tmp_path / "index"
    reindex(write_corpus(corpus, PROJECTS[:2]), other)
    reindex(write_corpus(corpus, PROJECTS[:3]), other)
    generation.rollback(other)
    assert len(told(application(other).test_client())) == 2


def test_an_index_without_history_says_so(tmp_path):
    corpus, index = write_corpus(tmp_path / "corpus", PROJECTS[:2]), tmp_path / "index"
    reindex(corpus, index)
    (index / HISTORY).unlink()
    client = application(index).test_client()
    assert "The index has no history yet" in client.get("/changes").text
    assert client.get("/api/v1/changes").json["since"] is None
    reindex(corpus, index)
    fresh = application(index).test_client()
    assert "Nothing was added, changed or removed." in fresh.get("/changes").text
    assert fresh.get("/api/v1/changes").json["since"] is not None


def test_a_list_that_is_not_kept_for_longer_says_from_when_on_it_is_all(tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    reindex(write_corpus(corpus, PROJECTS[:2]), index)
    moved(index, 400)
    assert "removed after" not in application(index).test_client().get("/changes").text
    reindex(write_corpus(corpus, PROJECTS[:3]), index)
    client = application(index).test_client()
    last = (today() - timedelta(400)).isoformat()
    page, nothing = parsed(client.get("/changes")), client.get(f"/changes?to={last}")
    lead = page.find(".//p[@class='lead']")

    assert told(client) == [(day(), "added", "p02")]
    assert lead.find("time").get("datetime").startswith(last)
    assert text_of(lead).startswith("What was added, changed and removed after ")
    shown_day = text_of(lead.find("time"))
    assert f"Nothing like this was added, changed or removed after {shown_day}." in nothing.text


@pytest.mark.parametrize(
    ("event", "note"),
    [
        pytest.param(
            {"kind": "added", "there": True, "returned": True}, "It was in the index before", id="back"
        ),
        pytest.param({"kind": "added", "there": False}, "It is not in the index any more", id="gone since"),
        pytest.param({"kind": "removed", "there": False}, "", id="removed"),
        pytest.param({"kind": "changed", "there": True}, "What changed was not recorded", id="not recorded"),
        pytest.param(
            {
                "kind": "changed",
                "there": True,
                "fields": [(str(n), "a", "b") for n in range(SHOWN_EDITS + 1)],
            },
            "And 1 more field",
            id="many fields",
        ),
    ],
)
def test_what_is_special_of_a_change_is_noted(event, note):
    told = changed_project(Event(moment=MOMENT, id="p", title="Mines", **event), None, {})
    assert told.note == note
    assert len(told.edits) == min(len(event.get("fields", ())), SHOWN_EDITS)


@pytest.mark.parametrize("asked", ["kind=added", f"from={day(9)}", f"to={day()}", "q=mines"])
def test_a_list_that_is_narrowed_leads_to_all(client, asked):
    assert 'href="/changes">Show all' in client.get(f"/changes?{asked}").text
    assert 'href="/changes">Show all' not in client.get("/changes?page=2").text


def test_of_a_long_text_that_changed_the_part_that_differs_is_shown(tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    same = "Inspectors visit the mines of the region. " * 12
    for said in ("Forty of them.", "Fifty of them."):
        project = Project("p", "Mines", f"{same}{said} {same}", start=date(2020, 1, 1))
        reindex(write_corpus(corpus, [project]), index)
    client = application(index).test_client()
    page = parsed(client.get("/changes"))
    before, after = (text_of(page.find(f".//{tag}")) for tag in ("del", "ins"))

    assert "Forty" in before
    assert before.replace("Forty", "Fifty") == after
    assert after.startswith("…")
    assert after.endswith("…")
    assert len(after) <= 302
    feed = client.get("/changes.atom").text
    assert before in feed
    assert after in feed
