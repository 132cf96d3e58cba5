"""The service around the answers: health, figures, logs, ids, rate, kept answers, hosts."""

import json
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest

from indexer.build import reindex
from indexer.storage import days
from search_app.web.serving import metrics
from search_app.web.serving.admission import turns
from search_app.web.serving.admission.rate import MAX_CLIENTS, RateLimit
from search_app.web.serving.cache import AnswerCache, CachedAnswer, cost
from search_app.web.serving.log import log_visibly
from tests.building import write_corpus
from tests.conftest import application
from tests.documents import CALLE, SEED, TECLAB

# Seconds after which what has not come never will.
PATIENCE = 30


def test_health_is_the_process_alone(tmp_path):
    answer = application(tmp_path).test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_once_there_is_an_index(tmp_path):
    client = application(tmp_path / "index").test_client()

    before = client.get("/readyz").status_code
    reindex(write_corpus(tmp_path / "corpus", SEED), tmp_path / "index")
    assert (before, client.get("/readyz").status_code) == (503, 200)


@pytest.mark.parametrize(("number", "told"), [(1, "1 project"), (2, "2 projects")])
def test_ready_tells_how_many_projects_there_are(tmp_path, number, told):
    reindex(write_corpus(tmp_path / "corpus", SEED[:number]), tmp_path / "index")
    answer = application(tmp_path / "index").test_client().get("/readyz")
    assert answer.text.endswith(f" {told}\n")


def figures(client):
    lines = client.get("/metrics").text.splitlines()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


def test_figures_count_routes_statuses_and_rejections(seed_index):
    client = application(seed_index).test_client()
    for address in ("/search?q=labor", "/search?q=labor", "/search?page=0", "/projects/none", "/none"):
        client.get(address)

    counted = figures(client)
    assert counted['search_requests_total{route="/search",status="200"}'] == 2
    assert counted['search_requests_total{route="/search",status="400"}'] == 1
    assert counted['search_requests_total{route="/projects/<project:project_id>",status="404"}'] == 1
    assert counted['search_requests_total{route="(none)",status="404"}'] == 1
    assert counted['search_request_seconds_count{route="/search"}'] == 3
    assert counted["search_rejected_total"] == 1
    assert [value for name, value in counted.items() if name.startswith("search_index_documents")] == [5]
    assert counted["search_refused_generations"] == 0


def test_figures_need_the_extra(seed_index, monkeypatch):
    monkeypatch.setattr(metrics, "prometheus_client", None)
    client = application(seed_index).test_client()

    assert client.get("/search").status_code == 200
    answer = client.get("/metrics")
    assert answer.status_code == 404
    assert "prometheus_client" in answer.text


def log_line(index, capsys, log_format, address="/search?q=labor+courts", **settings):
    capsys.readouterr()
    client = application(index, SEARCH_LOG_FORMAT=log_format, **settings).test_client()
    client.get(address, headers={"X-Request-Id": "abc-123"})
    return capsys.readouterr().err


def test_a_line_for_programs(seed_index, capsys):
    line = json.loads(log_line(seed_index, capsys, "json"))

    assert {name: line[name] for name in ("id", "method", "route", "status", "hits")} == {
        "id": "abc-123",
        "method": "GET",
        "route": "/search",
        "status": 200,
        "hits": 2,
    }
    assert line["ms"] > 0
    assert (seed_index / line["generation"]).is_dir()
    assert "q" not in line


def test_a_line_for_people(seed_index, capsys):
    line = log_line(seed_index, capsys, "text")

    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z id=abc-123 method=GET route=/search status=200 "
        r"ms=\d+\.\d+ hits=2 generation=\S+\n",
        line,
    )


def test_no_line_when_none_is_wanted(seed_index, capsys):
    assert log_line(seed_index, capsys, "none") == ""


