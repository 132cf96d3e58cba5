"""L1 to L4: load, attackers, a long run, and connections that do nothing."""

import random
import socket
import statistics
import time
from pathlib import Path

import numpy as np
import pytest

from bench.load import flat_out, steadily
from bench.servers import HOST
from indexer.build import BuildOptions, reindex
from indexer.storage import generation
from tests.building import copied, write_corpus
from tests.documents import LABOUR
from tests.reliability.asked import OF_DEATH, WORDS, random_query
from tests.reliability.serving import PATIENCE, Reader, attacking, memory, search, serving, until

# The short forms share their machine with who knows what: they assert no times.
SHORT_LOAD, SHORT_RUN, SHORT_PROBES = 1, 400, 1
SHARE = 0.7
# Seconds of a steady load before its rate is found anew.
SLICE = 10
P99_TO_MEDIAN = 5
ATTACKED_P99, IDLE_P99 = 0.150, 0.100
# A run of a second has not come to rest.
GROWTH, SHORT_GROWTH = 1.05, 1.20
ORDINARY = 4
IDLE = 500
# More than all threads of all workers.
READERS = 40
PROBES = 200


def different(number: int) -> list[str]:
    """Return so many different ordinary searches."""
    rng = random.Random(number)
    return [
        search(" ".join(rng.sample(WORDS, 2)), page=str(rng.randint(1, 50)), op="or") for _ in range(number)
    ]


def p99(seconds) -> float:
    """Return the time that all but a hundredth stay below."""
    return float(np.percentile(seconds, 99))


def processors():
    """Return what the processors of this machine did so far, by kind, in clock ticks; the last is steal."""
    return np.array(Path("/proc/stat").read_text(encoding="ascii").split()[1:9], np.int64)


