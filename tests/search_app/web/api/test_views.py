"""The JSON API over real indexes: answers, links, headers, conditional requests."""

import gzip
import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from indexer.build import reindex
from indexer.document import MAX_NAME_LENGTH
from search_app.config import SETTINGS
from tests.building import index_of
from tests.documents import CALLE, CAMINOS, LABOUR, MUNICIPAL, ROOT, TECLAB, VISION_ZERO
from tests.html import parsed
from tests.opensearch.backends import OVER_BOTH, application

pytestmark = OVER_BOTH

SEARCH = "/api/v1/search"


def titles(client, query):
    return [hit["title"] for hit in client.get(f"{SEARCH}?{query}").json["results"]]


def test_the_first_hit_has_all_that_the_contract_says(client):
    answer = client.get(f"{SEARCH}?q=labour+courts&as_of=2026-01-01").json

    hit = answer["results"][0]
    assert {name: hit[name] for name in ("id", "url", "title", "description", "grantee")} == {
        "id": TECLAB.id,
        "url": f"/projects/{TECLAB.id}",
        "title": TECLAB.title,
        "description": TECLAB.description,
        "grantee": "Ergo Group, Inc.",
    }
    assert (hit["start_date"], hit["end_date"], hit["status"]) == ("2023-01-23", "2027-07-23", "active")
    assert hit["highlights"]["title"] == (
        "Towards Effective <mark>Courts</mark> and Coordinated <mark>Labor</mark> Justice"
    )
    assert any("<mark>labor</mark> <mark>courts</mark>" in text for text in hit["highlights"]["description"])
    assert hit["matched"]["terms"] == ["labour", "courts"]
    assert hit["matched"]["missing"] == []


def test_the_query_is_told_as_it_was_understood(client):
    answer = client.get(f"{SEARCH}?q=labour+courts&status=active&active_on=2024&as_of=2026-01-01").json

    assert answer["query"] == {
        "q": "labour courts",
        "op": "and",
        "relaxed": False,
        "relaxed_to": None,
        "terms": [
            {"text": "labour", "also": ["labor"], "forms": ["labor"], "synonyms": []},
            {"text": "courts", "also": [], "forms": [], "synonyms": []},
        ],
        "filters": {"active_on": ["2024"], "status": ["active"]},
        "sort": "relevance",
        "as_of": "2026-01-01",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("q=verite", [MUNICIPAL], id="accents-do-not-matter"),
        pytest.param("q=TECLAB", [TECLAB], id="acronym"),
        pytest.param("active_on=2020-06", [CALLE], id="active-on-a-month"),
        pytest.param("status=completed&as_of=2025-01-01", [CALLE], id="completed-as-of"),
        pytest.param("start_from=2022", [MUNICIPAL, TECLAB, CAMINOS], id="started-from"),
        pytest.param("end_to=2025", [VISION_ZERO, CALLE], id="ended-until"),
        pytest.param("active_from=2020&active_to=2020", [CALLE], id="active-between"),
        pytest.param("active_on=2021&active_from=2024-01", [VISION_ZERO, CALLE], id="dates-add-up"),
        pytest.param(
            "grantee=American+Institutes+for+Research&sort=start_date", [CALLE, CAMINOS], id="grantee"
        ),
        pytest.param("grantee=Ergo+Group,+Inc.&grantee=Verité", [MUNICIPAL, TECLAB], id="either-grantee"),
        pytest.param("sort=title", [VISION_ZERO, CALLE, MUNICIPAL, CAMINOS, TECLAB], id="by-title"),
    ],
)
def test_a_search_finds_exactly(client, query, expected):
    assert titles(client, query) == [project.title for project in expected]


def test_pages_partition_the_hits(labour):
    every = [hit["id"] for hit in labour.get(f"{SEARCH}?q=work&op=or&per_page=100").json["results"]]

    address, seen = f"{SEARCH}?q=work&op=or&per_page=7", []
    while address:
        page = labour.get(address).json
        seen += [hit["id"] for hit in page["results"]]
        address = page["links"]["next"]
    assert len(every) > 14
    assert seen == every


def test_a_page_beyond_the_end_is_empty(client):
    answer = client.get(f"{SEARCH}?page=1000000000")

    assert answer.status_code == 200
    assert (answer.json["results"], answer.json["page"], answer.json["total"]) == ([], 1_000_000_000, 5)
    assert answer.json["links"]["next"] is None
    assert answer.json["links"]["prev"] == SEARCH


