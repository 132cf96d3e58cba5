"""Measure what search by meaning costs: time to build, time of a page, and bytes, with and without a model.

Both ways take turns, and what counts is processor time. `python -m bench.meaning --size 100000`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

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

# Builds of each way, and searches of each kind; each search is asked once before it is timed.
BUILDS, SEARCHES = 2, 20
WAYS = ("by words", "by meaning as well")
COLUMNS = ("", *WAYS, "ratio")
# The searches that also have related projects, and those that have not.
RELATED, FULL = "page with related projects, ms", "page without, ms"

Measured = dict[str, tuple[float, float]]


@click.command()
@options.corpora
@click.option("--model", default=WORDLLAMA, show_default=True, help="Its name or folder.")
def main(corpora: list[Corpus], out: Path, model: str) -> None:
    """Compare builds and searches of each corpus with and without a model."""
    found = {corpus.name: measure(corpus, model) for corpus in corpora}
    tables = [
        Table(f"{corpus.name}: {corpus.projects:,} projects", COLUMNS, tuple(_rows(found[corpus.name])))
        for corpus in corpora
    ]
    keep(out, "meaning-costs", {"corpora": found}, tables)


def _rows(measured: Measured) -> list[tuple[Cell, ...]]:
    return [(what, *pair, ratio(pair[1], pair[0])) for what, pair in measured.items()]


def measure(corpus: Corpus, model: str) -> Measured:
    """Return what builds, pages and vectors cost, by words and by meaning as well."""
    with TemporaryDirectory() as folder:
        indexes = {way: Path(folder, str(number)) for number, way in enumerate(WAYS)}
        built: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(BUILDS):
            for way, named in zip(WAYS, ("", model), strict=True):
                built[way].append(apart(build, corpus.folder, indexes[way], named))
        vectors = [(current(index) / "vectors.npy").stat().st_size / 1e6 for index in indexes.values()]
        return {
            "full build, s": (min(built[WAYS[0]]), min(built[WAYS[1]])),
            **pages(corpus, indexes, model),
            "vectors, MB": (vectors[0], vectors[1]),
        }


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


if __name__ == "__main__":
    main()
