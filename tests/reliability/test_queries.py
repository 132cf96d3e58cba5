"""Q1, Q2: no text that anybody types makes the server fail, stall or swell."""

import http.client
import random
import time
from urllib.parse import urlencode

import pytest

from search_app import create_app
from search_app.web.serving.worker import set_aside
from tests.reliability.asked import OF_DEATH, REGRESSIONS, random_query
from tests.reliability.serving import memory, processor_time, serving

# The promise, in seconds of the processor; over the wire a worker also reads, caches and packs what it answers.
PROMPT, OVER_THE_WIRE = 0.25, 2
SHORT_ROUNDS = 1
# How much the memory of a worker may grow, in bytes.
SWELLING = 100_000_000
# What the server itself answers to a request line that is too long, beside the application's 400 and 413.
REFUSALS = {400, 413, 414, 431}


@pytest.mark.forms(400, 20_000)
def test_random_queries_are_answered_promptly(rounds, large_index, figure):
    client = create_app({"SEARCH_INDEX_DIR": large_index, "SEARCH_LOG_FORMAT": "none"}).test_client()
    rng = random.Random(rounds)
    queries = [*REGRESSIONS, *(random_query(rng) for _ in range(rounds))]
    # The first one opens the index and loads the stemmer.
    client.get("/api/v1/search?q=unheardof")
    # Nor is looking through what thousands of other tests have left in the memory of this process.
    set_aside()
    spent = []
    for query in queries:
        # Of the processor: what else the machine does meanwhile is not the query's.
        began = time.thread_time()
        status = client.get("/api/v1/search", query_string={"q": query}).status_code
        spent.append(time.thread_time() - began)
        assert status == 200, repr(query)
    assert max(spent) < PROMPT, repr(queries[spent.index(max(spent))])
    median = sorted(spent)[len(spent) // 2]
    figure(
        f"{len(spent):,} queries: 0 failures; of processor time, median {median * 1000:.1f} ms, "
        f"slowest {max(spent) * 1000:.0f} ms"
    )


@pytest.mark.forms(SHORT_ROUNDS, 20)
def test_queries_of_death_are_survived(rounds, large_index, tmp_path, figure):
    addresses = {name: _address(query) for name, query in OF_DEATH.items()}
    addresses["page"] = "/api/v1/search?q=labor&page=1000000000"
    spent, refused = {}, 0
    with serving(large_index, tmp_path / "log.txt", workers=1) as server:
        server.get("/api/v1/search?q=unheardof")
        before = memory(server.workers(), "VmHWM")
        for name, address in list(addresses.items()) * rounds:
            status, seconds = _asked(server, address)
            assert status == 200 or status in REFUSALS, f"{name}: {status}"
            refused += status != 200
            spent[name] = max(seconds, spent.get(name, 0.0))
        swollen = memory(server.workers(), "VmHWM") - before
        assert server.get("/readyz").status == 200
    slowest = max(spent, key=spent.__getitem__)
    assert spent[slowest] < (PROMPT * OVER_THE_WIRE if rounds == SHORT_ROUNDS else PROMPT), slowest
    assert swollen < SWELLING
    figure(
        f"{len(addresses)} queries x {rounds}: {refused} refused; the slowest ({slowest}) took "
        f"{spent[slowest] * 1000:.0f} ms of the processor; memory +{swollen / 1e6:.0f} MB"
    )


def _address(query: str) -> str:
    return "/api/v1/search?" + urlencode({"q": query})


def _asked(server, address: str) -> tuple[int, float]:
    """Return the status, and the seconds of the processor that the workers took.

    431 where the server closes the door while the request still comes in.
    """
    workers = server.workers()
    before = processor_time(workers)
    try:
        status = server.get(address).status
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        status = 431
    return status, processor_time(workers) - before