def test_links_lead_to_the_other_pages_and_forms(client):
    links = client.get(f"{SEARCH}?q=labor&per_page=2&page=2&explain=1").json["links"]

    assert links == {
        "self": f"{SEARCH}?q=labor&explain=1&per_page=2&page=2",
        "first": f"{SEARCH}?q=labor&explain=1&per_page=2",
        "prev": f"{SEARCH}?q=labor&explain=1&per_page=2",
        "next": f"{SEARCH}?q=labor&explain=1&per_page=2&page=3",
        "last": f"{SEARCH}?q=labor&explain=1&per_page=2&page=3",
        "html": "/search?q=labor&per_page=2&page=2",
        "csv": "/search.csv?q=labor",
        "xlsx": "/search.xlsx?q=labor",
        "jsonl": "/search.jsonl?q=labor",
        "atom": "/search.atom?q=labor",
    }


def test_the_link_header_says_the_same(client):
    header = client.get(f"{SEARCH}?q=labor&per_page=2").headers["Link"]

    relations = re.findall(r'<([^>]*)>; rel="([a-z]+)"(?:; type="([^"]+)")?', header)
    assert relations == [
        (f"{SEARCH}?q=labor&per_page=2", "first", ""),
        (f"{SEARCH}?q=labor&per_page=2&page=2", "next", ""),
        (f"{SEARCH}?q=labor&per_page=2&page=3", "last", ""),
        ("/search?q=labor&per_page=2", "alternate", "text/html"),
        ("/search.csv?q=labor", "alternate", "text/csv"),
        (
            "/search.xlsx?q=labor",
            "alternate",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("/search.jsonl?q=labor", "alternate", "application/x-ndjson"),
        ("/search.atom?q=labor", "alternate", "application/atom+xml"),
    ]


FACET_SEARCHES = [
    pytest.param("q=children+OR+inspection&op=and", id="words"),
    pytest.param("status=completed&as_of=2024-06-01", id="filtered-by-status"),
    pytest.param("active_on=2015&per_page=5&page=2", id="filtered-by-date"),
    pytest.param("q=labour&as_of=2020-01-01", id="as-of-a-day"),
]


@pytest.mark.parametrize("query", FACET_SEARCHES)
def test_every_count_is_the_total_of_the_search_that_its_url_makes(labour, query):
    facets = labour.get(f"{SEARCH}?{query}").json["facets"]

    buckets = [one for facet in facets.values() if not chosen(facet) for one in facet["buckets"]]
    assert len(buckets) > 10
    assert [labour.get(one["url"]).json["total"] for one in buckets] == [one["count"] for one in buckets]


def chosen(facet):
    return any(one["selected"] for one in facet["buckets"])


def test_a_chosen_bucket_is_taken_back_by_its_url(labour):
    facets = labour.get(f"{SEARCH}?q=labor&status=completed&as_of=2024-06-01").json["facets"]

    (selected,) = [one for one in facets["status"]["buckets"] if one["selected"]]
    assert selected["url"] == f"{SEARCH}?q=labor&as_of=2024-06-01"


def test_a_range_bucket_has_its_days_and_a_word_has_none(client):
    facets = client.get(f"{SEARCH}?as_of=2025-01-01").json["facets"]

    named = ["active_year", "start_year", "end_year", "status", "grantee"]
    assert list(facets) == [*named, "countries_mentioned", "world_region"]
    assert facets["active_year"]["buckets"][0] == {
        "value": "2019",
        "label": "2019",
        "count": 1,
        "selected": False,
        "url": f"{SEARCH}?active_year=2019&as_of=2025-01-01",
        "from": "2019-01-01",
        "to": "2019-12-31",
    }
    assert facets["status"] == {
        "type": "terms",
        "label": "Status",
        "more": 0,
        "buckets": [
            {
                "value": "active",
                "label": "Active",
                "count": 4,
                "selected": False,
                "url": f"{SEARCH}?status=active&as_of=2025-01-01",
            },
            {
                "value": "completed",
                "label": "Completed",
                "count": 1,
                "selected": False,
                "url": f"{SEARCH}?status=completed&as_of=2025-01-01",
            },
        ],
    }


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        pytest.param("none", [], id="none"),
        pytest.param("grantee", ["grantee"], id="one"),
        pytest.param("grantee,active_year", ["active_year", "grantee"], id="two"),
    ],
)
def test_only_the_facets_asked_for_are_counted(client, asked, names):
    assert list(client.get(f"{SEARCH}?facets={asked}").json["facets"]) == names