def test_the_words_are_logged_only_when_asked_for(seed_index, capsys):
    line = log_line(seed_index, capsys, "json", SEARCH_LOG_QUERIES=True)

    assert json.loads(line)["q"] == "labor courts"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_query_cannot_look_like_another_line(seed_index, capsys, log_format):
    address = "/search?q=x%0a2026-01-01T00:00:00.000Z%20id=forged%20status=200"
    logged = log_line(seed_index, capsys, log_format, address, SEARCH_LOG_QUERIES=True)

    assert logged.count("\n") == 1


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("character", ["%1b", "%c2%9b", "%e2%80%ae", "%e2%80%a8", "%00", "%7f", "%e2%80%8b"])
def test_no_character_that_acts_gets_into_the_log(seed_index, capsys, log_format, character):
    address = f"/search?q=a{character}b%22%5c"
    logged = log_line(seed_index, capsys, log_format, address, SEARCH_LOG_QUERIES=True)

    assert logged.removesuffix("\n").isprintable()
    if log_format == "json":
        assert json.loads(logged)["q"] == unquote(f'a{character}b"\\')


@pytest.mark.parametrize("query", ["a=b", 'a"b', "a\\b", "a b", "Verité", "\x1b[2J"])
def test_a_text_that_may_end_too_early_is_quoted(seed_index, capsys, query):
    address = f"/search?q={quote(query)}"
    logged = log_line(seed_index, capsys, "text", address, SEARCH_LOG_QUERIES=True)

    _, value = logged.removesuffix("\n").split(" q=")
    assert value.startswith('"')
    assert json.loads(value) == query


def test_what_goes_wrong_acts_on_no_terminal(capsys, monkeypatch):
    logger = logging.getLogger("search_app")
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "handlers", [])
    log_visibly("text")
    logger.error("%s is refused", "a\x1b[31m\u202eb", exc_info=ValueError("odd \x9b2J"))

    first, *_, last = capsys.readouterr().err.splitlines()
    assert first == r"a\u001b[31m\u202eb is refused"
    assert last == r"ValueError: odd \u009b2J"


