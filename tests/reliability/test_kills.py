"""R1, R2: a `reindex` that is killed or stopped at any moment leaves the old index or the new one, whole."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.build import reindex
from indexer.storage import generation
from tests.building import write_corpus
from tests.reliability.runs import Faults, Run, begun, start
from tests.reliability.states import documents, strays, unpublished

SIZES = (300, 340)
# How much a file call is slowed down, so that half of the kills land inside publishing.
SLOW = 0.002
# Signals come at any moment of a run, and a few after it.
BEYOND = 1.1


@pytest.fixture
def index(tmp_path, two_corpora) -> Path:
    reindex(two_corpora[0], tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def lasting(index, two_corpora) -> dict[float, float]:
    """Return how long a build lasts from its first file to its end, in seconds, plain and slowed."""
    found = {}
    for slow in (0.0, SLOW):
        target = SIZES.index(documents(index)) ^ 1
        going = start(two_corpora[target], index, faults=Faults(slow=slow))
        begun(going, index)
        began = time.monotonic()
        going.wait()
        found[slow] = time.monotonic() - began
    return found


def ended(going: Run, moment: float, how: signal.Signals) -> int:
    """Send a signal a moment after the build began and return how the run ended."""
    time.sleep(moment)
    # It may end by itself at the last moment.
    with contextlib.suppress(ProcessLookupError):
        if going.process.is_alive():
            os.kill(going.process.pid, how)
    return going.wait()


@pytest.mark.forms(20, 500)
def test_a_killed_reindex_leaves_the_old_index_or_the_new(rounds, index, two_corpora, lasting, figure):
    rng, halfway = random.Random(rounds), 0
    for number in range(rounds):
        target = SIZES.index(documents(index)) ^ 1
        slow = SLOW if number % 2 else 0.0
        going = start(two_corpora[target], index, faults=Faults(slow=slow))
        begun(going, index)
        ended(going, rng.uniform(0, BEYOND * lasting[slow]), signal.SIGKILL)
        halfway += bool(unpublished(index))
        assert documents(index) in SIZES, f"round {number}"
        reindex(two_corpora[target], index)
        assert (documents(index), strays(index)) == (SIZES[target], []), f"round {number}"
    assert halfway > rounds // 4
    figure(f"{rounds} kills, {halfway} of them inside a build: 0 bad")


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["sigterm", "ctrl-c"]
)
@pytest.mark.forms(4, 50)
def test_a_stopped_reindex_leaves_nothing_behind(rounds, how, code, index, two_corpora, lasting, figure):
    rng, late = random.Random(rounds), 0
    for number in range(rounds):
        before = documents(index)
        target = SIZES.index(before) ^ 1
        slow = SLOW if number % 2 else 0.0
        going = start(two_corpora[target], index, faults=Faults(slow=slow))
        begun(going, index)
        told = ended(going, rng.uniform(0, BEYOND * lasting[slow]), how)
        after = documents(index)
        late += after != before
        # A signal after the new generation was published comes too late to stop it.
        assert (told == code and after in SIZES) or after == SIZES[target], f"round {number}: {told}"
        assert strays(index) == [], f"round {number}"
    figure(f"{rounds} {how.name}: {rounds - late} stopped with {code}, {late} came after publishing, 0 bad")


def test_a_stopped_reindex_says_so_in_a_line(index, two_corpora):
    going = start(two_corpora[1], index, faults=Faults(slow=SLOW))
    begun(going, index)
    code = ended(going, 0.05, signal.SIGTERM)
    assert (code, going.said()) == (143, "reindex: terminated\n")


@pytest.mark.parametrize("once_more", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "ctrl-c"])
def test_a_stopped_reindex_that_is_stopped_once_more_ends_with_its_code(once_more, index, two_corpora):
    going = start(two_corpora[1], index, faults=Faults(slow=SLOW))
    begun(going, index)
    time.sleep(0.05)
    os.kill(going.process.pid, signal.SIGINT)
    while not going.said():
        time.sleep(0.0001)
    for _ in range(20):
        with contextlib.suppress(ProcessLookupError):
            os.kill(going.process.pid, once_more)
    assert (going.wait(), going.said()) == (130, "reindex: interrupted\n")
    assert (documents(index), strays(index)) == (SIZES[0], [])


def test_workers_end_with_a_killed_reindex(tmp_path, two_corpora):
    index = tmp_path / "index"
    command = (
        "from pathlib import Path\n"
        "from indexer.build import BuildOptions, reindex\n"
        "if __name__ == '__main__':\n"
        "    reindex(Path('corpus'), Path('index'), BuildOptions(jobs=2, chunk_documents=20))\n"
    )
    (tmp_path / "several.py").write_text(command)
    write_corpus(tmp_path / "corpus", [])
    (tmp_path / "corpus" / "projects.jsonl").write_bytes((two_corpora[1] / "projects.jsonl").read_bytes())
    parent = subprocess.Popen([sys.executable, "several.py"], cwd=tmp_path, start_new_session=True)
    try:
        workers = _workers(parent)
        parent.kill()
        parent.wait()
        until = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
            time.sleep(0.02)
        assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
        assert generation.current_name(index) is None
    finally:
        parent.kill()
        parent.wait()


def _workers(parent: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that analyse, as soon as there are two of them at work."""
    while parent.poll() is None:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        at_work = [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        if len(at_work) == 2:
            return at_work
        time.sleep(0.005)
    raise AssertionError("reindex ended before its workers were seen")
