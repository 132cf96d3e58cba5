"""JSON lines: one object a line, in UTF-8; keys as in `fields.SYNONYMS`, the others are kept as extra."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

from indexer.corpus.fields import layout_of
from indexer.corpus.reading import Reading, megabytes
from indexer.corpus.record import EXCERPT, project, rejection
from indexer.corpus.texts import UTF8_MARK, UTF16_MARKS, decode
from indexer.document import Project, Rejection


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every line that is not blank."""
    for number, line in enumerate(_lines(stream), 1):
        if line.isspace():
            continue
        try:
            yield _project(line, f"{reading.path}:{number}", reading.limits.record)
        except (ValueError, RecursionError) as error:
            kept = line if len(line) <= reading.limits.record else line[:EXCERPT]
            text = kept.decode("utf-8", "replace").strip()
            yield rejection(reading.path, number, _reason(error), text)


def _project(line: bytes, place: str, longest: int) -> Project:
    if len(line) > longest:
        raise ValueError(f"a record of {megabytes(len(line))}; at most {megabytes(longest)}")
    record = _record(line)
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    layout = layout_of(tuple(record))
    if layout is None:
        raise ValueError("no title")
    return project(layout, [*record.values(), None], place)


def _record(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # The slower parser takes NaN and lone surrogates, and says in the usual words what is wrong.
        return json.loads(line.decode().rstrip())


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
