"""Measure what search by meaning costs: time to build, time of a page, and bytes, with and without a model.

And what it costs where it is off: an index that never had vectors against one that has them, both searched by
words alone. All take turns, and what counts is processor time. `python -m bench.meaning --size 100000`.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import click
import numpy as np

from bench import options
from bench.ours import request
from bench.queries import SEED, Sample, draw
from bench.tables import Cell, Table, keep, ratio
from bench.workspace import Corpus, apart
from indexer.build import BuildOptions, reindex
from indexer.storage.generation import current
from indexer.text.meaning.models import WORDLLAMA, open_model
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest

# Builds of each way, and searches of each kind; each search is asked once before it is timed.
BUILDS, SEARCHES = 2, 20
WAYS = ("by words", "by meaning as well")
COLUMNS = ("", *WAYS, "ratio")
# The searches that also have related projects, and those that have not.
RELATED, FULL = "page with related projects, ms", "page without, ms"
# Where a server has no model: times that each search is asked for the time of a page, and what is told of it.
ROUNDS = 5
OFF_COLUMNS = ("", "index without vectors", "index with vectors", "ratio")
PAGE, CALLS, CALLS_OF_MEANING = "page, ms", "calls for a page", "of these in modules of meaning"

Measured = dict[str, tuple[float, float]]


@click.command()
@options.corpora
@click.option("--model", default=WORDLLAMA, show_default=True, help="Its name or folder.")
def main(corpora: list[Corpus], out: Path, model: str) -> None:
    """Compare builds and searches of each corpus with and without a model."""
    found = {corpus.name: measure(corpus, model) for corpus in corpora}
    tables = []
    for corpus in corpora:
        on, off = found[corpus.name]
        title = f"{corpus.name}: {corpus.projects:,} projects"
        tables.append(Table(title, COLUMNS, _rows(on)))
        tables.append(Table(f"{title}, and a server without a model", OFF_COLUMNS, _rows(off)))
    keep(
        out,
        "meaning-costs",
        {"corpora": {name: {"on": on, "off": off} for name, (on, off) in found.items()}},
        tables,
    )


def _rows(measured: Measured) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        [(what, *pair, ratio(pair[1], pair[0]) if pair[0] else "-") for what, pair in measured.items()]
    )


def measure(corpus: Corpus, model: str) -> tuple[Measured, Measured]:
    """Return what builds, pages and vectors cost, by words and by meaning too; pages where it is off."""
    with TemporaryDirectory() as folder:
        indexes = {way: Path(folder, str(number)) for number, way in enumerate(WAYS)}
        built: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(BUILDS):
            for way, named in zip(WAYS, ("", model), strict=True):
                built[way].append(apart(build, corpus.folder, indexes[way], named))
        vectors = [(current(index) / "vectors.npy").stat().st_size / 1e6 for index in indexes.values()]
        on = {
            "full build, s": (min(built[WAYS[0]]), min(built[WAYS[1]])),
            **pages(corpus, indexes, model),
            "vectors, MB": (vectors[0], vectors[1]),
        }
        return on, pages_off(corpus, [*indexes.values()])


def build(corpus: Path, index: Path, model: str) -> float:
    """Build an index in full and return the processor time, in seconds."""
    began = time.process_time()
    reindex(corpus, index, BuildOptions(full=True, meaning=model))
    return time.process_time() - began


def pages(corpus: Corpus, indexes: Mapping[str, Path], model: str) -> Measured:
    """Return the median processor time of a page in milliseconds, apart for those with related projects."""
    words, meaning = indexes.values()
    engines = (
        SearchEngine.open(words, answers=0),
        SearchEngine.open(meaning, answers=0, model=open_model(model)),
    )
    times: dict[str, list[list[float]]] = {FULL: [], RELATED: []}
    for query in draw(Sample.of(corpus.read()), SEARCHES, SEED):
        asked = request(query)
        has_related = [engine.search(asked).related for engine in engines][1]
        times[RELATED if has_related else FULL].append([])
        for engine in engines:
            began = time.process_time()
            engine.search(asked)
            times[RELATED if has_related else FULL][-1].append(1000 * (time.process_time() - began))
    medians = {what: np.median(pairs, axis=0).tolist() for what, pairs in times.items() if pairs}
    return {what: (one, other) for what, (one, other) in medians.items()}


def pages_off(corpus: Corpus, indexes: Sequence[Path]) -> Measured:
    """Return what a page takes by words alone, over an index without vectors and over one with them.

    The mean of the least times of each search, and the mean number of calls of Python functions.
    """
    engines = [SearchEngine.open(index, answers=0) for index in indexes]
    asked = [request(query) for query in draw(Sample.of(corpus.read()), SEARCHES, SEED)]
    least = np.full((len(asked), len(engines)), np.inf)
    for turn in range(ROUNDS + 1):
        for row, one in enumerate(asked):
            # The first round is not timed, and each engine is the first in turn.
            for place in sorted(range(len(engines)), reverse=bool(turn % 2)):
                spent = _milliseconds(engines[place], one)
                least[row, place] = min(least[row, place], spent) if turn else np.inf
    times = least.mean(axis=0).tolist()
    calls = np.mean([[_calls(partial(engine.search, one)) for engine in engines] for one in asked], axis=0)
    return {
        PAGE: (times[0], times[1]),
        CALLS: (float(calls[0, 0]), float(calls[1, 0])),
        CALLS_OF_MEANING: (float(calls[0, 1]), float(calls[1, 1])),
    }


def _milliseconds(engine: SearchEngine, asked: SearchRequest) -> float:
    began = time.process_time()
    engine.search(asked)
    return 1000 * (time.process_time() - began)


def _calls(action: Callable[[], object]) -> tuple[int, int]:
    """Return how many Python functions an action calls, and how many of them in rooms of meaning."""
    calls = Counter[bool]()

    def _count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[Path(frame.f_code.co_filename).parent.name == "meaning"] += 1

    sys.setprofile(_count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls.total(), calls[True]


if __name__ == "__main__":
    main()
