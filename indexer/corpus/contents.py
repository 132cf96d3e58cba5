"""What the files of a corpus hold, read lazily into projects and rejections.

`formats` has one module for each format, each with a function `read(stream, reading)`; `sources` finds and
opens the files, `fields` says which column is which field, `record` what makes a record one that can be
taken. What a `reading.Lookup` knows from the last time is not parsed again: `whole` files, and of .jsonl that
changed, lines one by one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from io import BufferedReader
from pathlib import Path

from indexer.corpus import whole
from indexer.corpus.account import Account
from indexer.corpus.fields import FIELDS, Said, key_of
from indexer.corpus.fields.table_kinds import OTHER_THINGS
from indexer.corpus.files.archives import Archives
from indexer.corpus.files.opening import content_hash
from indexer.corpus.files.settings_names import FIELDS_FILE
from indexer.corpus.files.sources import Source, open_source, walk
from indexer.corpus.formats import jsonl
from indexer.corpus.formats.sniffing import is_one_value, why_another_format
from indexer.corpus.guard import Patience, guarded
from indexer.corpus.reading import (
    LIMITS,
    MEGABYTE,
    Event,
    Limits,
    Lookup,
    Part,
    Reading,
    Unchanged,
    WholeFile,
    silent,
)
from indexer.corpus.texts import HEAD_BYTES, storable
from indexer.document import Project, Rejection, SourceWarning
from indexer.reporting.source_reports import CALLED, LEFT_OUT, SourceReport

# A packed file has time for so many times its size; one that unfolds to more has no more time.
_UNPACKED = 20

Files = Iterator[tuple[str, Iterator[Event]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the last run said of files, by the keys of their bytes, and what this one says, in their order.

    `hashes` has the SHA-256 of files as they lie in the corpus; `said` is what the corpus says of columns.
    """

    earlier: Mapping[str, SourceReport] = field(default_factory=dict)
    hashes: Mapping[Path, str] = field(default_factory=dict)
    found: list[SourceReport] = field(default_factory=list)
    said: Said = ()

    def not_found(self) -> Iterator[str]:
        """Yield a sentence on each column that the corpus speaks of and no file names."""
        named = {key_of(name): name for source in self.found for name, _ in source.columns}
        for name, of in self.said:
            if key_of(name) not in named:
                near = get_close_matches(key_of(name), named, n=1)
                meant = f'. Is it "{named[near[0]]}"?' if near else ""
                yield f'no file has a column "{name}" so far; the {CALLED.get(of, of)} waits for it{meant}'

    def other_columns(self) -> set[str]:
        """Return the columns that files name beside those of a project's own fields, empty ones as well."""
        columns = (column for source in self.found for column in source.columns)
        return {name for name, became in columns if became not in (*FIELDS, LEFT_OUT)}


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
    reading = Reading("", limits, warn, earlier=sources.earlier, said=sources.said)
    return _files(walk(corpus_dir, limits), reading, lookup, sources)


def read(
    corpus_dir: Path, limits: Limits = LIMITS, warn: Callable[[SourceWarning], None] = silent
) -> Iterator[Project | Rejection]:
    """Yield every project and rejection of a corpus, file by file; as `files` does."""
    return _projects(files(corpus_dir, limits, warn))


def _files(
    found: list[Source | Rejection], reading: Reading, lookup: Lookup | None, sources: Sources
) -> Files:
    patience = Patience(reading.limits.stall)
    with Archives() as archives:
        for source in found:
            if isinstance(source, Rejection):
                sources.found.append(SourceReport(source.path, rejected=1))
                yield source.path, iter([source])
            else:
                told = replace(reading, path=source.path, account=Account())
                last = _LastRun(lookup, sources.hashes) if lookup else None
                events = _guarded(source, told, last, patience, archives)
                yield source.path, _counted(events, told, sources)
    for message in sources.not_found():
        reading.warn(SourceWarning(FIELDS_FILE, 0, "columns", message))


