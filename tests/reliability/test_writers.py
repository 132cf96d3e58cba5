"""R5, R12: several `reindex` at once, and a corpus that lost most of its projects."""

from pathlib import Path

import pytest

from indexer.build import reindex
from indexer.storage import generation
from tests.building import copied, write_corpus
from tests.documents import LABOUR
from tests.reliability.runs import Faults, begun, run, start
from tests.reliability.states import documents, strays

# Slow enough that the winner still holds the lock when the last of the others tries.
SLOW = 0.003
# The promise, in seconds, and what the short form gives a busy machine, whose cores eight processes share.
WITHIN, SHORT_WITHIN = 1.0, 30.0
SHORT_ROUNDS = 2


@pytest.mark.parametrize("runs", [2, 8], ids=["two", "eight"])
@pytest.mark.forms(SHORT_ROUNDS, 50)
def test_one_of_several_wins(rounds, runs, tmp_path, labour_index, two_corpora, figure):
    slowest = 0.0
    for number in range(rounds):
        index = copied(labour_index, tmp_path / f"{number}" / "index")
        going = [
            start(
                two_corpora[0],
                index,
                "--allow-shrink",
                faults=Faults(slow=SLOW),
                told=tmp_path / f"{number}-{one}.txt",
            )
            for one in range(runs)
        ]
        codes = [one.wait() for one in going]
        assert sorted(codes) == [0] + [75] * (runs - 1)
        assert (documents(index), strays(index)) == (300, [])
        losers = [one for one, code in zip(going, codes, strict=True) if code]
        assert all(one.said().startswith("reindex: another reindex is running (pid") for one in losers)
        slowest = max(slowest, *(_decided(one) for one in losers))
    assert slowest < (SHORT_WITHIN if rounds == SHORT_ROUNDS else WITHIN)
    figure(f"{rounds} rounds of {runs}: one winner each, the slowest loser ended after {slowest:.2f} s")


def test_one_of_several_is_named_to_the_others(tmp_path, two_corpora):
    index = tmp_path / "index"
    first = start(two_corpora[0], index, faults=Faults(slow=SLOW))
    begun(first, index)
    pid = first.process.pid
    told = run(two_corpora[0], index)
    assert first.wait() == 0
    assert told == (75, f"reindex: another reindex is running (pid {pid}); wait for it to end\n")


def _decided(loser) -> float:
    """Return the seconds from the start of a run to its last word."""
    return loser.told.stat().st_mtime - loser.started


@pytest.fixture
def small(tmp_path) -> tuple[Path, Path]:
    corpus = write_corpus(tmp_path / "corpus", list(LABOUR.values())[:10])
    reindex(corpus, tmp_path / "index")
    return corpus, tmp_path / "index"


@pytest.mark.parametrize(
    ("left", "flags", "code", "found"),
    [
        (5, (), 0, 5),
        (4, (), 76, 10),
        (0, (), 76, 10),
        (4, ("--full",), 76, 10),
        (4, ("--allow-shrink",), 0, 4),
    ],
    ids=["half", "less-than-half", "missing-mount", "in-full", "allowed"],
)
def test_a_shrunken_corpus_is_refused(left, flags, code, found, small):
    corpus, index = small
    write_corpus(corpus, list(LABOUR.values())[:left])
    ended, told = run(corpus, index, *flags)
    assert (ended, documents(index), strays(index)) == (code, found, [])
    assert ("--allow-shrink" in told) == bool(code)


def test_a_shrunken_corpus_says_how_much_is_missing(small):
    corpus, index = small
    (corpus / "projects.jsonl").unlink()
    name = generation.current_name(index)
    told = run(corpus, index)[1]
    assert told == (
        "reindex: 10 of 10 projects would be removed; is the corpus complete? "
        "If it is, run it again with --allow-shrink\n"
    )
    assert generation.current_name(index) == name
