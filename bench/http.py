"""Measure the server: distinct and repeated searches, against a bare Flask route and Datasette.

The bare route returns a constant of the same size under the same server command; Datasette shows its own
search page with the same two facets over the same projects. Servers run one after the other, and the load
shares the cores with each. At 70 % of what ours can do, requests then come at a steady rate.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from urllib.parse import urlencode

import click
import numpy as np

from bench import options
from bench.engines import HITS
from bench.load import Load, client, flat_out, steadily
from bench.ours import Ours, request
from bench.peer_fts5 import Fts5
from bench.queries import SEED, Query, Sample, draw
from bench.servers import HOST, Server, fetched, serving
from bench.tables import Cell, Table, installed, keep, ratio, share, shown
from bench.workspace import Corpus, index_of

WORKERS = 2
# Kinds of which there are as many different queries as any measurement asks for.
KINDS = ("2 words, all", "2 words, any", "3 words, all", "3 words, any", "phrase")
# Datasette's search page finds all words and nothing else.
ALL_WORDS = ("2 words, all", "3 words, all")
# Few enough that every worker has answered each of them before the measurement begins.
REPEATED = 50
# Answers whose mean size the bare route takes over.
SIZED = 100
# The share of its capacity that a server is asked to bear without queues.
SHARE = 0.3
WARMING_SECONDS = 3.0

_SETTINGS = {"SEARCH_HOST": HOST, "SEARCH_PORT": "{port}", "SEARCH_WORKERS": str(WORKERS)}
API, PAGE, TABLE = "/api/v1/search", "/search", "/projects/projects"
_GENEROUS = ("sql_time_limit_ms", "facet_time_limit_ms", "num_sql_threads", "suggest_facets")
_DATASETTE = dict(zip(_GENEROUS, ("60000", "60000", str(2 * WORKERS), "off"), strict=True))


# What is measured, as the table names it.
DISTINCT = "search API, distinct queries"
REPEATEDLY = "search API, repeated queries"
STEADY = f"search API, {SHARE:.0%} of that rate"
PAGES = "results page, distinct queries"
BARE = "bare Flask route, same size"
DATASETTE = "Datasette's search page"
NO_ANSWER = "no good answer in time"


@click.command()
@options.corpora
@options.peers("datasette")
@click.option("--seconds", type=click.IntRange(1), default=10, show_default=True, help="Each measurement.")
@click.option(
    "--distinct", type=click.IntRange(10), default=40_000, show_default=True, help="Different queries."
)
def main(corpora: list[Corpus], out: Path, names: tuple[str, ...], seconds: int, distinct: int) -> None:
    """Measure the server over each corpus, against a bare route and Datasette."""
    for corpus in corpora:
        loads = measure(corpus, names, seconds, distinct)
        figures = {"workers": WORKERS, "loads": {name: asdict(load) for name, load in loads.items()}}
        keep(out, f"http-{corpus.name}", figures, [table(corpus, loads)])


def measure(corpus: Corpus, names: Sequence[str], seconds: float, distinct: int) -> dict[str, Load]:
    """Return the load that each server bore, ours in several ways."""
    sample = Sample.of(corpus.read())
    mixed = draw(sample, distinct // len(KINDS), SEED, KINDS)
    plain = draw(sample, distinct // len(ALL_WORDS), SEED + 1, ALL_WORDS)
    loads = {}
    with _ours(corpus) as server:
        answers = [len(fetched(server.address + address(API, query))) for query in mixed[:SIZED]]
        first, second = np.array_split(np.array([address(API, query) for query in mixed[SIZED:]]), 2)
        loads[DISTINCT] = _flat_out(server, first.tolist(), seconds)
        # A share of no answers is no rate that a server could be asked to bear.
        if loads[DISTINCT].requests:
            loads[STEADY] = steadily(server.address, second.tolist(), seconds, SHARE * loads[DISTINCT].rate)
        loads[REPEATEDLY] = _warm(server, second[:REPEATED].tolist(), seconds)
        loads[PAGES] = _flat_out(server, [address(PAGE, query) for query in plain], seconds)
    with _bare(round(float(np.mean(answers)))) as server:
        loads[BARE] = _warm(server, ["/"], seconds)
    if names and installed("datasette"):
        with _datasette(corpus) as server:
            loads[DATASETTE] = _flat_out(server, [datasette_address(query) for query in plain], seconds)
    return loads


@contextmanager
def _ours(corpus: Corpus) -> Iterator[Server]:
    index = index_of(corpus, Ours(), keep=False)
    with serving("search_app.cli", [], "/readyz", _SETTINGS | {"SEARCH_INDEX_DIR": str(index)}) as server:
        yield server


@contextmanager
def _bare(size: int) -> Iterator[Server]:
    with serving("bench.bare", [], "/", _SETTINGS | {"BARE_BYTES": str(size)}) as server:
        yield server


@contextmanager
def _datasette(corpus: Corpus) -> Iterator[Server]:
    database = index_of(corpus, Fts5(), keep=True) / "projects.db"
    # Without these it drops facets that take long, and spends time on suggesting others.
    settings = [part for name, value in _DATASETTE.items() for part in ("--setting", name, value)]
    command = ["serve", "-i", str(database), "--host", HOST, "--port", "{port}", *settings]
    with serving("datasette", command, "/") as server:
        yield server


def _warm(server: Server, paths: Sequence[str], seconds: float) -> Load:
    flat_out(server.address, paths, min(WARMING_SECONDS, seconds))
    return _flat_out(server, paths, seconds)


def _flat_out(server: Server, paths: Sequence[str], seconds: float) -> Load:
    """Return the load that a server bore, with what a request cost it."""
    before = server.spent()
    load = flat_out(server.address, paths, seconds)
    spent = 1000 * (server.spent() - before)
    return replace(load, processor=spent / load.requests if load.requests else None)


def address(path: str, query: Query) -> str:
    """Return the address of a page of search on our server."""
    asked = request(query)
    return f"{path}?{urlencode({'q': asked.q, 'op': asked.op, 'per_page': HITS})}"


def datasette_address(query: Query) -> str:
    """Return the address of Datasette's search page with the facets that every engine counts."""
    asked = [
        ("_search", " ".join(query.words)),
        ("_size", HITS),
        ("_facet", "start_year"),
        ("_facet", "grantee"),
    ]
    return f"{TABLE}?{urlencode(asked)}"


