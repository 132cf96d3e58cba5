"""The sitemap: every project once, in files no larger than the protocol allows."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from indexer.build import reindex
from search_app.web.exports import sitemaps
from search_app.web.exports.sitemaps import batches
from tests.building import index_of, write_corpus
from tests.documents import TECLAB
from tests.html import parsed
from tests.opensearch.backends import OVER_BOTH
from tests.search_app.engine.test_past import moved

pytestmark = OVER_BOTH

S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "application/xml; charset=utf-8")
    found = ET.fromstring(answer.data)
    # What was never changed was last changed when it was first seen.
    seen = {hit["first_seen"] for hit in client.get("/api/v1/search?per_page=100").json["results"]}
    moments = {one.text for one in found.iter(f"{S}lastmod")}
    assert moments <= seen | {client.get("/api/v1/search").json["index"]["built_at"]}
    return [one.text for one in found.iter(f"{S}loc")]


def test_the_index_leads_to_every_page(labour):
    (part,) = listed(labour, "/sitemap.xml")
    pages = listed(labour, part)

    ids = [hit["id"] for hit in labour.get("/api/v1/search?per_page=100").json["results"]]
    assert pages[:2] == ["http://localhost/", "http://localhost/grantees"]
    projects = [one for one in pages if "/projects/" in one]
    assert [unquote(urlsplit(one).path.removeprefix("/projects/")) for one in projects] == ids
    grantees = labour.get("/api/v1/grantees?per_page=200").json["results"]
    assert pages[2 + len(projects) :] == [f"http://localhost{one['url']}" for one in grantees]
    assert {labour.get(one).status_code for one in pages} == {200}


def test_it_is_split_where_there_are_too_many(backend, labour_index, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 40)
    client = backend.application(labour_index).test_client()
    parts = listed(client, "/sitemap.xml")
    pages = [listed(client, part) for part in parts]

    size = sum(map(len, pages))
    assert [len(one) for one in pages] == [*[40] * (size // 40), *([size % 40] if size % 40 else [])]
    assert len({one for part in pages for one in part}) == size > 64
    for number in (0, 9, 2**63, "9" * 60):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_a_batch_has_as_many_addresses_and_bytes_as_a_file_may_have():
    many = [f"http://x/{number}" for number in range(50_001)]
    long = ["http://x/" + "a" * 2000] * 30_000

    def batched(addresses):
        return list(batches((one, datetime(2026, 1, 1, tzinfo=UTC)) for one in addresses))

    assert [len(one) for one in batched(many)] == [50_000, 1]
    assert all(sum(len(one) + 100 for one, _ in batch) <= sitemaps.MOST_BYTES for batch in batched(long))
    assert sum(map(len, batched(long))) == 30_000
    assert batched(["http://x/" + "a" * 2048]) == [[]]


def test_each_page_says_when_it_last_changed(backend, tmp_path):
    index = index_of(tmp_path, [TECLAB, replace(TECLAB, id="other")])
    moved(index, 7)
    reindex(write_corpus(tmp_path / "corpus", [TECLAB, replace(TECLAB, id="other", title="Renamed")]), index)
    client = backend.application(index).test_client()
    found = ET.fromstring(client.get("/sitemap-1.xml").data)
    told = {
        one.findtext(f"{S}loc").rpartition("/")[2]: one.findtext(f"{S}lastmod")
        for one in found.iter(f"{S}url")
    }
    hits = {hit["id"]: hit for hit in client.get("/api/v1/search").json["results"]}
    assert told[TECLAB.id] == hits[TECLAB.id]["first_seen"] < told["other"] == hits["other"]["last_changed"]


def test_any_id_is_an_address(backend, tmp_path):
    hostile = replace(TECLAB, id="a/b?c&d=<é>")
    client = backend.application(index_of(tmp_path, [hostile])).test_client()

    address = listed(client, "/sitemap-1.xml")[2]
    assert client.get("/api/v1" + urlsplit(address).path).json["id"] == hostile.id


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-1.xml"])
def test_it_is_known_by_its_entity(labour, address):
    known = labour.get(address).headers["ETag"]

    assert labour.get(address, headers={"If-None-Match": known}).status_code == 304
    head = labour.head(address)
    assert (head.status_code, head.data) == (200, b"")


def test_robots_may_read_projects_and_grantees_and_are_told_of_the_sitemap(backend, labour_index):
    client = backend.application(labour_index, SEARCH_PUBLIC_URL="https://grants.example").test_client()
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())

    assert robots.site_maps() == ["https://grants.example/sitemap.xml"]
    assert all(robots.can_fetch("any", path) for path in ("/", "/projects/a", "/grantees", "/sitemap-1.xml"))
    assert not robots.can_fetch("any", "/search?q=a")
    assert listed(client, "/sitemap.xml") == ["https://grants.example/sitemap-1.xml"]


def test_a_page_names_its_one_address(backend, labour_index):
    public = backend.application(labour_index, SEARCH_PUBLIC_URL="https://grants.example").test_client()
    local = backend.application(labour_index).test_client()

    def canonical(client, address):
        return parsed(client.get(address)).find(".//link[@rel='canonical']").get("href")

    project = local.get("/api/v1/search?per_page=1").json["results"][0]["url"]
    for address in ("/", "/grantees", "/changes", project):
        assert canonical(local, address) == address
        assert canonical(public, f"{address}?q=x") == f"https://grants.example{address}"
