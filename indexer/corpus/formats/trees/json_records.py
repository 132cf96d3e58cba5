"""JSON (.json): an array of objects or rows, or objects that hold one, wherever it stands.

The file is read as events, never as a whole: first until it is clear where the records are, then record by
record. What a record nests becomes columns (`flattening`). The lines that are told are numbers of records.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from itertools import islice, zip_longest
from typing import Any, BinaryIO

import ijson
from ijson.common import JSONError, ObjectBuilder

from indexer.corpus.fields import MAX_COLUMNS, Said, field_of, layout_of
from indexer.corpus.formats.rereading import OwnPlace
from indexer.corpus.formats.trees.finding import Found, Untitled, path_of_records
from indexer.corpus.formats.trees.flattening import flattened
from indexer.corpus.formats.trees.iati import of_the_datastore
from indexer.corpus.formats.trees.json_tables import JsonTable, table_of_records
from indexer.corpus.formats.trees.nesting import ANY, ITEM, Path
from indexer.corpus.formats.trees.tree import TreeRecord, projects
from indexer.corpus.reading import Reading, megabytes
from indexer.corpus.record import rejection
from indexer.corpus.texts import UTF8_MARK, UTF16_MARKS, decode
from indexer.document import Project, Rejection

# Values and names in one record: more than any grant has, and each costs far more than its bytes.
_MOST_EVENTS = 20_000
_DEEPEST = 100
# Columns of a project that objects of any kind may have.
_FEW_FIELDS = 2
# Columns that may be the title, in a rejection.
_NAMED = 5

Event = tuple[str, object]


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every record of the file; `stream` must be seekable."""
    reading.account.format, reading.account.encoding = "JSON", "utf-8"
    stream, start = _as_utf8(stream, reading)
    found = path_of_records(_undamaged(stream, start), reading.said)
    known = found.known if isinstance(found, Found) else 0
    # A name and an id may be those of anything, of a column too; a table may say more.
    table = None
    if known <= _FEW_FIELDS:
        table = table_of_records(_undamaged(stream, start), known, reading.said)
    if table:
        reading.account.format = f"JSON, a table at {_shown(table.path)}"
        yield from projects(partial(_rows, stream, start, table, reading), reading)
    elif isinstance(found, Found):
        reading.account.format = f"JSON, records at {_shown(found.path)}"
        yield from projects(partial(_records, stream, start, found.path, reading), reading)
    else:
        yield rejection(reading.path, 0, _why_none(stream, start, found), "")


def _undamaged(stream: BinaryIO, start: int) -> Iterator[Event]:
    """Yield the events of a stream as far as it is JSON: what stands before a damage is read."""
    with suppress(ValueError):
        yield from _events(OwnPlace(stream, start))


def _why_none(stream: BinaryIO, start: int, found: Untitled) -> str:
    """Return why a file holds no records: it is damaged before the first ends, or lists something else."""
    try:
        deque(_events(OwnPlace(stream, start)), maxlen=0)
    except ValueError as error:
        return f"{error}; no record stands whole before that"
    reason = "no list of objects with a title in this file"
    others = [name for name in found.columns if not field_of(name)[1]]
    if not others:
        return reason
    listed = ", ".join(f'"{name}"' for name in others[:_NAMED])
    more = f" or {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return (
        f"{reason}; those at {_shown(found.path)} have other fields of projects. Is the title {listed}{more}?"
        " [columns] of fields.toml can say so"
    )


def _as_utf8(stream: BinaryIO, reading: Reading) -> tuple[BinaryIO, int]:
    """Return the stream, or another one, that holds UTF-8 from a place on."""
    head = stream.read(4)
    stream.seek(0)
    if head.startswith(UTF16_MARKS):
        reading.account.encoding = "utf-16"
        return BytesIO(decode(stream.read()).encode("utf-8", "replace")), 0
    return stream, len(UTF8_MARK) if head.startswith(UTF8_MARK) else 0


