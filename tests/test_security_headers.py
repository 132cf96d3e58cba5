"""The headers that keep a visitor safe, on every route and every status (S2)."""

import pytest

from indexer.document import grantee_slug
from search_app.web.serving.admission import turns
from tests.conftest import application
from tests.documents import TECLAB

ANSWERS = [
    pytest.param("/", 200, id="home"),
    pytest.param("/search?q=labor", 200, id="results"),
    pytest.param("/search?date_mode=started&from=2021", 303, id="redirect"),
    pytest.param("/search?page=0", 400, id="results-with-error"),
    pytest.param("/search.csv", 200, id="file"),
    pytest.param("/search.atom", 200, id="feed"),
    pytest.param(f"/projects/{TECLAB.id}", 200, id="project"),
    pytest.param(f"/projects/{TECLAB.id}.json", 200, id="project-as-data"),
    pytest.param("/projects/none", 404, id="no-project"),
    pytest.param("/grantees", 200, id="grantees"),
    pytest.param(f"/grantees/{grantee_slug(TECLAB.grantee)}", 200, id="grantee"),
    pytest.param("/grantees/none", 404, id="no-grantee"),
    pytest.param("/values/grantee", 200, id="values"),
    pytest.param("/api/v1/grantees", 200, id="api-grantees"),
    pytest.param(f"/api/v1/grantees/{grantee_slug(TECLAB.grantee)}", 200, id="api-grantee"),
    pytest.param("/api/v1/changes", 200, id="api-changes"),
    pytest.param("/changes?from=soon", 400, id="changes-with-error"),
    pytest.param("/search.xlsx?q=labor", 200, id="workbook"),
    pytest.param("/search.jsonl?q=labor", 200, id="lines"),
    pytest.param(f"/projects/{TECLAB.id}.bib", 200, id="bibtex"),
    pytest.param(f"/projects/{TECLAB.id}.ris", 200, id="ris"),
    pytest.param("/changes", 200, id="changes"),
    pytest.param("/changes.atom", 200, id="changes-feed"),
    pytest.param("/api/docs", 200, id="reference"),
    pytest.param("/api/v1/search", 200, id="api"),
    pytest.param("/api/v1/search?page=0", 400, id="api-error"),
    pytest.param(f"/api/v1/search?q={'x' * 600}", 413, id="api-long-query"),
    pytest.param(f"/api/v1/projects/{TECLAB.id}", 200, id="api-project"),
    pytest.param(f"/api/v1/projects/{TECLAB.id}/similar", 200, id="api-similar"),
    pytest.param("/api/v1/suggest?q=in", 200, id="api-suggest"),
    pytest.param("/api/v1/openapi.json", 200, id="openapi"),
    pytest.param("/suggestions?q=in", 200, id="browser-suggestions"),
    pytest.param("/opensearch.xml", 200, id="opensearch"),
    pytest.param("/problems/not-found", 200, id="problem"),
    pytest.param("/robots.txt", 200, id="robots"),
    pytest.param("/sitemap.xml", 200, id="sitemaps"),
    pytest.param("/sitemap-1.xml", 200, id="sitemap"),
    pytest.param("/static/site.css", 200, id="style-sheet"),
    pytest.param("/static/suggest.js", 200, id="script"),
    pytest.param("/static/copy.js", 200, id="copy-script"),
    pytest.param("/static/icon.svg", 200, id="icon"),
    pytest.param("/static/none.css", 404, id="no-static-file"),
    pytest.param("/healthz", 200, id="health"),
    pytest.param("/readyz", 200, id="ready"),
    pytest.param("/metrics", 200, id="metrics"),
    pytest.param("/none", 404, id="no-page"),
]


# Written out here: what is compared with the service's own list may be missing in both.
EXPECTED = {
    "Content-Security-Policy": [
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ],
    "X-Content-Type-Options": ["nosniff"],
    "Referrer-Policy": ["same-origin"],
    "Permissions-Policy": ["camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
    "Cross-Origin-Opener-Policy": ["same-origin"],
}


def security_headers(answer):
    return {name: answer.headers.getlist(name) for name in EXPECTED}


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_every_answer_has_them_once_also_when_it_is_kept(client, address, status):
    for method in ("GET", "GET", "HEAD"):
        answer = client.open(address, method=method, buffered=True)
        assert answer.status_code == status
        assert security_headers(answer) == EXPECTED
        assert "Set-Cookie" not in answer.headers
        assert bool(answer.data) is (method == "GET" and status != 304)


def test_every_route_is_in_the_table(app):
    adapter = app.url_map.bind("localhost")
    covered = {
        adapter.match(one.values[0].partition("?")[0], return_rule=True)[0].rule
        for one in ANSWERS
        if one.id not in ("no-page",)
    }

    assert {rule.rule for rule in app.url_map.iter_rules()} == covered


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "TRACE"], ids=str.lower)
def test_a_refused_method_has_them(client, method):
    assert security_headers(client.open("/search", method=method)) == EXPECTED


def test_a_revalidated_answer_has_them(client):
    etag = client.get("/search").headers["ETag"]
    answer = client.get("/search", headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert security_headers(answer) == EXPECTED


def test_an_unavailable_service_has_them(tmp_path):
    assert security_headers(application(tmp_path).test_client().get("/search")) == EXPECTED


@pytest.mark.parametrize("address", ["/search?q=a*", "/api/v1/search?q=a*"])
def test_a_search_too_many_has_them(client, monkeypatch, address):
    monkeypatch.setattr(turns, "MOST_LONG", 0)
    answer = client.get(address)

    assert answer.status_code == 503
    assert security_headers(answer) == EXPECTED
    assert ("Access-Control-Allow-Origin" in answer.headers) == address.startswith("/api/")


def test_what_is_beside_the_api_is_for_its_own_pages_alone(client):
    for address, is_api in (("/api/none", True), ("/api", False), ("/apis", False)):
        assert ("Access-Control-Allow-Origin" in client.get(address).headers) is is_api


def test_nothing_may_run_or_load_but_our_own_files():
    policy = dict(part.split(" ", 1) for part in EXPECTED["Content-Security-Policy"][0].split("; "))

    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert "unsafe" not in EXPECTED["Content-Security-Policy"][0]
