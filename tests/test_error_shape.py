"""One shape and one table of errors, on every face."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from search_app.web.problems import PROBLEMS, SearchError
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

NO_PROJECT = "/api/v1/projects/no-such-project"

ERRORS = [
    pytest.param("/api/v1/search?per_page=0", 400, "invalid-parameter", id="value"),
    pytest.param("/api/v1/search?pge=2", 400, "invalid-parameter", id="name"),
    pytest.param("/api/v1/suggest?limit=2", 400, "invalid-parameter", id="suggest"),
    pytest.param("/api/v1/openapi.json?x=1", 400, "invalid-parameter", id="openapi"),
    pytest.param(f"{NO_PROJECT}?q=x", 400, "invalid-parameter", id="project-takes-none"),
    pytest.param(NO_PROJECT, 404, "not-found", id="project"),
    pytest.param(f"{NO_PROJECT}/similar", 404, "not-found", id="similar"),
    pytest.param("/api/v1/nothing", 404, "not-found", id="path"),
    pytest.param(f"/api/v1/search?q={'x' * 513}", 413, "query-too-long", id="long-query"),
]


@pytest.mark.parametrize(("address", "status", "slug"), ERRORS)
def test_the_api_answers_with_a_problem(client, address, status, slug):
    answer = client.get(address)

    (problem,) = [one for one in PROBLEMS if one.slug == slug]
    assert answer.status_code == status == problem.status
    assert answer.content_type == "application/problem+json"
    assert {name: answer.json[name] for name in ("type", "title", "status", "instance")} == {
        "type": f"/problems/{slug}",
        "title": problem.title,
        "status": status,
        "instance": address,
    }
    assert answer.json["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


PAGE_ERRORS = [
    pytest.param("/search?per_page=0", 400, id="value"),
    pytest.param("/search?page=1&page=2", 400, id="repeated"),
    pytest.param("/projects/no-such-project", 404, id="project"),
    pytest.param("/projects/no-such-project.json", 404, id="project-as-data"),
    pytest.param("/nothing", 404, id="path"),
    pytest.param("/problems/nothing", 404, id="problem"),
    pytest.param(f"/search?q={'x' * 513}", 413, id="long-query"),
    pytest.param("/search.csv?page=x", 400, id="file"),
    pytest.param("/search.atom?active_on=x", 400, id="feed"),
]


@pytest.mark.parametrize(("address", "status"), PAGE_ERRORS)
def test_elsewhere_it_is_a_page_of_the_site(client, address, status):
    answer = client.get(address)

    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert 'name="q"' in answer.text


def test_all_errors_come_at_once_as_the_contract_shows_them(client):
    address = "/api/v1/search?per_page=0&active_from=2015&active_to=2012"

    assert client.get(address).json == {
        "type": "/problems/invalid-parameter",
        "title": "Invalid query parameter",
        "status": 400,
        "detail": "2 parameters are not valid.",
        "instance": address,
        "errors": [
            {
                "parameter": "active_to",
                "code": "range_inverted",
                "message": "must not be before active_from (2015-01-01)",
                "value": "2012",
            },
            {
                "parameter": "per_page",
                "code": "out_of_range",
                "message": "must be between 1 and 100",
                "value": "0",
            },
        ],
    }


def test_an_unknown_name_is_told_with_the_nearest(client):
    (error,) = client.get("/api/v1/search?pge=2").json["errors"]

    assert error == {
        "parameter": "pge",
        "code": "unknown_parameter",
        "message": "is not a parameter here; did you mean page?",
        "value": "2",
    }


def test_an_unexpected_failure_says_nothing_of_the_inside(backend, seed_index, caplog):
    app = backend.application(seed_index)
    app.add_url_rule("/api/v1/broken", view_func=lambda: 1 / 0)

    answer = app.test_client().get("/api/v1/broken")

    assert (answer.status_code, answer.json["type"]) == (500, "/problems/internal-error")
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.slug)
def test_every_problem_has_a_page(client, problem):
    page = client.get(f"/problems/{problem.slug}")

    assert page.status_code == 200
    assert problem.title in page.text


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/search?q=x", id="results"),
        pytest.param("/", id="home"),
        pytest.param("/projects/x", id="project"),
        pytest.param("/search.csv", id="file"),
        pytest.param("/grantees", id="grantees"),
        pytest.param("/changes", id="changes"),
        pytest.param("/grantees/x", id="grantee"),
        pytest.param("/search.xlsx", id="workbook"),
        pytest.param("/sitemap.xml", id="sitemap"),
        pytest.param("/projects/a.bib", id="bibtex"),
        pytest.param("/readyz", id="ready"),
    ],
)
def test_without_an_index_a_page_says_when_to_come_back(backend, tmp_path, address):
    answer = backend.application(tmp_path).test_client().get(address)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    # What a maintainer must do is for the log.
    assert "Come back in a few minutes." in answer.text or "<html" not in answer.text
    assert "reindex" not in answer.text or "<html" not in answer.text
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/healthz", id="health"),
        pytest.param("/api/docs", id="reference"),
        pytest.param("/api/v1/openapi.json", id="openapi"),
        pytest.param("/problems/no-index", id="problem"),
        pytest.param("/robots.txt", id="robots"),
        pytest.param("/opensearch.xml", id="opensearch"),
        pytest.param("/static/site.css", id="style"),
    ],
)
def test_without_an_index_the_rest_goes_on(backend, tmp_path, address):
    assert backend.application(tmp_path).test_client().get(address, buffered=True).status_code == 200


@pytest.mark.parametrize("slug", [one.slug for one in PROBLEMS if one.said])
def test_the_page_of_an_error_speaks_to_people(app, monkeypatch, slug):
    def refuse(*_):
        raise SearchError(slug=slug, headers={"Retry-After": "1"})

    monkeypatch.setitem(app.view_functions, "pages.search", refuse)
    # An address that no answer is kept of.
    said = app.test_client().get(f"/search?q=refused+{slug}").text

    assert "Retry-After" not in said
    assert "reindex" not in said
    assert "Come back in a few minutes" in said or "Try again in 1 second" in said


@pytest.mark.parametrize("kind", ["project", "grantee"])
@pytest.mark.parametrize(
    "name", ["it's", 'the "last" one', "bell\a"], ids=["apostrophe", "quotes", "control"]
)
def test_what_is_not_there_is_told_in_the_same_words_on_every_face(client, kind, name):
    said = f"There is no {kind} “{name.replace(chr(7), ' ')}” in this index."
    endings = ("", ".json", ".bib", ".ris") if kind == "project" else ("",)
    assert client.get(f"/api/v1/{kind}s/{quote(name)}").json["detail"] == said
    for ending in endings:
        page = client.get(f"/{kind}s/{quote(name)}{ending}")
        text = unescape(re.sub("<[^>]*>", "", page.text))
        assert (page.status_code, said in text) == (404, True)
