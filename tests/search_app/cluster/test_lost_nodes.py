"""Three nodes, and one or all of them killed under load: an answer is the same as before; with none it is 503.

That a page has 503 within two seconds follows from the time that a request gives all nodes together
(tests/indexer/cluster/test_client.py). Here each has more: nodes that start share the processors with all else.
"""

import os
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from fcntl import LOCK_EX, flock
from functools import partial

import pytest

from indexer.cluster import bulk, generations
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from indexer.errors import ClusterGoneError, LockedError
from search_app.engine import following
from tests.conftest import application
from tests.opensearch.node import running
from tests.opensearch.sent import PROJECTS, again, of, stored

ADDRESSES = [
    "/api/v1/search?q=labor",
    "/api/v1/search?q=child+labor&op=or&status=completed",
    "/api/v1/search?q=coffee&sort=title&per_page=50",
    "/api/v1/search?active_year=2015-2019",
]
THREADS = 3
# Seconds between two questions of a thread: what is left is for the nodes that start, which share the processors.
PAUSE = 0.1
# Answers that have to be seen, each address thrice; seconds to wait for them on a machine that does other things.
SEEN, PATIENCE = 12, 120
SECONDS = 30.0


@pytest.fixture(scope="module")
def nodes(opensearch_home, tmp_path_factory):
    # Of all processes of a run one has three nodes at a time: their memory, and the processors, are for one.
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    with (root / "nodes.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        with running(opensearch_home, 3, "220m") as found:
            yield found


def cluster_of(nodes, name):
    return Cluster(Access(tuple(one.url for one in nodes), name), seconds=SECONDS)


@pytest.fixture(scope="module")
def client(nodes, labour_index):
    """A client over the labour projects in three nodes, each shard on two of them."""
    publish(labour_index, cluster_of(nodes, "lost"), Options(shards=3, replicas=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "CACHED_ANSWERS", 0)
        patch.setattr(following, "Cluster", partial(Cluster, seconds=SECONDS))
        yield application(
            labour_index.parent / "no-index-here",
            SEARCH_BACKEND="opensearch",
            SEARCH_CLUSTER_URL=",".join(one.url for one in nodes),
            SEARCH_CLUSTER_NAME="lost",
            SEARCH_CACHE_MB=0,
        ).test_client()


def answered(response):
    """Return what of an answer has to be the same whenever it is given."""
    found = response.json
    found.pop("took_ms")
    for hit in found["results"]:
        hit["score"] = round(hit["score"], 3)
    return found


class Load:
    """Threads that ask without pause, and how what they got is to be judged."""

    def __init__(self, client, expected):
        self._client, self._expected = client, expected
        self._over, self._lock = threading.Event(), threading.Lock()
        self.seen, self.bad = Counter(), []

    def ask(self, first):
        client, number = self._client.application.test_client(), first
        while not self._over.is_set():
            address = ADDRESSES[number % len(ADDRESSES)]
            number += 1
            try:
                response = client.get(address)
                kind = self._kind(address, response)
            except Exception as error:  # it would be the end of a thread that nobody looks at
                kind = f"{address}: {error!r}"
            with self._lock:
                self.seen[kind] += 1
                if kind not in ("same", "503"):
                    self.bad.append(kind)
            self._over.wait(PAUSE)

    def _kind(self, address, response):
        if response.status_code == 200:
            same = answered(response) == self._expected[address]
            return "same" if same else f"{address}: another answer"
        told = response.status_code == 503 and int(response.headers.get("Retry-After", 0)) > 0
        return "503" if told else f"{address}: {response.status_code}"

    @contextmanager
    def going(self):
        threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(THREADS)]
        for one in threads:
            one.start()
        try:
            yield self
        finally:
            self._over.set()
            for one in threads:
                one.join()

    def until(self, kind, more=SEEN):
        """Wait until so many more answers of a kind were seen."""
        aim, ends = self.seen[kind] + more, time.monotonic() + PATIENCE
        while self.seen[kind] < aim:
            assert time.monotonic() < ends, self.seen
            time.sleep(0.02)

    def told(self):
        return (
            f"{self.seen.total()} answers, {self.seen['503']} of them 503, {len(self.bad)} wrong or partial"
        )


@pytest.fixture
def load(client, nodes):
    healthy(nodes)
    for _ in range(50):
        found = {address: client.get(address) for address in ADDRESSES}
        if all(one.status_code == 200 for one in found.values()):
            break
        time.sleep(0.2)
    return Load(client, {address: answered(one) for address, one in found.items()})


def healthy(nodes):
    """Start what does not run, and wait until every shard has its copy again."""
    for one in nodes:
        if not one.runs:
            one.kill()
            one.launch()
    for one in nodes:
        one.wait()
    options = {"wait_for_status": "green", "wait_for_nodes": "3", "timeout": "60s"}
    found = cluster_of(nodes, "lost").ask("GET", "_cluster/health", parameters=options, seconds=120)
    assert not found["timed_out"]


def manager_of(nodes):
    (found,) = cluster_of(nodes, "lost").get("_cat/cluster_manager", format="json")["rows"]
    return next(one for one in nodes if one.name == found["node"])


# Whoever manages the nodes has data as well: what is lost with it is more.
@pytest.mark.parametrize("victim", [pytest.param("data", marks=pytest.mark.soak), "manager"])
def test_a_killed_node_changes_no_answer(nodes, load, figure, victim):
    manager = manager_of(nodes)
    lost = manager if victim == "manager" else next(one for one in nodes if one is not manager)
    with load.going():
        load.until("same")
        lost.kill()
        load.until("same", 2 * SEEN)
        # It comes back under load, and gets its copies again.
        healthy(nodes)
        load.until("same")
    figure(f"{victim} node: {load.told()}")
    assert load.bad == []
    # Two of three are up all the while.
    assert load.seen["503"] == 0


def test_all_nodes_killed_is_503_until_they_are_back(nodes, load, figure):
    with load.going():
        load.until("same")
        for one in nodes:
            one.kill()
        load.until("503")
        for one in nodes:
            one.launch()
        load.until("same")
    figure(f"all nodes: {load.told()}")
    assert load.bad == []


@pytest.fixture
def folder(tmp_path):
    again(tmp_path, PROJECTS)
    return tmp_path


def test_of_two_at_once_one_publishes(nodes, folder):
    healthy(nodes)
    cluster, begin, ended = cluster_of(nodes, "twice"), threading.Barrier(2), []

    def _publish():
        begin.wait()
        try:
            ended.append(publish(folder / "index", cluster, Options(shards=3, replicas=1)))
        except LockedError as error:
            ended.append(error)

    threads = [threading.Thread(target=_publish) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(type(one).__name__ for one in ended) == ["LockedError", "Published"]
    assert stored(cluster) == of(PROJECTS)


class Killing:
    """Progress that, halfway through sending, kills the node that has a shard of the new index."""

    def __init__(self, nodes, cluster, back):
        self.nodes, self.cluster, self.back, self.lost = nodes, cluster, back, None

    def __call__(self, what, done, total):
        if self.lost is None and what == "sending" and done > total // 2:
            serving = generations.current(self.cluster).index
            rows = self.cluster.get(f"_cat/shards/{self.cluster.name}-2*", format="json")["rows"]
            new = next(
                row for row in rows if not row["index"].startswith(serving) and "facts" not in row["index"]
            )
            self.lost = next(one for one in self.nodes if one.name == new["node"])
            self.lost.kill()
            if self.back:
                self.lost.launch()


# "away" is the last test of all: its node is not started again.
@pytest.mark.parametrize(
    "back", [pytest.param(True, id="back at once", marks=pytest.mark.soak), pytest.param(False, id="away")]
)
def test_a_node_killed_while_it_is_published_to(nodes, folder, monkeypatch, figure, back):
    healthy(nodes)
    cluster = cluster_of(nodes, f"sent-{back}".lower())
    first = publish(folder / "index", cluster, Options(shards=3, replicas=1)).generation
    renamed = [replace(one, title=f"{one.title} again") for one in PROJECTS]
    index = again(folder, renamed)
    monkeypatch.setattr(bulk, "BULK_BYTES", 20_000)
    monkeypatch.setattr(bulk, "SHARD_WAIT", "1s")
    if not back:
        monkeypatch.setattr(bulk, "PAUSES", (0.1, 0.1))
    killing = Killing(nodes, cluster, back)
    options = Options(shards=3, replicas=1, full=True, progress=killing)
    if back:
        second = publish(index, cluster, options).generation
        assert killing.lost is not None
        figure(f"back at once: {second.documents} of {len(renamed)} projects published, none lost")
    else:
        with pytest.raises(ClusterGoneError, match="run reindex again later"):
            publish(index, cluster, options)
        assert generations.current(cluster).index == first.index
        assert stored(cluster) == of(PROJECTS)
        monkeypatch.undo()
        # The two that are left have room for it.
        publish(index, cluster, Options(shards=3, replicas=1))
        figure("away: the old generation served on, the next run published")
    assert stored(cluster) == of(renamed)
    assert generations.left_over(cluster) == []
