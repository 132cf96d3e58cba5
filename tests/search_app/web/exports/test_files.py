"""The same search as a file, a feed, data and in a browser's search bar."""

import csv
import gc
import gzip
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from indexer.build import reindex
from search_app.web.exports import tabular
from search_app.web.exports.feeds import Entry, Feed, atom
from search_app.web.serving.ops import FILES_AT_ONCE
from tests.building import index_of, write_corpus
from tests.documents import CALLE, LABOUR, MUNICIPAL, SEED, TECLAB, VISION_ZERO
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_file_has_every_hit_and_every_field(client):
    answer = client.get("/search.csv?q=labour+courts&as_of=2026-01-01&per_page=1&page=7")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="projects.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    first, second = rows(answer)
    score = float(first.pop("score"))
    assert first == {
        "id": TECLAB.id,
        "title": TECLAB.title,
        "description": TECLAB.description,
        "grantee": "Ergo Group, Inc.",
        "start_date": "2023-01-23",
        "end_date": "2027-07-23",
        "status": "active",
        "url": f"http://localhost/projects/{TECLAB.id}",
        "countries_mentioned": "Mexico",
        "world_region": "Central America",
    }
    assert (second["title"], score > float(second["score"]) > 0) == (CALLE.title, True)


def test_an_unknown_date_is_an_empty_cell(labour):
    undated = [one.id for one in LABOUR.values() if one.start is None]
    cells = {row["id"]: row["start_date"] for row in rows(labour.get("/search.csv"))}

    assert {name for name, day in cells.items() if not day} == set(undated)
    assert undated


