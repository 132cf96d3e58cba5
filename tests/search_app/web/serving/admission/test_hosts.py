"""Under which name and scheme a request comes: one name, ours, and no scheme but those of the web."""

import pytest

from tests.conftest import application

NAME = "grants.example"
HEALTH = ("/healthz", "/readyz")
ANY_NAMES = [
    "grants.example",
    "10.0.0.7:8000",
    "localhost",
    "",
    "a.example,b.example",
    "<script>",
    "::1",
    "evil.example",
]


@pytest.fixture(scope="module")
def trusting(seed_index):
    return application(seed_index, SEARCH_TRUSTED_HOSTS=NAME).test_client()


@pytest.mark.parametrize("host", ANY_NAMES)
@pytest.mark.parametrize("path", HEALTH)
def test_health_is_told_under_any_name(trusting, path, host):
    assert trusting.get(path, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ANY_NAMES[1:])
@pytest.mark.parametrize(
    "path", ["/", "/api/v1/search", "/search.csv", "/static/site.css", "/metrics", "/none"]
)
def test_all_else_is_told_under_trusted_names_alone(trusting, path, host):
    answer = trusting.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/api/v1/search", "/none"])
@pytest.mark.parametrize(
    "host",
    [
        pytest.param("a.example,b.example", id="two-headers-as-servers-join-them"),
        pytest.param("a.example, b.example", id="two-in-one"),
        pytest.param("", id="none"),
        pytest.param("a.example/x", id="path"),
        pytest.param("a.example:port", id="port-in-words"),
        pytest.param("a.example:99999", id="port-too-high"),
        pytest.param("user@a.example", id="user"),
        pytest.param("a example", id="blank"),
        pytest.param("ex\xe4mple", id="beyond-ascii"),
    ],
)
def test_a_request_names_one_host(client, path, host):
    """Whatever is trusted: two parts of a chain would take another one of two."""
    assert client.get(path, headers={"Host": host}).status_code == 400


def test_one_from_before_hosts_needs_none_but_where_names_are_trusted(client, trusting):
    old = {"SERVER_PROTOCOL": "HTTP/1.0", "HTTP_HOST": ""}

    assert client.get("/api/v1/search", environ_overrides=old).status_code == 200
    assert trusting.get("/api/v1/search", environ_overrides=old).status_code == 400


SCHEMES = [
    pytest.param("https", "https", id="https"),
    pytest.param("HTTPS", "https", id="in-capitals"),
    pytest.param("http", "http", id="http"),
    pytest.param("javascript", "http", id="javascript"),
    pytest.param("https, javascript", "http", id="the-last-one-counts"),
    pytest.param("javascript, https", "https", id="what-the-proxy-added-counts"),
    pytest.param("https://evil.example/?", "http", id="an-address"),
    pytest.param("ftp", "http", id="ftp"),
    pytest.param('"><script>', "http", id="markup"),
    pytest.param("", "http", id="empty"),
]


@pytest.mark.parametrize(("said", "taken"), SCHEMES)
def test_a_scheme_is_one_of_the_web(seed_index, said, taken):
    client = application(seed_index, SEARCH_PROXIES=1).test_client()
    answer = client.get("/opensearch.xml", headers={"Host": NAME, "X-Forwarded-Proto": said})

    assert f'"{taken}://{NAME}/search?q=' in answer.text
    assert answer.text.count(f"{taken}://{NAME}/") == answer.text.count(f"//{NAME}/")


@pytest.mark.parametrize("setting", ["grants.example", "Grants.EXAMPLE", "elsewhere.example,.Example"])
@pytest.mark.parametrize("host", ["grants.example", "GRANTS.example:8443", "Grants.Example"])
def test_a_name_is_the_same_in_capitals(seed_index, setting, host):
    client = application(seed_index, SEARCH_TRUSTED_HOSTS=setting).test_client()

    assert client.get("/api/v1/search", headers={"Host": host}).status_code == 200
