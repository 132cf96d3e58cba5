"""Time pages over projects of a megabyte each: lists, files and a project's own page, by processor time.

A description is what some thousand generated projects say, in paragraphs. No answer comes from a cache. What
has a whole description (the project's page, its JSON, a file of all hits) stands in a table of its own: it
costs what it is long.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import click

from bench.checkouts import HERE
from bench.corpus import generate
from bench.pages import Timer, indexed, query_string, timing
from bench.queries import SEED, Query, Sample, draw
from bench.tables import FIGURES, Cell, Spread, Table, keep
from bench.workspace import WORK, Corpus, prepared
from indexer.document import Project

# A record may have 1,048,576 bytes; some are for its other fields.
DESCRIPTION_BYTES = 1_000_000
# Generated descriptions in a paragraph, and the most that a long one is made of.
PARAGRAPH, MOST_JOINED = 6, 2_000
# Kinds of `bench.queries`, and kinds of words that stand in every project: how many words these have.
DRAWN = ("1 common word", "1 rare word", "3 words, any", "phrase", "prefix")
IN_EVERY = {"1 word of every project": 1, "3 words of every project": 3}
# What is asked for of a query, and of a project: an address by what it is called.
LISTS = {
    "page of results, ms": "/search?{query}",
    "answer of the API, ms": "/api/v1/search?{query}",
    "answer of 100, ms": "/api/v1/search?{query_of_100}",
}
WHOLE = {
    "page of the project": "/projects/{id}",
    "page of the project, from a search": "/projects/{id}?{query}",
    "the project by the API": "/api/v1/projects/{id}",
    "file of all hits (.csv)": "/search.csv?{query}",
}
WARMING = 2

# Milliseconds of each time of asking, by kind and by what was asked for.
Taken = Mapping[str, Mapping[str, Sequence[float]]]


def long_projects(number: int) -> Iterator[Project]:
    """Yield projects with a description of up to `DESCRIPTION_BYTES` each."""
    source = generate(number * MOST_JOINED)
    for project in (next(source) for _ in range(number)):
        parts, size = list[str](), 0
        for place, one in enumerate(source, 1):
            size += len(one.description.encode()) + 1
            if size > DESCRIPTION_BYTES:
                break
            parts.append(one.description + ("\n" if place % PARAGRAPH == 0 else " "))
        yield replace(project, description="".join(parts).rstrip())


def queries_of(sample: Sample, number: int, seed: int = SEED) -> list[Query]:
    """Return up to `number` queries of each kind, mixed by a seeded shuffle."""
    rng = random.Random(seed)
    everywhere = sorted(sample.within(sample.frequencies, (1.0, 1.0)))
    in_every = [
        Query(kind, "all", tuple(rng.sample(everywhere, words)))
        for kind, words in IN_EVERY.items()
        for _ in range(number)
    ]
    queries = [*draw(sample, number, seed, DRAWN), *in_every]
    rng.shuffle(queries)
    return queries


@click.command()
@click.option("--projects", "number", type=click.IntRange(2), default=100, show_default=True)
@click.option(
    "--queries", "asked", type=click.IntRange(1), default=10, show_default=True, help="Of each kind, a list."
)
@click.option("--work", type=click.Path(path_type=Path), default=WORK, show_default=True, help="Kept corpus.")
@click.option("--out", type=click.Path(path_type=Path), default=FIGURES, show_default=True, help="Figures.")
def main(number: int, asked: int, work: Path, out: Path) -> None:
    """Time pages over projects of a megabyte each."""
    corpus = prepared(work / f"long-records-{number}", lambda: long_projects(number))
    sample = Sample.of(corpus.read())
    queries = queries_of(sample, asked * len(LISTS))
    warming = queries_of(sample, WARMING * len(LISTS), SEED + 1)
    del sample
    with timing(HERE, indexed(corpus, HERE)) as timer:
        _lists(timer, warming)
        lists = _lists(timer, queries)
        whole = _whole(timer, queries[:asked], [one.id for one in corpus.read()])
    keep(out, corpus.name, {"lists": lists, "whole": whole}, tables(corpus, lists, whole))


def _lists(timer: Timer, queries: Sequence[Query]) -> Taken:
    """Return what lists take, by kind of query: each query in one list, for its matches are kept."""
    taken: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    turns = defaultdict[str, Iterator[str]](lambda: cycle(LISTS))
    for query in queries:
        name = next(turns[query.kind])
        parts = {"query": query_string(query), "query_of_100": query_string(query, 100)}
        taken[query.kind][name].append(timer.address(LISTS[name].format(**parts)) / 1e6)
    return taken


def _whole(timer: Timer, queries: Sequence[Query], ids: Sequence[str]) -> Taken:
    """Return the time of what has whole descriptions, a project for each query; the first is asked twice."""
    taken: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for name, address in WHOLE.items():
        addresses = [
            address.format(id=project, query=query_string(query))
            for project, query in zip(cycle(ids), queries, strict=False)
        ]
        timer.address(addresses[0])
        taken[name]["ms"] = [timer.address(one) / 1e6 for one in addresses]
    return taken


def tables(corpus: Corpus, lists: Taken, whole: Taken) -> list[Table]:
    """Return the medians and 95th percentiles of lists by kind of query, and of what has whole texts."""
    rows = [(kind, *(_cell(lists[kind].get(name, ())) for name in LISTS)) for kind in sorted(lists)]
    title = (
        f"Lists of {corpus.projects:,} projects of a megabyte: median milliseconds of the processor "
        "(95th percentile)"
    )
    long = [(name, _cell(taken["ms"])) for name, taken in whole.items()]
    return [
        Table(title, ("query", *LISTS), tuple(rows)),
        Table("What gives whole descriptions, of the same projects", ("asked for", "ms"), tuple(long)),
    ]


def _cell(taken: Sequence[float]) -> Cell:
    if not taken:
        return None
    spread = Spread.of(taken)
    return f"{spread.median:.1f} ({spread.p95:.1f})"


if __name__ == "__main__":
    main()
