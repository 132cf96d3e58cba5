"""D7: what people and records bring along has a bounded price: memory of a worker, size and time of a page."""

import random
import resource
import socket
import time
from dataclasses import replace

import pytest

from bench.servers import HOST
from tests.building import index_of
from tests.conftest import application
from tests.documents import TECLAB
from tests.reliability.serving import PATIENCE, memory, serving

MEGABYTE = 1 << 20
CACHE_MB = 8
# What a worker may grow by besides its cache, in bytes.
ROOM = 20 * MEGABYTE
SENT = 20 * MEGABYTE
# Short requests that find nothing take long, and fill the memory quickly or not at all.
MOST_REQUESTS = 800
PAGE_SECONDS, PAGE_BYTES = 0.3, 3_000_000
# All of these stand ten thousand times in each record: to find them close together each place is looked at.
THRONGED, THRONGED_SECONDS = "national union wage", 0.6
PER_PAGE = 100
WORDS = "river grant office of and community training inspectors national union wage safety".split()


def noise(rng, length):
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


def long_address(rng):
    return f"/api/v1/search?facets=none&grantee={noise(rng, 7_000)}", ""


def many_words(rng):
    words = "+".join(noise(rng, 7) for _ in range(8))
    return f"/search?q={words}", ""


def long_coding(rng):
    return f"/api/v1/search?q={noise(rng, 6)}", f"Accept-Encoding: gzip, {noise(rng, 7_000)}\r\n"


def long_headers(rng):
    named = "".join(f"X-{noise(rng, 8)}: {noise(rng, 1_700)}\r\n" for _ in range(4))
    return f"/search.atom?q={noise(rng, 6)}", named


def long_host(rng):
    return "/opensearch.xml", f"X-Forwarded-Host: {noise(rng, 7_000)}.example\r\n"


KINDS = [long_address, many_words, long_coding, long_headers, long_host]


def ask_many(port, rng, kind, size):
    """Send distinct requests of so many bytes in all over one connection; return how many, all answered."""
    sent = number = 0
    with socket.create_connection((HOST, port), PATIENCE) as connection, connection.makefile("rb") as answers:
        while sent < size and number < MOST_REQUESTS * (2 * size) // SENT:
            path, headers = kind(rng)
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
            connection.sendall(request)
            sent, number = sent + len(request), number + 1
            assert int(answers.readline().split()[1]) in (200, 400), path
            length = 0
            while (line := answers.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            answers.read(length)
    return number


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.replace("_", "-"))
@pytest.mark.forms(4, 1)
def test_distinct_requests_do_not_fill_the_memory(rounds, kind, tmp_path, labour_index, figure):
    """The short form sends a quarter as much; `SEARCH_CACHE_MB` bounds what is cached, and the rest has its room."""
    settings = {"SEARCH_CACHE_MB": str(CACHE_MB), "SEARCH_PROXIES": "1"}
    with serving(labour_index, tmp_path / "log.txt", workers=1, **settings) as server:
        rng = random.Random(kind.__name__)
        # What any traffic brings along: code that is loaded, heaps that have grown.
        ask_many(server.port, rng, kind, SENT // 40)
        before = memory(server.workers())
        number = ask_many(server.port, rng, kind, SENT // rounds)
        grown = memory(server.workers()) - before
    assert grown < CACHE_MB * MEGABYTE + ROOM
    figure(
        f"{number:,} requests, {kind.__name__.replace('_', ' ')}: "
        f"+{grown / MEGABYTE:.0f} MB of {CACHE_MB} cached and {ROOM // MEGABYTE}"
    )


def megabyte(seed):
    """Return a megabyte of sentences, one of which stands in the middle alone."""
    rng = random.Random(seed)
    sentences = [" ".join(rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(200)]
    text = rng.choices(sentences, k=980_000 // (sum(map(len, sentences)) // 200 + 1))
    text.insert(len(text) // 2, "Labour courts decide.")
    return " ".join(text)


@pytest.fixture(scope="module")
def heavy(request, tmp_path_factory):
    """Index so many records of a megabyte."""
    texts = [megabyte(seed) for seed in range(8)]
    projects = [
        replace(
            TECLAB, id=f"p{number}", title=f"Record {number}", description=f"{texts[number % 8]} {number}"
        )
        for number in range(request.param)
    ]
    return index_of(tmp_path_factory.mktemp("heavy"), projects), request.param


ASKED = [
    "",
    "labour",
    "labour courts",
    '"labour courts decide"',
    "inspectors",
    THRONGED,
    "inspect*",
    "saefty~",
]


@pytest.mark.parametrize(
    "heavy",
    [pytest.param(16, id="short"), pytest.param(155, id="long", marks=pytest.mark.soak)],
    indirect=True,
)
def test_a_page_of_large_records_is_as_large_and_slow_as_others(heavy, figure):
    """Of processor time, for a machine does other things as well."""
    index, records = heavy
    client = application(index, SEARCH_CACHE_MB=0).test_client()
    client.get("/search?q=warm&per_page=100")
    spent, thronged, sizes, peak = [], [], [], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for q in ASKED:
        for path in ("/search", "/api/v1/search", "/search.atom"):
            began = time.process_time()
            answer = client.get(path, query_string={"q": q, "per_page": PER_PAGE})
            (thronged if q == THRONGED else spent).append(time.process_time() - began)
            sizes.append(len(answer.data))
            assert answer.status_code == 200
            assert q == "saefty~" or q == "" or b"mark" in answer.data or path == "/search.atom"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024
    assert max(sizes) < PAGE_BYTES
    assert max(spent) < PAGE_SECONDS
    assert max(thronged) < THRONGED_SECONDS
    assert grown < 100 * MEGABYTE
    figure(
        f"{records} records of 1 MB, {len(ASKED)} queries, {min(records, PER_PAGE)} a page: at most "
        f"{max(spent) * 1000:.0f} ms of processor time, {max(thronged) * 1000:.0f} where each word stands "
        f"ten thousand times in each, {max(sizes) / 1e6:.2f} MB; memory +{grown / MEGABYTE:.0f} MB"
    )
