"""What a browser asks before a page of another site may send headers of its own (CORS preflight)."""

import pytest

from tests.conftest import application

SEARCH = "/api/v1/search"
ASKED = {
    "Origin": "https://elsewhere.example",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "if-none-match,x-request-id",
}


def addresses(app):
    """Return an address of every rule, and whether it is below /api/."""
    values = {"project_id": "none", "slug": "none"}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.arguments <= values.keys():
            yield adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}), rule


def test_every_address_of_the_api_and_no_other_answers_it(app, client):
    asked = {address: client.options(address, headers=ASKED) for address, _ in addresses(app)}
    api = {address for address in asked if address.startswith("/api/")}

    assert {SEARCH, "/api/docs", "/api/v1/openapi.json", "/api/v1/projects/none"} <= api
    assert {address for address, answer in asked.items() if answer.status_code == 204} == api
    assert {answer.status_code for address, answer in asked.items() if address not in api} == {405}


def test_it_tells_what_may_be_asked_and_sent(app, client):
    for address, rule in addresses(app):
        if not address.startswith("/api/"):
            continue
        answer = client.options(address, headers=ASKED)
        allowed = set(answer.headers["Allow"].split(", "))

        assert allowed == set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == rule.methods
        assert answer.headers["Access-Control-Allow-Headers"] == "*, Authorization"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
        assert (answer.data, answer.headers.get("Content-Type")) == (b"", None)
        # What is allowed is so: none of it is refused as a method.
        assert all(client.open(address, method=method).status_code != 405 for method in allowed)


def test_the_parameters_are_not_looked_at(client):
    assert client.options(f"{SEARCH}?pge=2", headers=ASKED).status_code == 204


@pytest.mark.parametrize("address", ["/api/v1/none", "/api/v2/search", "/api/v1/search/", "/api/v1//search"])
def test_a_page_of_another_site_can_read_what_is_wrong_with_an_address(client, address):
    """Without a 2xx before, its browser tells it no status, and follows no redirect."""
    asked = client.options(address, headers=ASKED)
    answer = client.get(address, headers=ASKED)

    assert asked.status_code == 204
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
    assert answer.status_code in {308, 404}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["/api/v1/none", "/api/v2/search"])
def test_who_is_no_browser_is_told_that_there_is_no_address(client, address):
    assert client.options(address).status_code == 404


@pytest.mark.parametrize("address", ["/none", "/api", "/search/", "/apis/v1/search"])
def test_there_is_none_beside_the_api(client, address):
    answer = client.options(address, headers=ASKED)

    assert answer.status_code != 204
    assert "Access-Control-Allow-Methods" not in answer.headers


def test_it_does_not_count_among_the_requests_of_a_client(seed_index):
    client = application(seed_index, SEARCH_RATE_LIMIT="1").test_client()
    statuses = {client.options(SEARCH, headers=ASKED).status_code for _ in range(50)}

    assert statuses == {204}


def test_it_is_answered_without_an_index(tmp_path):
    assert application(tmp_path / "index").test_client().options(SEARCH, headers=ASKED).status_code == 204