def test_a_kept_answer_is_logged_with_what_it_found(seed_index, capsys):
    client = application(seed_index, SEARCH_LOG_FORMAT="json").test_client()
    client.get("/api/v1/search?q=labor+courts")
    client.get("/api/v1/search?q=labor+courts")

    first, again = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["route"], first["hits"]) == (again["route"], again["hits"]) == ("/api/v1/search", 2)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        pytest.param("trace-7f.A_9", True, id="plain"),
        pytest.param("a b", False, id="space"),
        pytest.param("x" * 65, False, id="too-long"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_request_has_an_id(client, given, taken):
    # The last one is kept from the one before, which had another id.
    for number, path in enumerate(("/healthz", "/api/v1/search", "/api/v1/search")):
        asked = f"{given}{number}"[-len(given) :] if given else given
        answer = client.get(path, headers={"X-Request-Id": asked})

        assert (answer.headers["X-Request-Id"] == asked) is taken
        assert re.fullmatch(r"[A-Za-z0-9._-]+", answer.headers["X-Request-Id"])


def test_a_client_that_asks_too_often_is_told_to_wait(seed_index):
    client = application(seed_index, SEARCH_RATE_LIMIT=2).test_client()
    answers = [client.get(f"/api/v1/search?q=word{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json["type"] == "/problems/too-many-requests"
    assert 0 < int(answers[2].headers["Retry-After"]) <= 31


def test_whoever_waits_for_less_than_a_second_is_told_of_one(seed_index, monkeypatch):
    monkeypatch.setattr(RateLimit, "wait", lambda *_: 0.4)
    answer = application(seed_index).test_client().get("/api/v1/search")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


def test_only_what_computes_is_counted(seed_index):
    client = application(seed_index, SEARCH_RATE_LIMIT=2).test_client()
    free = ["/healthz", "/readyz", "/metrics", "/static/site.css", "/static/icon.svg"]
    for path in free * 3:
        with client.get(path) as answer:
            assert answer.status_code == 200, path
    searched = [client.get(f"/search?q=word{number}").status_code for number in (1, 2, 1, 2, 3)]

    # The third and the fourth are cached.
    assert searched == [200, 200, 200, 200, 429]
    for path in free:
        with client.get(path) as answer:
            assert answer.status_code == 200, path


@pytest.mark.parametrize("path", ["/search?q=labo*", "/api/v1/search?q=labuor~"], ids=["page", "api"])
def test_one_search_too_many_that_may_take_long_is_told_to_come_later(seed_index, path, monkeypatch):
    monkeypatch.setattr(turns, "MOST_LONG", 0)
    busy = application(seed_index).test_client()
    answer, ordinary = busy.get(path), busy.get("/search?q=labor")

    assert (answer.status_code, ordinary.status_code) == (503, 200)
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Too busy" in answer.text
    assert busy.head(path).headers["Content-Length"] == str(len(answer.data))


def test_a_page_that_refuses_says_nothing_of_who_was_refused_before(seed_index, monkeypatch):
    monkeypatch.setattr(turns, "MOST_LONG", 0)
    busy = application(seed_index).test_client()
    first = busy.get("/search?q=secre*", base_url="http://first.example")
    second = busy.get("/search?q=other*", base_url="http://second.example")

    assert first.data == second.data
    assert not {b"secre", b"first.example"} & set(re.findall(rb"[\w.]+", second.data))


def test_a_refusal_waits_for_nobodys_turn(seed_index, monkeypatch):
    monkeypatch.setattr(turns, "MOST_LONG", 0)
    app = application(seed_index)
    with ThreadPoolExecutor(1) as others, app.extensions["search"].turns.turn(long=False):
        asked = others.submit(lambda: app.test_client().get("/search?q=labo*").status_code)
        # It would wait until this block ends.
        assert asked.result(PATIENCE) == 503


def test_the_rate_refills_steadily():
    rate = RateLimit(60)

    assert [rate.wait("a", 0.0) for _ in range(60)] == [0.0] * 60
    assert rate.wait("a", 0.0) == pytest.approx(1.0)
    assert rate.wait("b", 0.0) == 0.0
    assert rate.wait("a", 0.5) == pytest.approx(0.5)
    assert rate.wait("a", 1.5) == 0.0


def test_who_was_away_for_long_may_ask_no_more_at_once():
    rate = RateLimit(2)
    rate.wait("a", 0.0)

    assert [rate.wait("a", 3_600.0) > 0 for _ in range(3)] == [False, False, True]


def test_without_a_rate_nobody_waits():
    rate = RateLimit(0)

    assert {rate.wait("a", 0.0) for _ in range(1000)} == {0.0}


def test_only_so_many_clients_are_remembered():
    rate = RateLimit(1)
    for number in range(MAX_CLIENTS + 1):
        rate.wait(str(number), 0.0)

    assert rate.wait("1", 0.0) > 0
    assert rate.wait("0", 0.0) == 0.0
    # That one made room for, the second asked later than the third: the third is forgotten.
    assert rate.wait("1", 0.0) > 0
    assert rate.wait("2", 0.0) == 0.0


def kept(size):
    return CachedAnswer((), b"x" * size, 'W/"e"', "/", None)


def test_answers_are_kept_within_their_budget():
    answers = AnswerCache(3 * cost(("a",), kept(1000)))
    for name in "abc":
        answers.put((name,), kept(1000))
    answers.get(("a",))
    answers.put(("d",), kept(1000))

    assert [answers.get((name,)) is not None for name in "abcd"] == [True, False, True, True]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        pytest.param(("a" * 7_000,), CachedAnswer((), b"", 'W/"e"', "/", None), id="key"),
        pytest.param(
            ("a", "b" * 7_000, None), CachedAnswer((), b"", 'W/"e"', "/", None), id="second part of it"
        ),
        pytest.param(("a",), CachedAnswer((("Link", "x" * 7_000),), b"", 'W/"e"', "/", None), id="header"),
        pytest.param(("a",), CachedAnswer((), b"x" * 7_000, 'W/"e"', "/", None), id="body"),
        pytest.param(("a",), CachedAnswer((("N", "v"),) * 40, b"", 'W/"e"', "/", None), id="many headers"),
    ],
)
def test_all_that_an_answer_keeps_is_counted(key, answer):
    assert cost(key, answer) >= 7_000


def test_an_answer_kept_again_counts_once():
    answers = AnswerCache(2 * cost(("a",), kept(1000)))
    for _ in range(10):
        answers.put(("a",), kept(1000))
    answers.put(("b",), kept(1000))

    assert answers.get(("a",)) is not None


def test_what_is_too_large_is_not_kept():
    answers = AnswerCache(100_000_000)
    answers.put(("a",), kept(1_000_000))

    assert answers.get(("a",)) is None


def test_nothing_is_kept_without_a_budget(seed_index):
    client = application(seed_index, SEARCH_CACHE_MB=0).test_client()
    first, second = (client.get("/api/v1/search?q=labor").json for _ in range(2))

    assert first["results"] == second["results"]


def test_a_kept_answer_gives_way_to_a_new_generation(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", [TECLAB])
    reindex(corpus, tmp_path / "index")
    client = application(tmp_path / "index").test_client()
    before = client.get("/api/v1/search").json

    write_corpus(tmp_path / "corpus", [TECLAB, CALLE])
    reindex(corpus, tmp_path / "index")
    # The new generation is opened, and warmed, beside the answers that go on.
    after = before
    for _ in range(400):
        after = client.get("/api/v1/search").json
        if after["index"] != before["index"]:
            break
        time.sleep(0.05)

    assert (before["total"], after["total"]) == (1, 2)


def test_a_kept_answer_is_for_its_day_alone(seed_index, monkeypatch):
    client = application(seed_index).test_client()
    first = client.get("/api/v1/search?q=labor")
    tomorrow = days.now() + timedelta(1)
    monkeypatch.setattr(days, "now", lambda: tomorrow)
    second = client.get("/api/v1/search?q=labor")

    assert first.json["query"]["as_of"] < second.json["query"]["as_of"] == tomorrow.date().isoformat()
    assert first.headers["ETag"] != second.headers["ETag"]


def test_a_kept_answer_is_for_its_host_alone(client):
    answers = [
        client.get("/opensearch.xml", headers={"Host": host}).text
        for host in ("a.example", "b.example", "a.example")
    ]

    assert ["http://b.example/" in text for text in answers] == [False, True, False]


def test_an_address_of_our_own_stands_in_files_and_citations(seed_index):
    client = application(seed_index, SEARCH_PUBLIC_URL="https://grants.example/").test_client()

    assert f"https://grants.example/projects/{TECLAB.id}" in client.get(f"/projects/{TECLAB.id}").text
    assert f"https://grants.example/projects/{TECLAB.id}" in client.get("/search.csv").text
    assert "https://grants.example/search?q=" in client.get("/opensearch.xml").text


HOSTS = [
    pytest.param("grants.example", 200, id="named"),
    pytest.param("grants.example:8000", 200, id="with-port"),
    pytest.param("www.example.org", 200, id="sub-domain"),
    pytest.param("evil.example", 400, id="other"),
    pytest.param("grants.example.evil.example", 400, id="begins-like-it"),
]


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_only_trusted_hosts_are_answered(seed_index, host, status):
    client = application(seed_index, SEARCH_TRUSTED_HOSTS="grants.example,.example.org").test_client()

    for address in ("/search?q=labor", "/api/v1/search", "/"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == status
        assert host not in answer.headers.get("Location", "")


def test_forwarded_headers_are_believed_only_behind_a_proxy(seed_index):
    forwarded = {
        "X-Forwarded-Host": "public.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.1.2.3",
    }

    direct = application(seed_index).test_client().get("/opensearch.xml", headers=forwarded)
    proxied = (
        application(seed_index, SEARCH_PROXIES=1).test_client().get("/opensearch.xml", headers=forwarded)
    )

    assert "public.example" not in direct.text
    assert "https://public.example/search?q=" in proxied.text


def test_behind_a_proxy_a_kept_answer_is_for_the_name_that_was_used(seed_index):
    client = application(seed_index, SEARCH_PROXIES=1).test_client()

    answers = [
        client.get("/opensearch.xml", headers={"X-Forwarded-Host": host, "X-Forwarded-Proto": scheme}).text
        for host, scheme in (("evil.example", "https"), ("a.example", "https"), ("a.example", "http"))
    ]

    assert ["//evil.example/" in text for text in answers] == [True, False, False]
    assert ["https://" in text for text in answers] == [True, True, False]


def test_a_kept_answer_does_not_say_when_it_was_made(client):
    """The server adds the date of each; an old one would make caches take the answer for stale."""
    for _ in range(2):
        assert "Date" not in client.get("/api/v1/search?q=labor").headers
