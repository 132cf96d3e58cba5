"""One address for each thing: slashes at the end lead to it, dots in an id do not lead away."""

from dataclasses import replace

import pytest

from tests.building import index_of
from tests.conftest import application
from tests.documents import TECLAB


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        pytest.param("/search/", "/search", id="page"),
        pytest.param("/search/?q=labor+courts&page=2", "/search?q=labor+courts&page=2", id="with parameters"),
        pytest.param(
            "/api/v1/search/?q=%C3%A9%0D%0A", "/api/v1/search?q=%C3%A9%0D%0A", id="as it was encoded"
        ),
        pytest.param("/grantees///", "/grantees", id="several"),
        pytest.param("/api/docs/", "/api/docs", id="docs"),
        pytest.param("/search.csv/", "/search.csv", id="file"),
        pytest.param("/static/site.css/", "/static/site.css", id="static"),
        pytest.param(f"/projects/{TECLAB.id}/", f"/projects/{TECLAB.id}", id="project"),
        pytest.param(f"/api/v1/projects/{TECLAB.id}/", f"/api/v1/projects/{TECLAB.id}", id="project as data"),
        pytest.param("/projects/a%20b%3F/", "/projects/a%20b%3F", id="encoded id"),
    ],
)
def test_a_slash_at_the_end_leads_to_the_address_without(client, asked, address):
    answer = client.get(asked)

    assert (answer.status_code, answer.headers["Location"]) == (308, address)


@pytest.mark.parametrize(
    "path",
    ["/none/", "//evil.example/", "/\\evil.example/", "//evil.example/search/", "/searchx/", "/static/"],
)
def test_nothing_leads_to_where_there_is_nothing(client, path):
    answer = client.get("/", environ_overrides={"PATH_INFO": path})

    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    ids = [".", "..", "a/", "a", "..a", "a/../b", "../x"]
    projects = [replace(TECLAB, id=one, title=f"Project {one}") for one in ids]
    return application(index_of(tmp_path_factory.mktemp("odd"), projects)).test_client()


def test_an_id_that_ends_with_a_slash_is_a_project(odd):
    assert odd.get("/api/v1/projects/a/").json["id"] == "a/"
    assert odd.get("/api/v1/projects/a").json["id"] == "a"


def test_no_id_leads_away_from_the_projects(odd):
    """A browser takes `.` and `..` between slashes for ways up."""
    for hit in odd.get("/api/v1/search").json["results"]:
        assert hit["url"].startswith("/projects/")
        assert {".", ".."}.isdisjoint(hit["url"].split("/"))
        assert odd.get(f"/api/v1{hit['url']}").json["id"] == hit["id"]
        assert odd.get(hit["url"]).status_code == 200
