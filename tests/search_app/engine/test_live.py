"""LiveEngine: the current generation, followed while it serves."""

import gc
import logging
import shutil
import threading
import time
import weakref

import pytest

from indexer.build import reindex
from indexer.cluster.client import Access, Cluster
from indexer.document import Project
from indexer.errors import DamagedIndexError, IndexerError, NoIndexError
from indexer.storage import generation
from search_app.engine.following import ClusterEngine
from search_app.engine.live import LiveEngine
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from search_app.web.serving import worker
from tests.building import index_of, writable, write_corpus
from tests.conftest import application
from tests.reliability.serving import until

COURTS, MINES = [Project("a", "Courts")], [Project("a", "Courts"), Project("b", "Mines")]


def rebuilt(tmp_path, projects):
    """Index other projects and return the name of the new generation."""
    reindex(write_corpus(tmp_path / "corpus", projects), tmp_path / "index")
    return generation.current_name(tmp_path / "index")


def served(live):
    return live.engine().info.generation


def settled(live, name):
    """Wait until the generation served is `name`; the tests' own limit is what fails."""
    for _ in range(1000):
        if served(live) == name:
            break
        time.sleep(0.01)
    return served(live)


def refused(live):
    """Ask until a generation has been refused; the tests' own limit is what fails."""
    for _ in range(1000):
        live.engine()
        if live.refused:
            break
        time.sleep(0.01)
    return live.refused


def test_a_server_started_before_the_first_reindex_answers_after_it(tmp_path):
    live = LiveEngine(tmp_path / "index")
    with pytest.raises(NoIndexError, match="has no index yet; run: reindex"):
        live.engine()
    index_of(tmp_path, COURTS)
    assert live.engine().search(SearchRequest(q="courts")).total == 1


def test_a_start_that_waits_is_warm_and_settled(tmp_path, monkeypatch):
    live, done = LiveEngine(index_of(tmp_path, COURTS)), []
    monkeypatch.setattr(SearchEngine, "warm", lambda _: done.append(threading.current_thread()))
    live.settled = lambda: done.append("settled")
    live.start()
    assert done == [threading.current_thread(), "settled"]


def test_a_start_without_an_index_says_so(tmp_path):
    with pytest.raises(NoIndexError):
        LiveEngine(tmp_path / "index").start()


def test_a_new_generation_takes_over(tmp_path):
    live = LiveEngine(index_of(tmp_path, COURTS))
    old = live.engine()
    name = rebuilt(tmp_path, MINES)
    assert settled(live, name) == name
    assert live.engine().search(SearchRequest()).total == 2
    assert old.search(SearchRequest()).total == 1
    assert live.refused == 0


def test_an_engine_is_kept_while_nothing_changes(tmp_path):
    live = LiveEngine(index_of(tmp_path, COURTS))
    assert live.engine() is live.engine()


def test_a_damaged_generation_is_refused_once_and_the_old_one_serves(tmp_path, caplog):
    live = LiveEngine(index_of(tmp_path, COURTS))
    first = served(live)
    second = rebuilt(tmp_path, MINES)
    (writable(tmp_path / "index") / second / "stored.bin").write_bytes(b"x")
    with caplog.at_level(logging.ERROR):
        assert refused(live) == 1
        assert [served(live) for _ in range(5)] == [first] * 5
    assert live.refused == 1
    assert ["stored.bin" in record.getMessage() for record in caplog.records] == [True]
    third = rebuilt(tmp_path, COURTS)
    assert settled(live, third) == third


def test_a_cold_start_takes_the_previous_generation_if_the_current_one_is_bad(tmp_path):
    index = index_of(tmp_path, COURTS)
    first = generation.current_name(index)
    second = rebuilt(tmp_path, MINES)
    shutil.rmtree(writable(index / second))
    live = LiveEngine(index)
    assert (served(live), live.refused) == (first, 1)


def test_a_cold_start_with_nothing_good_tells_why(tmp_path):
    index = index_of(tmp_path, COURTS)
    (writable(generation.current(index)) / "words.bin").unlink()
    live = LiveEngine(index)
    for _ in range(3):
        with pytest.raises(DamagedIndexError, match=r"words\.bin"):
            live.engine()
    assert live.refused == 1