FORMULAS = [
    pytest.param("＝1+1", id="fullwidth equals"),
    pytest.param("＋1", id="fullwidth plus"),
    pytest.param("－1", id="fullwidth minus"),
    pytest.param("＠SUM(1)", id="fullwidth at"),
    pytest.param('"=1+1', id="after a quote"),
    pytest.param("'=1+1", id="after an apostrophe"),
    pytest.param("=1+1", id="equals"),
    pytest.param("+cmd|' /C calc'!A0", id="plus"),
    pytest.param("-2+3", id="minus"),
    pytest.param("@SUM(1)", id="at"),
    pytest.param("\t=1", id="tab"),
    pytest.param('=HYPERLINK("http://evil.example","x")', id="hyperlink"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_is_never_a_formula(backend, text, tmp_path):
    poisoned = replace(TECLAB, id="-x", title=text, description=text, grantee=text)
    client = backend.application(index_of(tmp_path, [poisoned])).test_client()

    (row,) = rows(client.get("/search.csv"))
    assert {row[name][0] for name in ("id", "title", "description", "grantee")} == {"'"}
    assert row["title"].endswith(text.strip())


def test_a_file_of_many_hits_comes_in_pieces(backend, tmp_path):
    projects = [replace(TECLAB, id=f"p{number:04}", title=f"Project {number}") for number in range(450)]
    client = backend.application(index_of(tmp_path, projects)).test_client()

    answer = client.get("/search.csv")
    assert answer.is_streamed
    assert [row["id"] for row in rows(answer)] == [project.id for project in projects]


def test_a_file_is_compressed_piece_by_piece(labour):
    plain = labour.get("/search.csv")
    packed = labour.get("/search.csv", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def feed_of(client, address):
    answer = client.get(address)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)


def test_a_feed_begins_with_what_was_first_seen_last_and_then_started_last(client):
    feed = feed_of(client, "/search.atom?q=labor&sort=title")

    assert feed.findtext(f"{ATOM}title") == "labor – Grant project search"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == "http://localhost/search.atom?q=labor"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 5
    assert {name: entries[0].findtext(f"{ATOM}{name}") for name in ("title", "id", "updated", "summary")} == {
        "title": MUNICIPAL.title,
        "id": f"http://localhost/projects/{MUNICIPAL.id}",
        "updated": client.get(f"/api/v1/projects/{MUNICIPAL.id}").json["first_seen"],
        "summary": MUNICIPAL.description,
    }
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "Verité"


def test_a_feed_has_the_fifty_newest(labour):
    entries = feed_of(labour, "/search.atom").findall(f"{ATOM}entry")

    newest = labour.get("/api/v1/search?sort=-added&per_page=50").json["results"]
    assert len(LABOUR) > len(entries) == 50
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"http://localhost{hit['url']}" for hit in newest
    ]


def test_what_xml_cannot_carry_becomes_a_space():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    entry = Entry("/projects/a", "before\x08after", moment, "g\x1f", "\ufffe<b>&\ud800")
    written = atom(Feed("t\x00", "/f", "/p", moment, "site", [entry]))

    read = ET.fromstring(written)
    assert read.findtext(f"{ATOM}title") == "t "
    assert read.findtext(f"{ATOM}entry/{ATOM}title") == "before after"
    assert read.findtext(f"{ATOM}entry/{ATOM}summary") == " <b>& "


@pytest.fixture(scope="module")
def changed(backend, tmp_path_factory):
    """A client over an index whose last update extended one project, took one away and brought one."""
    folder = tmp_path_factory.mktemp("changed")
    corpus = write_corpus(folder / "corpus", SEED[:4])
    reindex(corpus, folder / "index")
    write_corpus(corpus, [replace(TECLAB, end=date(2028, 7, 23)), *SEED[2:]])
    reindex(corpus, folder / "index")
    return backend.application(folder / "index").test_client()


def test_changes_are_a_page(changed):
    page = changed.get("/changes").text

    assert all(heading in page for heading in ("Changed (1)", "Added (5)", "Removed (1)"))
    assert '<del dir="auto">2027-07-23</del>' in page
    assert '<ins dir="auto">2028-07-23</ins>' in page
    assert f'href="/projects/{TECLAB.id}"' in page
    assert f'href="/projects/{MUNICIPAL.id}"' not in page


def test_changes_are_a_feed(changed):
    feed = feed_of(changed, "/changes.atom")

    told = {entry.findtext(f"{ATOM}title"): entry for entry in feed.findall(f"{ATOM}entry")}
    # The four of the first run are new today as well.
    assert set(told) == {
        f"Changed: {TECLAB.title}",
        *(f"Added: {project.title}" for project in SEED),
        f"Removed: {MUNICIPAL.title}",
    }
    assert told[f"Changed: {TECLAB.title}"].findtext(f"{ATOM}summary") == "end date: 2027-07-23 → 2028-07-23."
    assert len({entry.findtext(f"{ATOM}id") for entry in told.values()}) == len(told)


def test_a_project_as_data_is_the_api_s_answer(client):
    page_twin = client.get(f"/projects/{VISION_ZERO.id}.json").json

    assert page_twin == client.get(f"/api/v1/projects/{VISION_ZERO.id}").json


def test_a_browser_can_add_the_service(client):
    description = ET.fromstring(client.get("/opensearch.xml").data)

    templates = {url.get("type"): url.get("template") for url in description.findall(f"{OPENSEARCH}Url")}
    assert templates == {
        "text/html": "http://localhost/search?q={searchTerms}",
        "application/x-suggestions+json": "http://localhost/suggestions?q={searchTerms}",
    }
    assert description.findtext(f"{OPENSEARCH}ShortName") == "Grant project"


def test_a_browser_gets_suggestions_in_its_form(client):
    answer = client.get("/suggestions?q=inspec")

    typed, texts = json.loads(answer.data)
    assert answer.content_type == "application/x-suggestions+json"
    assert typed == "inspec"
    assert texts == [one["text"] for one in client.get("/api/v1/suggest?q=inspec").json["completions"]]


def test_crawlers_are_kept_from_endless_combinations(client):
    text = client.get("/robots.txt").text

    assert text.splitlines()[0] == "User-agent: *"
    assert "Disallow: /search\n" in text
    assert "/projects" not in text
    assert "/grantees" not in text
    assert "Sitemap" not in text


def test_so_many_files_at_once_and_no_more(backend, labour_index):
    app = backend.application(labour_index)
    going = [app.test_client().get("/search.csv") for _ in range(FILES_AT_ONCE)]

    assert {answer.status_code for answer in going} == {200}
    refused = app.test_client().get("/search.csv")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert app.test_client().get("/search?q=labor").status_code == 200
    going.pop().close()
    gc.collect()
    assert app.test_client().get("/search.csv", buffered=True).status_code == 200


def test_a_file_is_not_made_for_who_has_it(labour, monkeypatch):
    known = labour.get("/search.csv", buffered=True).headers["ETag"]
    monkeypatch.setattr(tabular, "_texts", lambda *_: pytest.fail("a row was made"))

    answer = labour.get("/search.csv", headers={"If-None-Match": known}, buffered=True)
    assert (answer.status_code, answer.data) == (304, b"")
    assert labour.get("/search.csv", headers={"If-Match": '"other"'}, buffered=True).status_code == 412
