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
from indexer.corpus.fields import FIELDS, Said, key_of
from indexer.corpus.files.archives import Archives
from indexer.corpus.files.settings_names import FIELDS_FILE
from indexer.corpus.files.sources import Source, open_source, walk
from indexer.corpus.formats import jsonl
from indexer.corpus.formats.sniffing import is_one_value, why_another_format
from indexer.corpus.guard import Patience, guarded
from indexer.corpus.reading import LIMITS, Event, Limits, Lookup, Part, Reading, WholeFile, silent
from indexer.corpus.texts import HEAD_BYTES, storable
from indexer.document import Project, Rejection, SourceWarning
from indexer.reporting.source_reports import CALLED, LEFT_OUT, SourceReport

# A packed file has time for so many times its size; one that unfolds to more has no more time.
_UNPACKED = 20

Files = Iterator[tuple[str, Iterator[Event]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the last run said of files, by the keys of their bytes, and what this one says, in their order.

    `said` is what the corpus says of columns.
    """

    earlier: Mapping[str, SourceReport] = field(default_factory=dict)
    found: list[SourceReport] = field(default_factory=list)
    said: Said = ()

    def not_found(self) -> list[tuple[str, str]]:
        """Return the columns that the corpus speaks of and no file names, each with its field."""
        named = {key_of(name) for source in self.found for name, _ in source.columns}
        return [(name, field) for name, field in self.said if key_of(name) not in named]

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
                events = _guarded(source, told, lookup, patience, archives)
                yield source.path, _counted(events, told, sources)
    for name, field_name in sources.not_found():
        message = (
            f'no file has a column "{name}" so far; the {CALLED.get(field_name, field_name)} waits for it'
        )
        reading.warn(SourceWarning(FIELDS_FILE, 0, "columns", message))


def file_records(source: Source, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield what one file holds, wherever it stands; `reading.account` tells how it was read."""
    with Archives() as archives:
        events = _guarded(source, reading, None, Patience(reading.limits.stall), archives)
        yield from _projects(iter([(source.path, events)]))


def _guarded(
    source: Source, reading: Reading, lookup: Lookup | None, patience: Patience, archives: Archives
) -> Iterator[Event]:
    size = source.size * _UNPACKED if source.packed else source.size
    return guarded(_events(source, reading, lookup, archives), source.path, size, patience)


def _counted(events: Iterator[Event], reading: Reading, sources: Sources) -> Iterator[Event]:
    """Yield events, and say of their file, once they are through, what came of it."""
    projects = rejected = 0
    for event in events:
        if isinstance(event, Rejection):
            rejected += 1
        elif isinstance(event, Part):
            projects += 1
        elif not isinstance(event, WholeFile):
            projects += len(event) if isinstance(event, list) else len(event.lines)
        yield event
    sources.found.append(reading.account.report(reading.path, projects, rejected))


def _projects(found: Files) -> Iterator[Project | Rejection]:
    for path, events in found:
        for event in events:
            if isinstance(event, list):
                yield from (Project(*content, f"{path}:{line}") for line, _, content in event)
            elif isinstance(event, Part):
                yield Project(*event.content, f"{path}:{event.line}")
            elif isinstance(event, Rejection):
                yield event


def _events(source: Source, reading: Reading, lookup: Lookup | None, archives: Archives) -> Iterator[Event]:
    found = False
    with open_source(source, reading.limits, archives) as stream:
        for event in _parsed(source.kind, stream, reading, lookup):
            found = True
            yield event
    if not found:
        yield Rejection(source.path, 0, _why_empty(source, reading.account), "")


def _why_empty(source: Source, account: Account) -> str:
    """Return why a file gave nothing: a page of another kind often is an error or a sign-in in its place."""
    if not source.size:
        return "an empty file"
    page = f', a web page called "{storable(account.caption)}"' if account.caption else ""
    return f"no project in this file{page}"


def _parsed(kind: str, stream: BufferedReader, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    head = stream.peek()[:HEAD_BYTES]
    if reason := why_another_format(head):
        return iter([Rejection(reading.path, 0, reason, "")])
    if kind == "jsonl" and is_one_value(head):
        kind = "json"
    if kind == "jsonl":
        return jsonl.records(stream, reading, lookup)
    return whole.records(stream, kind, reading, lookup)