def test_where_the_one_before_is_bad_too_the_current_one_is_told_of(tmp_path):
    """What is wrong with another one would send whoever looks after it to the wrong place."""
    index = index_of(tmp_path, COURTS)
    first = generation.current_name(index)
    second = rebuilt(tmp_path, MINES)
    shutil.rmtree(writable(index / first))
    (writable(index / second) / "words.bin").unlink()
    live = LiveEngine(index)
    with pytest.raises(DamagedIndexError, match=rf"{second}.*words\.bin"):
        live.engine()
    assert live.refused == 2


def test_what_is_told_again_and_again_holds_nothing_of_the_times_before(tmp_path):
    damaged = index_of(tmp_path, COURTS)
    (writable(generation.current(damaged)) / "words.bin").unlink()
    nobody = ClusterEngine(Cluster(Access(("http://127.0.0.1:1",)), seconds=1.0))
    for without_index in (LiveEngine(tmp_path / "none"), LiveEngine(damaged), nobody):
        told = []
        for _ in range(3):
            with pytest.raises(IndexerError) as raised:
                without_index.engine()
            told.append((str(raised.value), len(raised.traceback), raised.value.__context__))
        assert told == [told[0]] * 3


def test_a_generation_that_is_refused_is_let_go(tmp_path, monkeypatch):
    opened, whole = [], SearchEngine.of

    def half_open(folder, **_):
        held = whole(folder)
        opened.append(weakref.ref(held))
        try:
            raise ValueError("no segment")
        except ValueError as error:
            raise DamagedIndexError("odd terms") from error

    live = LiveEngine(index_of(tmp_path, COURTS))
    monkeypatch.setattr(SearchEngine, "of", half_open)
    with pytest.raises(DamagedIndexError, match="odd terms"):
        live.engine()
    gc.collect()
    assert [held() for held in opened] == [None]


def test_an_index_that_goes_away_is_served_from_memory(tmp_path):
    live = LiveEngine(index_of(tmp_path, COURTS))
    name = served(live)
    shutil.rmtree(writable(tmp_path / "index"))
    assert [served(live) for _ in range(5)] == [name] * 5
    assert live.engine().search(SearchRequest(q="courts")).total == 1


def test_rollback_is_followed(tmp_path):
    index = index_of(tmp_path, COURTS)
    first = generation.current_name(index)
    second = rebuilt(tmp_path, MINES)
    live = LiveEngine(index)
    assert served(live) == second
    generation.rollback(index)
    assert settled(live, first) == first


def test_threads_see_whole_generations(tmp_path):
    live = LiveEngine(index_of(tmp_path, COURTS))
    live.engine()
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            results = live.engine().search(SearchRequest())
            seen.add((results.index.generation, results.total, len(results.hits)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    expected = {served(live): 1}
    for projects in (MINES, COURTS, MINES):
        name = rebuilt(tmp_path, projects)
        expected[name] = len(projects)
        settled(live, name)
    stop.set()
    for thread in threads:
        thread.join()
    assert {(name, total, total) for name, total in expected.items()} >= seen
    assert len(seen) > 1


def test_a_generation_that_a_request_holds_at_the_switch_is_let_go_soon_after(tmp_path, monkeypatch):
    looks, ended, look = [], threading.Event(), worker.set_aside

    def set_aside():
        looks.append(None)
        if len(looks) > 1:
            # However late the request ends here, the later look comes after it.
            ended.wait()
        look()

    monkeypatch.setattr(worker, "LET_GO_SECONDS", 0.0)
    monkeypatch.setattr(worker, "set_aside", set_aside)
    live = LiveEngine(index_of(tmp_path, COURTS))
    # As a worker of the server does, which waits until its first generation is warm.
    live.start()
    live.settled = worker.set_aside_twice
    held = live.engine()
    followed = weakref.ref(held)
    name = rebuilt(tmp_path, MINES)
    assert settled(live, name) == name
    until(lambda: len(looks) == 2, "the later look has begun")
    assert followed() is held
    del held
    ended.set()
    until(lambda: followed() is None, "it is let go")


def test_a_worker_that_has_begun_looks_through_all_it_has_no_second_time(tmp_path, monkeypatch):
    looks = []
    monkeypatch.setattr(worker, "set_aside", lambda: looks.append("at once"))
    monkeypatch.setattr(worker, "set_aside_twice", lambda: looks.append("at once and later"))
    before = gc.get_threshold()
    try:
        live = worker.warm(application(index_of(tmp_path, COURTS))).extensions["search"].live
    finally:
        gc.set_threshold(*before)
    assert looks == ["at once"]
    settled(live, rebuilt(tmp_path, MINES))
    until(lambda: looks == ["at once", "at once and later"], "the last generation is let go")
