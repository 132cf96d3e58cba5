"""T1: threads that share an engine get what one alone gets."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from tests.reliability.asked import random_query

THREADS = 8
DAY = date(2024, 6, 1)


@pytest.mark.forms(150, 5_000)
def test_threads_get_the_same_answers(rounds, labour_index, figure):
    rng = random.Random(rounds)
    requests = [
        SearchRequest(q=random_query(rng), op=rng.choice(("and", "or")), as_of=DAY, page=rng.randint(1, 3))
        for _ in range(rounds)
    ]
    alone = [_timeless(SearchEngine.open(labour_index).search(one)) for one in requests[:1]]
    engine = SearchEngine.open(labour_index)
    alone += [_timeless(engine.search(one)) for one in requests[1:]]
    shared = SearchEngine.open(labour_index)
    orders = [random.Random(number).sample(range(rounds), rounds) for number in range(THREADS)]

    def differing(order) -> int:
        return sum(_timeless(shared.search(requests[number])) != alone[number] for number in order)

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(differing, orders)) == [0] * THREADS
    figure(f"{THREADS} threads x {rounds:,} searches: 0 differ")


def _timeless(results):
    """Return the results without the time that they took."""
    return replace(results, took_ms=0.0)
