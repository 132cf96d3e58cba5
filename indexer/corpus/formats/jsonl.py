"""JSON lines: one object a line, in UTF-8; keys as in `fields.SYNONYMS`, the others are kept as extra.

What a line says depends only on the line itself and on the order of day and month in its file; to know that
order, a file with dates in numbers is looked through first. So when a file has changed, a line whose hash is
known from the last run is not parsed again, wherever it stands now. A line with a date that the report has
something to say about is always parsed: it is to be told again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from io import BufferedIOBase

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.corpus.fields import Layout, layout_of
from indexer.corpus.fields.table_kinds import kind_of_record
from indexer.corpus.formats.date_blocks import dated_blocks, salt
from indexer.corpus.formats.grid import describe_columns
from indexer.corpus.formats.line_blocks import BLOCK_BYTES, blocks_of, lines_of
from indexer.corpus.formats.trees.exported import as_its_source_had_it, is_exported
from indexer.corpus.formats.trees.flattening import flattened, is_nested, unwrapped, with_one_title
from indexer.corpus.reading import (
    KEY_BYTES,
    NO_KEY,
    Event,
    Lookup,
    Reading,
    Record,
    Unchanged,
    megabytes,
)
from indexer.corpus.record import EXCERPT, content, rejection
from indexer.corpus.texts import clean
from indexer.document import Project, Rejection

# What the format is called in the account of a file.
FORMAT = "JSON lines"
# Where a larger share of the bytes is untidy, hardly any line is tidy: then lines are not told apart.
_FEW_UNTIDY = 0.1
# A line that is parsed alone costs about twice what it costs among others, an unknown one several times that.
_MANY_UNKNOWN = 0.25
_FEW_LINES = 16
# Among so many records one is looked for whose columns are told in the report.
_FIRST_LINES = 100


def read(stream: BufferedIOBase, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every line that is not blank."""
    for event in records(stream, reading, None):
        if isinstance(event, list):
            yield from (Project(*content, f"{reading.path}:{line}") for line, _, content in event)
        elif isinstance(event, Rejection):
            yield event


