"""What the files of a corpus hold, read lazily into projects and rejections.

`formats` has one module for each format, each with a function `read(stream, reading)`; `sources` finds and
opens the files, `fields` says which column is which field, `record` what makes a record one that can be
taken. What a `reading.Lookup` knows from the last time is not parsed again: lines of .jsonl one by one, other
files as a `whole`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BufferedReader
from pathlib import Path

from indexer.corpus import whole
from indexer.corpus.account import Account
from indexer.corpus.formats import jsonl
from indexer.corpus.opening import READ_ERRORS, why_unreadable
from indexer.corpus.reading import LIMITS, Event, Limits, Lookup, Reading, WholeFile, silent
from indexer.corpus.sources import Source, open_source, walk
from indexer.document import Project, Rejection, SourceWarning
from indexer.reporting.sources import SourceReport

# A file with more bad records than this is no corpus file; they must not fill the memory.
MOST_REJECTED = 100_000

Files = Iterator[tuple[str, Iterator[Event]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the last run said of files, by the keys of their bytes, and what this one says, in their order."""

    earlier: Mapping[str, SourceReport] = field(default_factory=dict)
    found: list[SourceReport] = field(default_factory=list)


def files(
    corpus_dir: Path,
    limits: Limits = LIMITS,
    warn: Callable[[SourceWarning], None] = silent,
    lookup: Lookup | None = None,
    sources: Sources | None = None,
) -> Files:
    """Yield the name of every file of a corpus, in sorted order, with what it holds.

    `warn` is called with each warning; what `lookup` knows is not parsed again. `sources` knows what the last
    run said of files, and gets what this one says. Raises CorpusError, at once, if the folder cannot be read.
    """
    sources = sources or Sources()
    return _files(
        walk(corpus_dir, limits), Reading("", limits, warn, earlier=sources.earlier), lookup, sources
    )


def read(
    corpus_dir: Path, limits: Limits = LIMITS, warn: Callable[[SourceWarning], None] = silent
) -> Iterator[Project | Rejection]:
    """Yield every project and rejection of a corpus, file by file; as `files` does."""
    return _projects(files(corpus_dir, limits, warn))


def _files(
    found: list[Source | Rejection], reading: Reading, lookup: Lookup | None, sources: Sources
) -> Files:
    for source in found:
        if isinstance(source, Rejection):
            sources.found.append(SourceReport(source.path, rejected=1))
            yield source.path, iter([source])
        else:
            told = replace(reading, path=source.path, account=Account())
            yield source.path, _counted(_events(source, told, lookup), told, sources)


def _counted(events: Iterator[Event], reading: Reading, sources: Sources) -> Iterator[Event]:
    """Yield events, and say of their file, once they are through, what came of it."""
    projects = rejected = 0
    for event in events:
        if isinstance(event, Rejection):
            rejected += 1
        elif not isinstance(event, WholeFile):
            projects += len(event) if isinstance(event, list) else len(event.lines)
        yield event
    sources.found.append(reading.account.report(reading.path, projects, rejected))


def _projects(found: Files) -> Iterator[Project | Rejection]:
    for path, events in found:
        for event in events:
            if isinstance(event, list):
                yield from (Project(*content, f"{path}:{line}") for line, _, content in event)
            elif isinstance(event, Rejection):
                yield event


def _events(source: Source, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    rejected = 0
    found = False
    try:
        with open_source(source, reading.limits) as stream:
            for event in _parsed(source.kind, stream, reading, lookup):
                found = True
                yield event
                if isinstance(event, Rejection):
                    rejected += 1
                    if rejected == MOST_REJECTED:
                        reason = f"{rejected:,} records of this file are rejected; the rest was not read"
                        yield Rejection(source.path, 0, reason, "")
                        return
    except READ_ERRORS as error:
        yield Rejection(source.path, 0, why_unreadable(error), "")
    else:
        if not found:
            yield Rejection(source.path, 0, "no project in this file", "")


def _parsed(kind: str, stream: BufferedReader, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    if kind == "jsonl":
        return jsonl.records(stream, reading, lookup)
    return whole.records(stream, kind, reading, lookup)
