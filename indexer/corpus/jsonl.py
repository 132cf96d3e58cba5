"""JSON lines: one object a line, in UTF-8; keys as in `fields.SYNONYMS`, the others are kept as extra.

What a line says depends on nothing but the line. So a line whose hash is known from the last time is
not parsed again, wherever it stands now.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import BinaryIO

import numpy as np
import orjson

from indexer.corpus.fields import layout_of
from indexer.corpus.opening import READ_ERRORS
from indexer.corpus.reading import KEY_BYTES, MEGABYTE, Event, Lookup, Reading, Record, Unchanged, megabytes
from indexer.corpus.record import EXCERPT, content, rejection
from indexer.corpus.texts import UTF8_MARK, UTF16_MARKS, clean, decode
from indexer.document import Content, Project, Rejection

# Lines that are taken together, in bytes: enough for NumPy, and all that is made of them fits into the
# cache of a processor.
_BATCH_BYTES = MEGABYTE // 4
# Where more of the bytes are untidy, hardly a line is tidy: none need be told from the others.
_FEW_UNTIDY = 0.1


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every line that is not blank."""
    for number, lines in _batches(stream):
        for found in _records(number, lines, [b""] * len(lines), reading):
            if isinstance(found, Rejection):
                yield found
            else:
                yield from (Project(*content, f"{reading.path}:{line}") for line, _, content in found)


def records(stream: BinaryIO, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    """Yield what every line that is not blank holds; those that `lookup` knows are not parsed."""
    for number, lines in _batches(stream):
        keys = [sha256(line).digest()[:KEY_BYTES] for line in lines]
        if lookup is None:
            yield from _records(number, lines, keys, reading)
            continue
        entries = lookup.entries(keys)
        start = 0
        for place in [*np.flatnonzero(entries < 0).tolist(), len(lines)]:
            if place > start:
                yield Unchanged(np.arange(number + start, number + place), entries[start:place])
            start = place + 1
            if place < len(lines):
                yield from _records(number + place, lines[place:start], keys[place:start], reading)


def _records(
    first: int, lines: Sequence[bytes], keys: Sequence[bytes], reading: Reading
) -> Iterator[list[Record] | Rejection]:
    longest = reading.limits.record
    found: list[Record] = []
    for number, (line, key, tidy) in enumerate(zip(lines, keys, _tidy(lines), strict=True), first):
        try:
            if line.isspace():
                continue
            found.append((number, key, _content(line, longest, tidy=tidy)))
        except (ValueError, RecursionError) as error:
            if found:
                yield found
                found = []
            kept = line if len(line) <= longest else line[:EXCERPT]
            text = kept.decode("utf-8", "replace").strip()
            yield rejection(reading.path, number, _reason(error), text)
    if found:
        yield found


def _content(line: bytes, longest: int, *, tidy: bool) -> Content:
    if len(line) > longest:
        raise ValueError(f"a record of {megabytes(len(line))}; at most {megabytes(longest)}")
    record = _record(line)
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    layout = layout_of(tuple(record))
    if layout is None:
        raise ValueError("no title")
    return content(layout, [*record.values(), None], str.strip if tidy else clean)


def _tidy(lines: Sequence[bytes]) -> list[bool]:
    """Return of each line whether its texts have only printable ASCII in them, and no two blanks together.

    JSON has no control character but DEL outside of escapes, and no escape without a backslash.
    """
    ends = np.cumsum([len(line) for line in lines])
    flags = np.zeros(len(lines), np.bool_)
    if len(lines) and ends[-1] <= 2 * _BATCH_BYTES:
        raw = np.frombuffer(b"".join(lines), np.uint8)
        blank = raw == ord(" ")
        untidy = (raw > ord("~")) | (raw == ord("\\"))
        untidy[1:] |= blank[1:] & blank[:-1]
        if np.count_nonzero(untidy) <= _FEW_UNTIDY * len(raw):
            flags[:] = True
            flags[np.searchsorted(ends, np.flatnonzero(untidy), "right")] = False
    return flags.tolist()


def _record(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # The slower parser takes NaN and lone surrogates, and says in the usual words what is wrong.
        return json.loads(line.decode().rstrip())


def _batches(stream: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the number of a line with that and the next lines; all lines before one that cannot be read."""
    number = 1
    lines: list[bytes] = []
    size = 0
    try:
        for line in _lines(stream):
            lines.append(line)
            size += len(line)
            if size >= _BATCH_BYTES:
                yield number, lines
                number += len(lines)
                lines, size = [], 0
    except READ_ERRORS:
        yield number, lines
        raise
    yield number, lines


def _lines(stream: BinaryIO) -> Iterable[bytes]:
    first = stream.readline()
    if first.startswith(UTF16_MARKS):
        return io.BytesIO(decode(first + stream.read()).encode("utf-8", "replace"))
    return _chain(first.removeprefix(UTF8_MARK), stream)


def _chain(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    if first:
        yield first
    yield from stream


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON at column {error.colno}: {error.msg.removesuffix(' at')}"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 text: byte {error.start + 1} of the line is 0x{error.object[error.start]:02x}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