def urls_in(value):
    if isinstance(value, dict):
        found = [value["url"]] if "url" in value else []
        found += [url for name, url in value.get("links", {}).items() if url]
        return found + [url for one in value.values() for url in urls_in(one)]
    return [url for one in value for url in urls_in(one)] if isinstance(value, list) else []


def test_every_url_in_an_answer_resolves(client):
    answer = client.get(f"{SEARCH}?q=inspecters+verite&per_page=1").json

    urls = urls_in(answer)
    assert len(urls) > 15
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_a_misspelled_query_is_suggested_corrected(client):
    suggestion = client.get(f"{SEARCH}?q=inspecters+automotiv").json["suggestion"]

    assert suggestion["total"] == client.get(suggestion["url"]).json["total"] > 0


def test_a_repair_is_a_warning(client):
    answer = client.get(f'{SEARCH}?q="labor courts')

    assert answer.status_code == 200
    assert [warning["code"] for warning in answer.json["warnings"]] == ["unclosed_quote"]


def test_explain_adds_the_parts_of_each_score(client):
    plain = client.get(f"{SEARCH}?q=labor+courts").json["results"][0]
    explained = client.get(f"{SEARCH}?q=labor+courts&explain=1").json["results"][0]

    assert "explanation" not in plain
    parts = explained["explanation"]
    assert sum(part["score"] for part in parts) == pytest.approx(explained["score"], abs=1e-3)


def test_one_project(client):
    project = client.get(f"/api/v1/projects/{TECLAB.id}").json

    assert (project["title"], project["grantee"], project["extra"]) == (TECLAB.title, TECLAB.grantee, {})
    assert project["url"] == f"/projects/{TECLAB.id}"


def test_other_columns_of_the_source_are_given(labour):
    assert labour.get("/api/v1/projects/cocoa-ghana").json["extra"] == dict(LABOUR["cocoa-ghana"].extra)


def test_similar_projects_share_words(labour):
    answer = labour.get("/api/v1/projects/cocoa-ghana/similar").json

    assert answer["id"] == "cocoa-ghana"
    assert 0 < len(answer["results"]) <= 5
    assert all(one["terms"] and one["id"] != "cocoa-ghana" for one in answer["results"])


def test_completions_lead_on(client):
    answer = client.get("/api/v1/suggest?q=inspec").json

    assert answer["q"] == "inspec"
    assert {one["kind"] for one in answer["completions"]} <= {"word", "title", "grantee"}
    assert [client.get(one["url"]).status_code for one in answer["completions"]] == [200] * len(
        answer["completions"]
    )
    assert any(one["text"].startswith("inspec") for one in answer["completions"])


AWKWARD_IDS = [
    "a/b//c/",
    "with space & more?x=1#y",
    "größe-日本",
    "100%",
    "report.json",
    "x/similar",
    "a+b",
    "'<b>\"",
]


@pytest.fixture(scope="module")
def awkward(backend, tmp_path_factory):
    projects = [replace(TECLAB, id=one, title=f"Project {number}") for number, one in enumerate(AWKWARD_IDS)]
    return backend.application(index_of(tmp_path_factory.mktemp("awkward"), projects)).test_client()


@pytest.mark.parametrize("project_id", AWKWARD_IDS, ids=repr)
def test_any_id_has_addresses_that_resolve(awkward, project_id):
    encoded = quote(project_id, safe="")

    assert awkward.get(f"/api/v1/projects/{encoded}").json["id"] == project_id
    assert awkward.get(f"/projects/{encoded}.json").json["id"] == project_id
    assert awkward.get(f"/api/v1/projects/{encoded}/similar").json["id"] == project_id
    assert awkward.get(f"/projects/{encoded}").status_code == 200