def _events(stream: OwnPlace) -> Iterator[Event]:
    """Yield the events of a stream; raise ValueError in plain words where it is no JSON."""
    depth = 0
    try:
        for event, value in ijson.basic_parse(stream, use_float=True, multiple_values=True):
            depth += event.startswith("start_") - event.startswith("end_")
            if depth > _DEEPEST:
                raise ValueError("nested too deeply")
            yield event, value
    except JSONError as error:
        reason = " ".join(str(error).partition("(right here)")[0].split())[:100]
        raise ValueError(f"not valid JSON: {reason}") from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"not UTF-8 text: byte 0x{error.object[error.start]:02x}; save the file as UTF-8"
        ) from None


def _records(stream: BinaryIO, start: int, path: Path, reading: Reading) -> Iterator[TreeRecord | Rejection]:
    """Yield the objects at a path, flattened, with their numbers."""
    values = _values(stream, start, path, "start_map", reading.limits.record)
    by_name = path[-1:] == (ANY,)
    return _numbered(
        values, lambda name, value: _named(name, value, reading.said) if by_name else value, reading
    )


def _rows(
    stream: BinaryIO, start: int, table: JsonTable, reading: Reading
) -> Iterator[TreeRecord | Rejection]:
    """Yield the rows of a table as records, with their numbers."""
    values = _values(stream, start, table.path, "start_array", reading.limits.record)
    rows = islice(values, table.named_by_first, None)
    return _numbered(rows, lambda _, row: dict(zip_longest(table.names, row[: len(table.names)])), reading)


def _named(name: str, record: dict[str, object], said: Said) -> dict[str, object]:
    """Return a record of an object of records: its name there is its id, where it has no other."""
    layout = layout_of(tuple(map(str, record)), said) if len(record) <= MAX_COLUMNS else None
    return record if layout is None or layout.id >= 0 else {"id": name, **record}


def _numbered(
    values: Iterable[tuple[str, Any]], shaped: Callable[[str, Any], dict[str, object]], reading: Reading
) -> Iterator[TreeRecord | Rejection]:
    number = 0
    most = reading.limits.record
    try:
        for name, value in values:
            number += 1
            if value is None:
                reason = f"a record of more than {megabytes(most)} or {_MOST_EVENTS:,} values"
                yield rejection(reading.path, number, reason, "")
                continue
            try:
                yield TreeRecord(number, flattened(of_the_datastore(shaped(name, value))))
            except ValueError as error:
                yield rejection(reading.path, number, str(error), "")
    except ValueError as error:
        reason = f"{error}; what stood before was read" if number else str(error)
        yield rejection(reading.path, number + 1, reason, "")


def _values(stream: BinaryIO, start: int, path: Path, opening: str, most: int) -> Iterator[tuple[str, Any]]:
    """Yield the objects or lists at a path with their names, None for one that is too large.

    Several readers may take turns.
    """
    where: list[str] = []
    builder: ObjectBuilder | None = None
    inside = events = size = 0
    for event, value in _events(OwnPlace(stream, start)):
        if builder is None and event == opening and _matches(where, path):
            builder, inside, events, size = ObjectBuilder(), 0, 0, 0
        if builder is not None:
            events += 1
            size += len(value) if isinstance(value, str) else 0
            if events <= _MOST_EVENTS and size <= most:
                builder.event(event, value)
            inside += event.startswith("start_") - event.startswith("end_")
            if not inside:
                yield (
                    where[-1] if where else "",
                    builder.value if events <= _MOST_EVENTS and size <= most else None,
                )
                builder = None
        elif event == "map_key":
            where[-1] = str(value)
        elif event.startswith("start_"):
            where.append(ITEM if event == "start_array" else "")
        elif event.startswith("end_"):
            where.pop()


def _matches(where: list[str], path: Path) -> bool:
    return len(where) == len(path) and all(
        wanted in (key, ANY) for key, wanted in zip(where, path, strict=True)
    )


def _shown(path: Path) -> str:
    names = {ITEM: "[]", ANY: "*"}
    return ".".join(names.get(part, part) for part in path).replace(".[]", "[]") or "the top"