@pytest.mark.forms(SHORT_LOAD, 60)
def test_a_steady_load_is_borne(rounds, large_index, tmp_path, figure):
    loads, spent = [], np.zeros(8, np.int64)
    # Nothing is kept, or the capacity would be that of repeating answers.
    with serving(large_index, tmp_path / "log.txt", SEARCH_CACHE_MB="0") as server:
        paths = different(2_000)
        flat_out(server.address, paths[:500], 1)
        for _ in range(max(1, rounds // SLICE)):
            # Anew each time: a machine that is shared is now quick, now slow.
            capacity = flat_out(server.address, paths, min(rounds, 3)).rate
            before = processors()
            loads.append(steadily(server.address, different(4_000), min(rounds, SLICE), SHARE * capacity))
            spent += processors() - before
            assert loads[-1].requests > 0.5 * SHARE * capacity * min(rounds, SLICE)
    assert sum(load.errors for load in loads) == 0
    ratio = statistics.median(load.p99 / load.median for load in loads)
    middle, slow = (statistics.median(getattr(load, name) for load in loads) for name in ("median", "p99"))
    figure(
        f"{sum(load.requests for load in loads):,} requests in {len(loads)} parts, {SHARE:.0%} of what was borne "
        f"before each: median {middle:.1f} ms, p99 {slow:.1f} ms ({ratio:.1f} times), 0 errors; "
        f"other machines took {spent[-1] / spent.sum():.0%} of the processors meanwhile"
    )
    assert rounds == SHORT_LOAD or ratio <= P99_TO_MEDIAN


# More of the last than all workers have threads.
@pytest.mark.parametrize("attackers", [2, 8, 40], ids=["two", "eight", "forty"])
@pytest.mark.forms(SHORT_LOAD, 60)
def test_attackers_do_not_keep_others_waiting(rounds, attackers, large_index, tmp_path, figure):
    worst = [search(query[:500]) for query in OF_DEATH.values()]
    with serving(large_index, tmp_path / "log.txt") as server:
        server.get(worst[0])
        with attacking(server, attackers, worst) as attacks:
            time.sleep(1)
            ordinary = [Reader(server, different(3_000 + one), pause=0.05) for one in range(ORDINARY)]
            time.sleep(rounds)
            for reader in ordinary:
                reader.stop()
    answers = [answer for reader in ordinary for answer in reader.answers]
    assert [failure for reader in ordinary for failure in reader.failures] == []
    assert {answer.status for answer in answers} == {200}
    slowest = p99([answer.seconds for answer in answers])
    assert all(reader.answers for reader in ordinary)
    figure(
        f"{attackers} attackers ({sum(attacks) / (rounds + 1):,.0f}/s, processes of lowest priority) beside {ORDINARY} clients: "
        f"{len(answers):,} answers, p99 {slowest * 1000:.0f} ms, 0 failures"
    )
    assert rounds == SHORT_LOAD or slowest <= ATTACKED_P99


def answered(readers: list[Reader]) -> int:
    """Return how many answers some readers have got."""
    return sum(len(reader.answers) for reader in readers)


@pytest.mark.forms(SHORT_RUN, 200_000)
def test_a_long_run_does_not_grow(rounds, tmp_path, labour_index, figure):
    index = copied(labour_index, tmp_path / "index")
    corpora = [write_corpus(tmp_path / str(one), list(LABOUR.values())[one:]) for one in (0, 1)]
    rng = random.Random(rounds)
    sizes, files, parts = [], [], 20 if rounds > SHORT_RUN else 8
    with serving(index, tmp_path / "log.txt", SEARCH_CACHE_MB="1") as server:
        paths = [search(random_query(rng)) for _ in range(500)]
        readers = [Reader(server, paths[one::ORDINARY], keep_bodies=False) for one in range(ORDINARY)]
        for part in range(parts):
            reindex(corpora[part % 2], index, BuildOptions(allow_shrink=True))
            wanted = answered(readers) + rounds // parts
            until(lambda: answered(readers) >= wanted, "more is answered", rounds)
            sizes.append(memory(server.workers()))
            files.append(sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in server.workers()))
        for reader in readers:
            reader.stop()
    assert [failure for reader in readers for failure in reader.failures] == []
    assert {answer.status for reader in readers for answer in reader.answers} == {200}
    # The first quarter of the run fills the caches.
    warm, last = slice(parts // 4, parts // 2), slice(-(parts // 4), None)
    growth = statistics.median(sizes[last]) / statistics.median(sizes[warm])
    assert growth <= (GROWTH if rounds > SHORT_RUN else SHORT_GROWTH)
    # In the short form a worker may still have two generations open, while one takes the other's place.
    opened = len(list(generation.current(index).iterdir())) if rounds == SHORT_RUN else 0
    assert max(files[last]) <= max(files[warm]) + 2 * (opened + ORDINARY)
    figure(
        f"{answered(readers):,} requests, {parts} reindexes: memory x{growth:.3f}, "
        f"descriptors {max(files[warm])}, then {max(files[last])}"
    )


@pytest.mark.forms(SHORT_PROBES, 10)
def test_slow_readers_of_files_keep_nobody_out(rounds, tmp_path, large_index, figure):
    spent = []
    with serving(large_index, tmp_path / "log.txt") as server:
        server.get(search("labour"))
        for _ in range(rounds):
            readers = [socket.create_connection((HOST, server.port), PATIENCE) for _ in range(READERS)]
            try:
                for reader in readers:
                    reader.sendall(b"GET /search.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
                # Nobody reads: what is sent fills all there is between, and the rest has to wait.
                time.sleep(1)
                answers = [server.get(search("labour", page=str(number + 1))) for number in range(PROBES)]
            finally:
                for reader in readers:
                    reader.close()
            assert {answer.status for answer in answers} == {200}
            spent += [answer.seconds for answer in answers]
    assert rounds == SHORT_PROBES or p99(spent) <= IDLE_P99
    figure(
        f"{READERS} readers of a file that do not read: "
        f"p99 of {len(spent):,} probes {p99(spent) * 1000:.0f} ms"
    )


@pytest.mark.parametrize(
    "sent", [b"", b"GET /search?q=labour HTTP/1.1\r\nHo"], ids=["idle", "half-a-request"]
)
@pytest.mark.forms(SHORT_PROBES, 10)
def test_idle_connections_keep_nobody_out(rounds, sent, tmp_path, labour_index, figure):
    spent = []
    with serving(labour_index, tmp_path / "log.txt") as server:
        server.get(search("labour"))
        for _ in range(rounds):
            idle = [socket.create_connection((HOST, server.port), PATIENCE) for _ in range(IDLE)]
            try:
                for connection in idle:
                    connection.sendall(sent)
                answers = [server.get(search("labour", page=str(number + 1))) for number in range(PROBES)]
            finally:
                for connection in idle:
                    connection.close()
            assert {answer.status for answer in answers} == {200}
            spent += [answer.seconds for answer in answers]
    assert rounds == SHORT_PROBES or p99(spent) <= IDLE_P99
    figure(
        f"{IDLE} connections that sent {len(sent)} bytes: "
        f"p99 of {len(spent):,} probes {p99(spent) * 1000:.0f} ms"
    )
