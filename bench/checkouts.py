"""Build one corpus with this checkout and with another one, in turns, by processor time.

Each build is a command in a process of its own, so that it is the whole price: importing, reading, checking,
writing. Who begins changes from round to round.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.tables import Table, ratio, shown
from bench.workspace import Corpus

HERE = Path(__file__).resolve().parents[1]


def measure(corpus: Corpus, against: Path, jobs: int, rounds: int) -> tuple[list[float], list[float]]:
    """Return the seconds of processor time of each round, those of this checkout and of the other one."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * rounds):
        place = (turn + turn // 2) % 2
        with TemporaryDirectory(dir=corpus.place) as folder:
            index = Path(folder, "index")
            found[place].append(spent(corpus, (HERE, against)[place], index, "--jobs", str(jobs)))
    return found


def spent(corpus: Corpus, checkout: Path, index: Path, *arguments: str) -> float:
    """Return the seconds of processor time, also the system's, that `build` takes."""
    before = os.times()
    build(corpus, checkout, index, *arguments)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def build(corpus: Corpus, checkout: Path, index: Path, *arguments: str) -> None:
    """Run `reindex` of a checkout for a corpus, with `arguments`; the index is made in a folder."""
    places = {"SEARCH_CORPUS_DIR": str(corpus.folder), "SEARCH_INDEX_DIR": str(index)}
    subprocess.run(
        [sys.executable, "-P", "-c", "from indexer.cli import main; main()", *arguments],
        env={**os.environ, **places, "PYTHONPATH": str(checkout.resolve())},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def table(corpus: Corpus, found: Sequence[Sequence[float]], jobs: int) -> Table:
    """Return the seconds and rates of both checkouts, and the rate of this one by that of the other."""
    others = median(found[1])
    rows = [
        (
            name,
            median(seconds),
            f"{shown(min(seconds))} to {shown(max(seconds))}",
            round(corpus.projects / median(seconds)),
            ratio(others, median(seconds)),
        )
        for name, seconds in zip(("this checkout", "the other checkout"), found, strict=True)
    ]
    return Table(
        f"A full build of {shown(corpus.projects)} projects, {jobs} process(es), {len(found[0])} rounds",
        (
            "",
            "s of processor time, median",
            "lowest and highest",
            "projects a second",
            "times the other's rate",
        ),
        tuple(rows),
    )
