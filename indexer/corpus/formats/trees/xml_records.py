"""XML (.xml): IATI activities, NSF awards, and any file whose records are elements beside each other.

Parsed without entities, external files or network, element by element; what has been read is dropped. Which
elements are records is found among the first ones: those whose parts look most like a project. The lines that
are told are numbers of records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from indexer.corpus.fields import Said, layout_of
from indexer.corpus.formats.rereading import OwnPlace
from indexer.corpus.formats.trees import iati, xml_tables
from indexer.corpus.formats.trees.tree import TreeRecord, projects
from indexer.corpus.formats.trees.xml_parts import (
    columns_of,
    describes_columns,
    names_of_parts,
    own_columns,
    plain_name,
)
from indexer.corpus.reading import MEGABYTE, Reading
from indexer.corpus.record import rejection
from indexer.document import Project, Rejection

# Elements and attributes in one record: more than any grant has.
_MOST_ELEMENTS = 20_000
_DEEPEST = 50
_TOO_MUCH = (
    f"nested more than {_DEEPEST} deep, or a record of more than {_MOST_ELEMENTS:,} elements and attributes"
)
# Bytes in which nothing begins or ends: one tag with so many attributes, or one text, is no grant's.
_LONGEST = 4 * MEGABYTE
_TOO_LONG = f"a tag or a text of more than {_LONGEST // MEGABYTE} MB; what stood before was read"
# Elements that are looked at to find which are records, and how many of one kind are enough.
_LOOKED_AT = 5_000
_ENOUGH = 25

Path = tuple[str, ...]
_UNREADABLE = (DefusedXmlException, ParseError, ValueError, LookupError)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every record of the file; `stream` must be seekable."""
    try:
        if rows := xml_tables.ROWS.get(_root(stream)):
            yield from xml_tables.read(partial(_ended, stream, rows), reading)
            return
        path = _path_of_records(stream, reading.said)
    except _UNREADABLE as error:
        yield rejection(reading.path, 0, _reason(error), "")
        return
    if not path:
        yield rejection(reading.path, 0, "no elements with a title in this file", "")
        return
    reading.account.format = f"XML, records in <{path[-1]}>"
    yield from projects(partial(_records, stream, path, reading), reading)


def _root(stream: BinaryIO) -> str:
    """Return the name of the outermost element."""
    return next((path[0] for path, _ in _ended(stream)), "")


def _path_of_records(stream: BinaryIO, said: Said) -> Path:
    """Return the path to the elements that look most like projects, () if none has a title."""
    scores: dict[Path, tuple[bool, int, int]] = {}
    counts: dict[Path, int] = {}
    around: set[Path] = set()
    try:
        for number, (path, element) in enumerate(_ended(stream)):
            if path[-1] == "iati-activity":
                return path
            has_parts = (len(element) or element.attrib) and not describes_columns(path)
            columns = tuple(own_columns(element)) if has_parts else ()
            layout = layout_of(columns, said) if columns else None
            if layout:
                scores[path] = (layout.publisher is not None, layout.known, -len(path))
                counts[path] = counts.get(path, 0) + 1
                inside = Counter(
                    name
                    for name, part in zip(names_of_parts(element), element, strict=True)
                    if scores.get((*path, part.tag), ())[:2] >= scores[path][:2]
                )
                # Several that say as much are the records: what is around them is their list, with a title.
                if inside and (max(inside.values()) > 1 or not _has_title(columns, said)):
                    around.add(path)
            says_more = layout and (layout.description >= 0 or layout.date_places())
            if number > _LOOKED_AT or (says_more and counts[path] >= _ENOUGH):
                break
    except (ParseError, ValueError):
        # Those before the mistake may be read; it is told with them.
        if not scores:
            raise
    # A list of one record looks like that record; where there are several, what is around them has no title.
    candidates = [path for path in scores if path not in around or counts[path] > 1]
    return max(candidates, key=lambda one: scores[one], default=())


def _has_title(columns: tuple[str, ...], said: Said) -> bool:
    """Tell whether an element has a title of its own, not only in a part of it."""
    return layout_of(tuple(name for name in columns if "." not in name), said) is not None


def _records(stream: BinaryIO, path: Path, reading: Reading) -> Iterator[TreeRecord | Rejection]:
    number = 0
    try:
        for where, element in _ended(stream, path):
            if where != path:
                continue
            number += 1
            try:
                yield TreeRecord(
                    number, iati.columns(element) if path[-1] == "iati-activity" else columns_of(element)
                )
            except ValueError as error:
                yield rejection(reading.path, number, str(error), "")
    except _UNREADABLE as error:
        yield rejection(reading.path, number + 1, _reason(error), "")


class _Blocks:
    """Blocks of a stream that double as long as nothing comes of them.

    The parser begins an unfinished tag anew with each block: with blocks of one size a long tag would cost
    the square of its length.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._place, self.silent = OwnPlace(stream), 0

    def read(self, size: int = 1 << 14) -> bytes:
        """Return the next block, of at least `size` bytes where there are as many."""
        if self.silent > _LONGEST:
            raise ValueError(_TOO_LONG)
        block = self._place.read(max(size, self.silent))
        self.silent += len(block)
        return block


def _ended(stream: BinaryIO, records: Path = ()) -> Iterator[tuple[Path, Element]]:
    """Yield each element that ends, with its path; all but the record that is being read is dropped."""
    path: list[str] = []
    parents: list[Element] = []
    size, blocks = 0, _Blocks(stream)
    for event, element in iterparse(blocks, events=("start", "end")):
        blocks.silent = 0
        element.tag = plain_name(element.tag)
        if event == "start":
            path.append(element.tag)
            parents.append(element)
            size += 1 + len(element.attrib)
            if len(path) > _DEEPEST or size > _MOST_ELEMENTS:
                raise ValueError(_TOO_MUCH)
            continue
        yield (*path,), element
        path.pop()
        parents.pop()
        if parents and len(path) < len(records):
            parents[-1].remove(element)
            size = len(path)


def _reason(error: Exception) -> str:
    if isinstance(error, DefusedXmlException):
        return "it declares entities or external parts, which are never read; save it without them"
    if isinstance(error, ParseError):
        return f"not well-formed XML: {error}; what stood before was read"
    return str(error)
