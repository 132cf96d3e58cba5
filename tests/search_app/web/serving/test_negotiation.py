"""Codings and conditions as RFC 9110 has them, the same from the cache and without it."""

import gzip

import pytest

from search_app.web.serving.negotiation import coding_of
from tests.conftest import application


def fetched(client, address, method="GET", **headers):
    """Return an answer that has been read to its end, as a server does."""
    with client.open(address, method=method, headers=headers) as answer:
        answer.get_data()
        return answer


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        pytest.param(None, "", id="no header"),
        pytest.param("", "", id="empty"),
        pytest.param("gzip", "gzip", id="gzip"),
        pytest.param("gzip, deflate, br", "gzip", id="a browser of old"),
        pytest.param("gzip, deflate, br, zstd", "zstd", id="a browser"),
        pytest.param("GZIP", "gzip", id="capitals"),
        pytest.param("x-gzip", "gzip", id="old name"),
        pytest.param("gzip;q=0", "", id="refused"),
        pytest.param("gzip;q=0.0", "", id="refused with digits"),
        pytest.param("gzip; q=0", "", id="refused with a blank"),
        pytest.param("zstd;q=0, gzip;q=0.5", "gzip", id="one refused"),
        pytest.param("zstd;q=0.2, gzip;q=0.8", "gzip", id="weights"),
        pytest.param("*", "zstd", id="anything"),
        pytest.param("*;q=0", "", id="nothing"),
        pytest.param("zstd;q=0, *", "gzip", id="anything else"),
        pytest.param("gzip, *;q=0", "gzip", id="nothing else"),
        pytest.param("identity", "", id="as it is"),
        pytest.param("identity;q=1, gzip;q=0.5", "", id="rather as it is"),
        pytest.param("identity;q=0, gzip", "gzip", id="not as it is"),
        pytest.param("br", "", id="what we do not write"),
        pytest.param("gzip;q=oops", "", id="no weight"),
        pytest.param(";;;,,,=", "", id="rubbish"),
        pytest.param("gzip, " + "x" * 9_000, "gzip", id="long"),
    ],
)
def test_the_coding_is_one_that_is_wanted(accepted, coding):
    assert coding_of(accepted) == coding


@pytest.mark.parametrize(
    "address", ["/search?q=labor", "/api/v1/search?q=labor", "/search.csv", "/static/site.css"]
)
@pytest.mark.parametrize("repeat", ["first", "again"])
def test_what_is_refused_is_not_sent(seed_index, address, repeat):
    client = application(seed_index).test_client()
    for _ in range(2 if repeat == "again" else 1):
        plain = fetched(client, address, **{"Accept-Encoding": "gzip;q=0"})
        packed = fetched(client, address, **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data)[:40] == plain.data[:40]


ADDRESSES = ["/search?q=labor", "/api/v1/search?q=labor", "/search.csv", "/"]
CONDITIONS = [
    pytest.param({"If-None-Match": "{etag}"}, 304, id="none-match, the same"),
    pytest.param({"If-None-Match": "{strong}"}, 304, id="none-match compares weakly"),
    pytest.param({"If-None-Match": '"other", {etag}'}, 304, id="none-match, one of two"),
    pytest.param({"If-None-Match": "*"}, 304, id="none-match, any"),
    pytest.param({"If-None-Match": '"other"'}, 200, id="none-match, another"),
    pytest.param({"If-None-Match": ""}, 200, id="none-match, empty"),
    pytest.param({"If-Match": "*"}, 200, id="match, any"),
    pytest.param({"If-Match": '"other"'}, 412, id="match, another"),
    pytest.param({"If-Match": "{etag}"}, 412, id="match compares strongly, and ours are weak"),
    pytest.param({"If-Match": "{strong}"}, 412, id="match, strong against weak"),
    pytest.param({"If-Match": '"other"', "If-None-Match": "{etag}"}, 412, id="match goes first"),
    pytest.param({"If-Match": "*", "If-None-Match": "{etag}"}, 304, id="both hold"),
    pytest.param({"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}, 200, id="by date: there is none"),
    pytest.param({"If-Unmodified-Since": "Fri, 31 Dec 1999 00:00:00 GMT"}, 200, id="by date: left out"),
]


@pytest.fixture(scope="module")
def uncached_app(seed_index):
    """An application that keeps no answer."""
    return application(seed_index, SEARCH_CACHE_MB=0)


@pytest.mark.parametrize(("headers", "status"), CONDITIONS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_conditions_are_read_alike_from_the_cache_and_without(app, uncached_app, address, headers, status):
    for one in (uncached_app, app):
        client = one.test_client()
        etag = fetched(client, address).headers["ETag"]
        strong = etag.removeprefix("W/")
        given = {name: text.format(etag=etag, strong=strong) for name, text in headers.items()}
        for method in ("GET", "HEAD"):
            answer = fetched(client, address, method, **given)
            assert (answer.status_code, answer.headers["ETag"]) == (status, etag)
            assert status == 200 or answer.data == b""
            assert status == 200 or "Content-Type" not in answer.headers
            # A cache between would give a refusal to others.
            assert (answer.headers["Cache-Control"] == "no-store") == (status == 412)


def test_a_file_of_the_pages_is_revalidated_as_it_was_sent(client):
    headers = {"Accept-Encoding": "gzip"}
    etag = fetched(client, "/static/site.css", **headers).headers["ETag"]

    assert fetched(client, "/static/site.css", **headers, **{"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", ["/healthz", "/search?q=labor", "/api/v1/search", "/static/site.css"])
def test_who_offers_another_protocol_is_answered_in_this_one(app, uncached_app, address):
    offered = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    for one in (uncached_app, app):
        assert fetched(one.test_client(), address, **offered).status_code == 200


RANGES = [
    pytest.param("bytes=0-9", 206, id="beginning"),
    pytest.param("bytes=-5", 206, id="end"),
    pytest.param("bytes=999999999-", 416, id="beyond"),
    # What is no range may be refused or left out (section 14.2).
    pytest.param("bytes=5-2", 416, id="backwards"),
    pytest.param("lines=1-2", 200, id="unknown unit"),
]


@pytest.mark.parametrize(("wanted", "status"), RANGES)
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_part_of_a_file_is_a_part_or_is_told_that_there_is_none(client, wanted, status, coding):
    whole = fetched(client, "/static/site.css").data
    answer = fetched(client, "/static/site.css", **{"Range": wanted, "Accept-Encoding": coding})

    assert answer.status_code == status
    if status == 206:
        assert "Content-Encoding" not in answer.headers
        assert answer.data in whole
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
        assert "No such part" in answer.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_have_no_parts(client, address):
    assert fetched(client, address, Range="bytes=99999999-").status_code == 200
