"""The engines that are measured, and the one page of work that each of them does.

A page is what a results page shows: the ten best hits with their stored fields, marked snippets of title
and description, how many match, matches per start year, and the ten grantees with most matches. Ours also
counts by active year, end year and status. An engine brings its index up from a corpus folder of .jsonl
files (`bench.corpus.write_parts`), reading included, and opens it for searching.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from bench.queries import Query

HITS = 10
GRANTEES = 10
OURS, CLUSTER = "ours", "ours over OpenSearch"
# Stock Whoosh takes seconds for a query and minutes for an index: it gets a part of the work.
SLOW = frozenset({"stock Whoosh"})
# A word in a title counts for two, with every engine that ranks fields.
TITLE_WEIGHT = 2.0
# About what a snippet of ours shows.
SNIPPET_CHARACTERS, SNIPPET_WORDS = 240, 40


@dataclass(frozen=True, slots=True)
class Page:
    """What an engine found, in its own words: hits as (id, fields, marked title, marked description)."""

    total: int
    hits: Sequence[tuple[str, object, object, object]]
    years: Mapping[int, int]
    grantees: Mapping[str, int]


Search = Callable[[Query], Page]


class UnavailableError(Exception):
    """An engine needs something that is not there; the message says what."""


class Engine(Protocol):
    """An engine under measurement."""

    name: str
    version: str

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder."""

    def open(self, folder: Path) -> AbstractContextManager[Search]:
        """Open what `build` made for searching."""


@runtime_checkable
class Updating(Engine, Protocol):
    """An engine that can bring an index up to date with a corpus folder."""

    def update(self, corpus: Path, folder: Path) -> None:
        """Take over what changed in the corpus folder since `build`."""


@runtime_checkable
class Elsewhere(Engine, Protocol):
    """An engine whose work others share, which belongs to its figures; `jobs` processes send it to them."""

    jobs: int

    def processor(self) -> float:
        """Return the seconds of the processor that the others have taken so far."""

    def stored(self, folder: Path) -> int:
        """Return the bytes that the others hold for the index in a folder."""


def processor_elsewhere(engine: Engine) -> float:
    """Return the seconds of the processor that others have taken for an engine, 0 if there are none."""
    return engine.processor() if isinstance(engine, Elsewhere) else 0.0


_MODULES = {
    OURS: ("bench.ours", "Ours"),
    "tantivy": ("bench.peer_tantivy", "Tantivy"),
    "fts5": ("bench.peer_fts5", "Fts5"),
    "xapian": ("bench.peer_xapian", "Xapian"),
    "whoosh": ("bench.peer_whoosh", "StockWhoosh"),
    "cluster": ("bench.peer_cluster", "OverCluster"),
}
PEERS = tuple(name for name in _MODULES if name != OURS)


def load(names: Sequence[str]) -> tuple[list[Engine], list[str]]:
    """Return the engines of `names` that can be imported, and a note for each peer that cannot."""
    engines: list[Engine] = []
    notes: list[str] = []
    for name in names:
        module, kind = _MODULES[name]
        try:
            engines.append(cast("Engine", getattr(importlib.import_module(module), kind)()))
        except (ImportError, UnavailableError) as error:
            if name == OURS:
                raise
            notes.append(f"{name} left out: {error}.")
    return engines, notes