def test_an_answer_can_be_cached_and_revalidated(client):
    first = client.get(f"{SEARCH}?q=courts")
    again = client.get(f"{SEARCH}?q=courts", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Length" not in again.headers
    assert client.get(f"{SEARCH}?q=unions").headers["ETag"] != first.headers["ETag"]


def test_two_ways_to_write_a_search_have_one_etag(client):
    one = client.get(f"{SEARCH}?status=active&q=labor&page=1")
    other = client.get(f"{SEARCH}?q=labor&op=and&status=active")

    assert one.headers["ETag"] == other.headers["ETag"]


def test_the_first_answer_can_be_revalidated_too(backend, seed_index):
    etag = backend.application(seed_index).test_client().get(f"{SEARCH}?q=courts").headers["ETag"]

    fresh = (
        backend.application(seed_index)
        .test_client()
        .get(f"{SEARCH}?q=courts", headers={"If-None-Match": etag})
    )
    assert (fresh.status_code, fresh.data) == (304, b"")


def test_large_answers_are_compressed_for_who_can_read_it(client):
    plain = client.get(f"{SEARCH}?q=labor")
    packed = client.get(f"{SEARCH}?q=labor", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data)[:30] == plain.data[:30]
    assert len(packed.data) < len(plain.data) / 2


def test_small_answers_are_not(client):
    answer = client.get("/api/v1/suggest?q=zzzz", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("repeat", [pytest.param(0, id="first"), pytest.param(1, id="kept")])
def test_head_is_get_without_a_body(backend, seed_index, repeat):
    client = backend.application(seed_index).test_client()
    for _ in range(repeat):
        client.get(f"{SEARCH}?q=labor")
    head, get = client.head(f"{SEARCH}?q=labor"), client.get(f"{SEARCH}?q=labor")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.data))
    assert head.headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"], ids=str.lower)
def test_other_methods_are_told_which_are_allowed(client, method):
    answer = client.open(SEARCH, method=method)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_any_site_may_read_the_api(client):
    assert client.get(SEARCH).headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{SEARCH}?page=0").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/search").headers


def test_without_an_index_it_says_what_to_do_and_begins_by_itself(tmp_path):
    client = application(tmp_path / "index").test_client()

    before = client.get(f"{SEARCH}?q=courts")
    reindex(ROOT / "corpus", tmp_path / "index")
    after = client.get(f"{SEARCH}?q=courts")

    assert before.status_code == 503
    assert "reindex" in before.json["detail"]
    assert int(before.headers["Retry-After"]) > 0
    assert (after.status_code, after.json["results"][0]["title"]) == (200, TECLAB.title)


def test_every_answer_names_its_generation(client, seed_index):
    index = client.get(SEARCH).json["index"]

    assert (seed_index / index["generation"]).is_dir()
    assert (index["documents"], index["built_at"][-1]) == (5, "Z")


def test_the_longest_name_that_an_index_takes_can_be_asked_for(backend, tmp_path):
    longest = replace(CALLE, grantee="Ministère " * (MAX_NAME_LENGTH // 10))
    client = backend.application(index_of(tmp_path, [longest, TECLAB])).test_client()
    bucket = next(
        one for one in client.get(SEARCH).json["facets"]["grantee"]["buckets"] if len(one["value"]) > 999
    )

    assert client.get(bucket["url"]).json["total"] == 1
    assert titles(client, f"grantee_not={quote(bucket['value'])}") == [TECLAB.title]
    assert (
        client.get(f"{SEARCH}?grantee={'x' * (MAX_NAME_LENGTH + 1)}").json["errors"][0]["code"] == "too_long"
    )


def test_settings_limit_what_can_be_asked(backend, seed_index):
    client = backend.application(seed_index, SEARCH_MAX_PER_PAGE=10, SEARCH_MAX_QUERY_LENGTH=20).test_client()

    assert client.get(f"{SEARCH}?per_page=11").status_code == 400
    assert client.get(f"{SEARCH}?q={'x' * 21}").status_code == 413
    assert client.get(SEARCH).json["per_page"] == 10
    assert {"SEARCH_MAX_PER_PAGE", "SEARCH_MAX_QUERY_LENGTH"} <= {one.name for one in SETTINGS}


def test_no_page_has_more_hits_than_is_set(backend, labour_index):
    client = backend.application(labour_index, SEARCH_MAX_PER_PAGE=3).test_client()
    answer = client.get(SEARCH).json
    pages = [
        parsed(client.get(one)) for one in ("/search", "/search?q=labour&view=table", "/search?per_page=3")
    ]

    assert (answer["per_page"], len(answer["results"])) == (3, 3)
    assert client.get(answer["links"]["next"]).json["results"][0] not in answer["results"]
    assert [len(page.findall(".//article")) for page in pages] == [3, 0, 3]
    assert len(pages[1].findall(".//table[@class='hits']/tbody/tr")) == 3