def table(corpus: Corpus, loads: dict[str, Load]) -> Table:
    """Return the table of all loads, with ratios to the bare route and to Datasette."""
    rows = [_row(name, load) for name, load in loads.items()]
    own, pages, bare = loads[DISTINCT], loads[PAGES], loads[BARE]
    costs = [ratio(load.processor, bare.processor) for load in (own, pages)]
    notes = [
        f"Distinct queries: {share(own.rate, bare.rate)} of the bare route's requests a second; "
        f"repeated ones: {share(loads[REPEATEDLY].rate, bare.rate)}.",
        f"In processor time a distinct query costs {costs[0]} the bare route, a results page {costs[1]}.",
    ]
    if STEADY in loads:
        steady = loads[STEADY]
        notes.append(f"At {SHARE:.0%} of that rate, p99 is {ratio(steady.p99, steady.median)} the median.")
    if DATASETTE in loads:
        notes.append(_beside_datasette(pages, loads[DATASETTE]))
    notes.append(f"The load came from {client()}.")
    title = f"The server over {shown(corpus.projects)} projects, {WORKERS} workers, {os.cpu_count()} cores"
    columns = (
        "",
        "requests a second",
        "median ms",
        "p95 ms",
        "p99 ms",
        "requests",
        "failed",
        "processor ms a request",
    )
    return Table(title, columns, tuple(rows), tuple(notes))


def _row(name: str, load: Load) -> tuple[Cell, ...]:
    # A server that answers every few seconds has a rate too, which whole requests a second would hide.
    rate = round(load.rate) if load.rate >= 10 else load.rate
    median = load.median if load.requests else NO_ANSWER
    return (name, rate, median, load.p95, load.p99, load.requests, load.errors, load.processor)


def _beside_datasette(pages: Load, theirs: Load) -> str:
    if not theirs.requests:
        return (
            "Datasette gave no good answer to the same queries in time, so that the two cannot be compared."
        )
    factor = ratio(pages.rate, theirs.rate)
    return f"The results page answers {factor} the requests a second of Datasette's, same queries."


if __name__ == "__main__":
    main()
