"""R6, R8: those who search notice neither a reindex nor the death of a worker."""

import os
import signal
import time
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from indexer.build import BuildOptions, reindex
from indexer.storage import generation
from indexer.storage.folder.manifest import read_manifest
from search_app import create_app
from search_app.engine.search import SearchEngine
from tests.building import copied
from tests.reliability.serving import Reader, search, serving, until

# The promise, in seconds; the short form gives a busy machine four times that.
VISIBLE, REPLACED = 2.0, 5.0
SHORT_REINDEXES, SHORT_KILLS, SLACK = 5, 2, 4
READERS, WORKERS, NEW = 4, 2, 8
# A worker that dies again this soon, in seconds, ends the server: whoever started it starts it anew.
GIVEN_UP = 6.0


@pytest.mark.forms(SHORT_REINDEXES, 20)
def test_readers_see_one_generation_at_a_time(rounds, tmp_path, labour_index, two_corpora, figure):
    index = copied(labour_index, tmp_path / "index")
    first = generation.current(index)
    sizes = {first.name: read_manifest(first).documents}
    published = []
    with serving(index, tmp_path / "log.txt") as server:
        readers = [Reader(server, [search("", page=str(one))]) for one in range(1, READERS + 1)]
        for number in range(rounds):
            found = reindex(two_corpora[number % 2], index, BuildOptions(allow_shrink=True))
            published.append((time.monotonic(), found.generation))
            sizes[found.generation] = found.projects
            _seen_by_all(readers, found.generation)
        for reader in readers:
            reader.stop()
    answers = sorted((one for reader in readers for one in reader.answers), key=lambda one: one.at)
    assert [one for reader in readers for one in reader.failures] == []
    assert {one.status for one in answers} == {200}
    assert all(_whole(one, sizes) for one in answers)
    slowest = max(_last_of_the_old(answers, *one) for one in published)
    assert slowest < (VISIBLE * SLACK if rounds == SHORT_REINDEXES else VISIBLE)
    figure(
        f"{len(answers):,} answers during {rounds} reindexes: 0 errors, 0 mixed; "
        f"the old generation gone after {slowest:.2f} s at most"
    )


def test_who_asks_first_after_a_reindex_has_its_generation(tmp_path, labour_index, two_corpora):
    index = copied(labour_index, tmp_path / "index")
    old = generation.current(index).name
    with serving(index, tmp_path / "log.txt", workers=WORKERS) as server:
        until(partial(_ready, server, 0), "all are ready")
        new = reindex(two_corpora[0], index, BuildOptions(allow_shrink=True)).generation
        # Nobody asks meanwhile: each worker lets go of nearly all of the old files by itself.
        until(lambda: all(_maps(pid, new) > 2 * _maps(pid, old) for pid in server.workers()), "all follow")
        assert {_of(server.get(search("", page=str(page)))) for page in range(1, 4 * WORKERS)} == {new}


def test_readers_of_one_answer_see_one_generation_however_often_it_looks(
    tmp_path, labour_index, seed_index, monkeypatch
):
    application = create_app({"SEARCH_INDEX_DIR": labour_index, "SEARCH_LOG_FORMAT": "none"})
    engines = [
        SearchEngine.of(generation.current(index), verify=False) for index in (labour_index, seed_index)
    ]
    sizes = {one.info.generation: one.info.documents for one in engines}
    # Another generation takes over at each look.
    looks = cycle(engines)
    monkeypatch.setattr(application.extensions["search"].live, "engine", lambda: next(looks))
    for page in range(1, 8):
        told = application.test_client().get(search("", page=str(page))).json
        assert told["total"] == told["index"]["documents"] == sizes[told["index"]["generation"]]


def _maps(pid: int, name: str) -> int:
    """Return how many files of a generation a process has in its memory."""
    return Path(f"/proc/{pid}/maps").read_text().count(f"/{name}/")


def _seen_by_all(readers, name: str) -> None:
    """Wait until the newest answers of every reader are of one generation."""
    until(
        lambda: all(_of(one) == name for reader in readers for one in reader.answers[-3:]),
        f"generation {name} is seen",
    )


def _of(answer) -> str:
    return answer.json()["index"]["generation"]


def _whole(answer, sizes) -> bool:
    """Tell whether all of an answer is from the generation that it names."""
    document = answer.json()
    size = sizes[document["index"]["generation"]]
    return document["total"] == document["index"]["documents"] == size


def _last_of_the_old(answers, at: float, name: str) -> float:
    """Return how long after a generation was published an older one still answered, in seconds."""
    late = [one.at - at for one in answers if one.at - one.seconds > at and _of(one) < name]
    return max(late, default=0.0)


@pytest.mark.forms(SHORT_KILLS, 20)
def test_a_killed_worker_is_replaced(rounds, tmp_path, labour_index, figure):
    slowest = 0.0
    with serving(labour_index, tmp_path / "log.txt", workers=WORKERS) as server:
        reader = Reader(server, [search("labour"), search("courts"), "/search?q=children"])
        for number in range(rounds):
            if number >= WORKERS:
                time.sleep(GIVEN_UP)
            until(partial(_ready, server, number), "all are ready")
            victim, before = server.workers()[0], len(reader.answers)
            os.kill(victim, signal.SIGKILL)
            # Who falls to the dead one before the server knows waits for the next one; nobody is refused.
            new = [Reader(server, [search("courts")]) for _ in range(NEW)]
            until(partial(_answered, reader, before + 20), "the others answer")
            until(lambda new=new: all(map(_was_told, new)), "all who come now are told")
            for one in new:
                one.stop()
            assert [failure for one in new for failure in one.failures] == []
            slowest = max(slowest, until(partial(_ready, server, number + 1), f"{victim} is replaced"))
        reader.stop()
    answers, lost = len(reader.answers), len(reader.failures)
    assert {one.status for one in reader.answers} == {200}
    # A connection that the dead worker had taken ends with it; the next one is answered.
    assert lost <= rounds
    assert slowest < (REPLACED * SLACK if rounds == SHORT_KILLS else REPLACED)
    figure(
        f"{rounds} kills: replaced after {slowest:.1f} s at most; "
        f"{answers:,} answers, {lost} connections lost"
    )


def _ready(server, number: int) -> bool:
    """Tell whether so many workers became ready beyond the first ones."""
    return server.told().count("Started worker") == WORKERS + number


def _was_told(reader) -> bool:
    return bool(reader.answers or reader.failures)


def _answered(reader, number: int) -> bool:
    return len(reader.answers) > number
