"""What the files of a corpus hold, read lazily into projects and rejections.

`formats` has one module for each format, each with a function `read(stream, reading)`; `sources` finds and
opens the files, `fields` says which column is which field, `record` what makes a record one that can be
taken. What a `reading.Lookup` knows from the last time is not parsed again: lines of .jsonl one by one, other
files as a `whole`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path

from indexer.corpus import whole
from indexer.corpus.formats import jsonl
from indexer.corpus.guard import Patience, guarded
from indexer.corpus.reading import LIMITS, Event, Limits, Lookup, Reading, silent
from indexer.corpus.sources import Source, open_source, walk
from indexer.document import Project, Rejection

# Of a packed file, how many times larger it may be when it is unpacked without being given less time for it.
_UNPACKED = 20

Files = Iterator[tuple[str, Iterator[Event]]]


def files(
    corpus_dir: Path,
    limits: Limits = LIMITS,
    warn: Callable[[str], None] = silent,
    lookup: Lookup | None = None,
) -> Files:
    """Yield the name of every file of a corpus, in sorted order, with what it holds.

    `warn` is called with each doubt about a record that was taken; what `lookup` knows is not parsed
    again. Raises CorpusError, at once, if the folder cannot be read.
    """
    return _files(walk(corpus_dir, limits), Reading("", limits, warn), lookup)


def read(
    corpus_dir: Path, limits: Limits = LIMITS, warn: Callable[[str], None] = silent
) -> Iterator[Project | Rejection]:
    """Yield every project and rejection of a corpus, file by file; as `files` does."""
    return _projects(files(corpus_dir, limits, warn))


def _files(found: list[Source | Rejection], reading: Reading, lookup: Lookup | None) -> Files:
    patience = Patience(reading.limits.stall)
    for source in found:
        if isinstance(source, Rejection):
            yield source.path, iter([source])
        else:
            events = _events(source, replace(reading, path=source.path), lookup)
            size = source.size * _UNPACKED if source.packed else source.size
            yield source.path, guarded(events, source.path, size, patience)


def _projects(found: Files) -> Iterator[Project | Rejection]:
    for path, events in found:
        for event in events:
            if isinstance(event, list):
                yield from (Project(*content, f"{path}:{line}") for line, _, content in event)
            elif isinstance(event, Rejection):
                yield event


def _events(source: Source, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    found = False
    with open_source(source, reading.limits) as stream:
        for event in _parsed(source.kind, stream, reading, lookup):
            found = True
            yield event
    if not found:
        yield Rejection(source.path, 0, "no project in this file", "")


def _parsed(kind: str, stream: BufferedReader, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    if kind == "jsonl":
        return jsonl.records(stream, reading, lookup)
    return whole.records(stream, kind, reading, lookup)