def records(stream: BufferedIOBase, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    """Yield what every line that is not blank holds; those that `lookup` knows are not parsed."""
    number = 1
    reading.account.format, reading.account.encoding = FORMAT, "utf-8"
    blocks = _described(blocks_of(stream, reading.account), reading)
    for block in dated_blocks(blocks, partial(_date_texts, reading=reading), reading):
        lines = lines_of(block)
        order = salt(reading.account.dates)
        keys = [sha256(order + line if order else line).digest()[:KEY_BYTES] for line in lines]
        entries = lookup.entries(keys) if lookup else None
        if entries is None or _are_many(entries < 0):
            yield from _records(number, zip(lines, keys, _tidy(block, lines), strict=True), reading)
        else:
            yield from _unknown(number, lines, keys, reading, entries)
        number += len(lines)
    reading.finish()


def others(stream: BufferedIOBase, reading: Reading, known: NDArray[np.int64]) -> Iterator[Event]:
    """Yield what lines hold that are not `known`, int64 ascending, of a file without dates in numbers."""
    number = 1
    for block in blocks_of(stream):
        size = block.count(b"\n") + (not block.endswith(b"\n"))
        first, last = np.searchsorted(known, (number, number + size)).tolist()
        if last - first < size:
            there = {*known[first:last].tolist()}
            for place, line in enumerate(lines_of(block), number):
                if place not in there:
                    key = sha256(line).digest()[:KEY_BYTES]
                    yield from _records(place, [(line, key, False)], reading)
        number += size


def _date_texts(block: bytes, reading: Reading) -> Iterator[str]:
    """Yield the texts in the columns of dates of some lines, but for those that are rejected."""
    for line in lines_of(block):
        with suppress(ValueError, RecursionError):
            layout, names, values = _values(line, reading)
            if not kind_of_record(names, values, reading.said):
                yield from (str(values[place]) for place in layout.date_places())


def _are_many(unknown: NDArray[np.bool_]) -> bool:
    """Return whether so many lines are unknown that parsing all is quicker than parting them."""
    return int(np.count_nonzero(unknown)) > max(_MANY_UNKNOWN * len(unknown), _FEW_LINES)


def _unknown(
    first: int, lines: list[bytes], keys: list[bytes], reading: Reading, entries: NDArray[np.int64]
) -> Iterator[Event]:
    """Yield runs of lines that are known, by their entries, and what the others hold."""
    start = 0
    for place in np.flatnonzero(entries < 0).tolist():
        if place > start:
            yield Unchanged(np.arange(first + start, first + place), entries[start:place])
        start = place + 1
        yield from _records(first + place, [(lines[place], keys[place], False)], reading)
    if start < len(lines):
        yield Unchanged(np.arange(first + start, first + len(lines)), entries[start:])


def _records(
    first: int, lines: Iterable[tuple[bytes, bytes, bool]], reading: Reading
) -> Iterator[list[Record] | Rejection]:
    """Yield what lines hold, given with their keys and whether they are tidy."""
    longest = reading.limits.record
    notes = reading.account.date_notes
    found: list[Record] = []
    for number, (line, key, tidy) in enumerate(lines, first):
        try:
            if not line or line.isspace():
                continue
            notes.line, before = number, notes.total
            layout, names, values = _values(line, reading)
            if kind := kind_of_record(names, values, reading.said):
                reading.account.leave_out(kind, number, line[:EXCERPT].decode("utf-8", "replace").strip())
                continue
            tidied = str.strip if tidy else clean
            record = (number, key, content(layout, values, tidied, reading.account))
            if notes.total == before:
                found.append(record)
            else:
                # Without a key it is read again the next time, and told again.
                yield from [found] if found else []
                yield [(number, NO_KEY, record[2])]
                found = []
        except (ValueError, RecursionError) as error:
            if found:
                yield found
                found = []
            kept = line if len(line) <= longest else line[:EXCERPT]
            text = kept.decode("utf-8", "replace").strip()
            yield rejection(reading.path, number, _reason(error), text)
    if found:
        yield found


def _described(blocks: Iterator[bytes], reading: Reading) -> Iterator[bytes]:
    """Yield blocks, having told the account of the file which columns its first record has."""
    for number, block in enumerate(blocks):
        for line in lines_of(block)[:_FIRST_LINES] if number == 0 else ():
            with suppress(ValueError, RecursionError):
                layout, names, _ = _values(line, reading)
                describe_columns(names, layout, reading)
                break
        yield block


def _values(line: bytes, reading: Reading) -> tuple[Layout, tuple[str, ...], list[object]]:
    """Return layout, names and values of a line, a None after the last value; raise ValueError for none."""
    if len(line) > (longest := reading.limits.record):
        raise ValueError(f"a record of {megabytes(len(line))}; at most {megabytes(longest)}")
    record = _record(line)
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    if is_exported(record):
        record = as_its_source_had_it(record)
    # A value under its type is an object in the record; "$1,500" is a text like others.
    if line.find(b'"$') > 0 and line.find(b"{", 1) > 0:
        record = {name: unwrapped(value) for name, value in record.items()}
    if line.find(b"[", 1) > 0:
        record = with_one_title(record)
    names = tuple(record)
    layout = layout_of(names, reading.said)
    if layout is None or (layout.publisher is None and line.find(b"{", 1) > 0 and is_nested(record)):
        flat = flattened(record)
        flat_layout = layout_of(tuple(flat), reading.said)
        if flat_layout and (layout is None or flat_layout.publisher):
            return flat_layout, tuple(flat), [*flat.values(), None]
    if layout is None:
        raise ValueError("no title")
    return layout, names, [*record.values(), None]


def _tidy(block: bytes, lines: Sequence[bytes]) -> list[bool]:
    """Return of each line whether its texts have only printable ASCII, no markup and no two blanks together.

    JSON has no control character but DEL outside of escapes, and no escape without a backslash.
    """
    flags = np.zeros(len(lines), np.bool_)
    if len(block) <= 2 * BLOCK_BYTES:
        raw = np.frombuffer(block, np.uint8)
        blank = raw == ord(" ")
        untidy = (raw > ord("~")) | (raw == ord("\\")) | (raw == ord("&")) | (raw == ord("<"))
        untidy[1:] |= blank[1:] & blank[:-1]
        if np.count_nonzero(untidy) <= _FEW_UNTIDY * len(raw):
            ends = np.cumsum([len(line) + 1 for line in lines])
            flags[:] = True
            flags[np.searchsorted(ends, np.flatnonzero(untidy), "right")] = False
    return flags.tolist()


def _record(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # The slower parser takes NaN and lone surrogates, and says in the usual words what is wrong. A comma
        # after the object is left of a list that was cut into lines.
        return json.loads(line.decode().rstrip().removesuffix(","))


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON at column {error.colno}: {error.msg.removesuffix(' at')}"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 text: byte {error.start + 1} of the line is 0x{error.object[error.start]:02x}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