def file_records(source: Source, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield what one file holds, wherever it stands; `reading.account` tells how it was read."""
    with Archives() as archives:
        events = _guarded(source, reading, None, Patience(reading.limits.stall), archives)
        yield from _projects(iter([(source.path, events)]))


def _guarded(
    source: Source, reading: Reading, last: _LastRun | None, patience: Patience, archives: Archives
) -> Iterator[Event]:
    size = source.size * _UNPACKED if source.packed else source.size
    return guarded(_events(source, reading, last, archives), source.path, size, patience)


def _counted(events: Iterator[Event], reading: Reading, sources: Sources) -> Iterator[Event]:
    """Yield events, and say of their file, once they are through, what came of it."""
    projects = rejected = 0
    for event in events:
        rejected += isinstance(event, Rejection)
        projects += _records_in(event) + isinstance(event, Part)
        yield event
    sources.found.append(reading.account.report(reading.path, projects, rejected))


def _records_in(event: Event) -> int:
    """Return how many whole records an event has."""
    if isinstance(event, list):
        return len(event)
    return len(event.lines) if isinstance(event, Unchanged) else 0


def _projects(found: Files) -> Iterator[Project | Rejection]:
    for path, events in found:
        for event in events:
            if isinstance(event, list):
                yield from (Project(*content, f"{path}:{line}") for line, _, content in event)
            elif isinstance(event, Part):
                yield Project(*event.content, f"{path}:{event.line}")
            elif isinstance(event, Rejection):
                yield event


def _events(source: Source, reading: Reading, last: _LastRun | None, archives: Archives) -> Iterator[Event]:
    """Yield what a file holds, and if all of that was taken, what it is known by the next time."""
    if last and (file := last.file(source, reading, archives)):
        yield from file.events(_others(source, reading, file, archives), reading)
        return
    records = others = 0
    with open_source(source, reading.limits, archives) as stream:
        for event in _parsed(source.kind, stream, reading, last.lookup if last else None):
            found = _records_in(event)
            records, others = records + found, others + (not found)
            yield event
        key = whole.file_key(source.kind, content_hash(stream))
    if not records and not others:
        if not OTHER_THINGS.isdisjoint(reading.account.left_out):
            # Publishers pack such lists beside their projects: they are told, and no fault.
            return
        yield Rejection(source.path, 0, _why_empty(source, reading.account), "")
    else:
        # Lines whose dates are read by one order of day and month cannot be read by themselves.
        by_lines = reading.account.format == jsonl.FORMAT and not reading.account.dated
        if records and (by_lines or not others):
            reading.account.key = key.hex()
            yield WholeFile(key, records, by_lines)


def _others(source: Source, reading: Reading, file: whole.KnownFile, archives: Archives) -> Iterator[Event]:
    """Yield the records of a file that are not known."""
    if file.is_complete:
        return
    # What is to be told of them is told already.
    silently = replace(reading, warn=silent, account=Account())
    with open_source(source, reading.limits, archives) as stream:
        yield from jsonl.others(stream, silently, file.records.lines)


def _why_empty(source: Source, account: Account) -> str:
    """Return why a file gave nothing: a page of another kind often is an error or a sign-in in its place."""
    if not source.size:
        return "an empty file"
    page = f', a web page called "{storable(account.caption)}"' if account.caption else ""
    return f"no project in this file{page}"


@dataclass(frozen=True, slots=True)
class _LastRun:
    """What is known from the last run, and the hashes by which whole files are found in it."""

    lookup: Lookup
    hashes: Mapping[Path, str]

    def file(self, source: Source, reading: Reading, archives: Archives) -> whole.KnownFile | None:
        """Return what is known of a file that is as it was; None for another."""
        content = self._content_hash(source, reading, archives)
        return whole.known(whole.file_key(source.kind, content), reading, self.lookup)

    def _content_hash(self, source: Source, reading: Reading, archives: Archives) -> str:
        if not source.packed:
            # What it was when the corpus was looked at: that is what the index says that it was made from.
            return self.hashes.get(source.file, "")
        # To unpack a file once more takes less than to take a hash of each of its lines.
        try:
            with open_source(source, reading.limits, archives) as stream:
                while stream.read(MEGABYTE):
                    pass
                return content_hash(stream)
        except (OSError, EOFError, zlib.error):
            # Whoever reads it tells what is wrong.
            return ""


def _parsed(kind: str, stream: BufferedReader, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    head = stream.peek()[:HEAD_BYTES]
    if reason := why_another_format(head):
        return iter([Rejection(reading.path, 0, reason, "")])
    if kind == "jsonl" and is_one_value(head):
        kind = "json"
    if kind == "jsonl":
        return jsonl.records(stream, reading, lookup)
    return whole.records(stream, kind, reading)
