"""A saved page (.html): tables with column names, as country pages have them, and rows without (`rows`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from bs4 import BeautifulSoup, Tag

from indexer.corpus.fields import Layout, layout_of
from indexer.corpus.formats.loose_rows import FIELDS, LAYOUT, loose_rows
from indexer.corpus.formats.markup import line_of, lines_of, parse
from indexer.corpus.reading import Reading
from indexer.corpus.record import project, rejection
from indexer.corpus.texts import decode
from indexer.document import Project, Rejection

# Columns and rows that one cell may span; hostile pages claim millions.
MAX_SPAN = 100


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row of the page that looks like one."""
    try:
        soup = parse(decode(stream.read()))
    except ValueError as error:
        yield rejection(reading.path, 0, str(error), "")
        return
    done: set[int] = set()
    for table, found in _tables(soup):
        rows = list(_grid(found))
        for first, (_, names) in enumerate(rows):
            if layout := _columns(names):
                done.add(id(table))
                yield from _table(layout, names, rows[first + 1 :], reading)
                break
    for row in loose_rows(soup, done):
        values = [row.values.get(field) for field in FIELDS]
        yield _record(LAYOUT, values, row.line, reading)


def _columns(names: list[str]) -> Layout | None:
    # "Name" and "Organization" alone may head any list of contacts.
    layout = layout_of(tuple(names))
    return layout if layout and max(layout.start, layout.end, layout.span, layout.description) >= 0 else None


def _table(
    layout: Layout, names: list[str], rows: list[tuple[Tag, list[str]]], reading: Reading
) -> Iterator[Project | Rejection]:
    for row, cells in rows:
        if cells == names or sum(map(bool, cells)) == 0 or _is_caption(row):
            continue
        if len(cells) == len(names):
            yield _record(layout, cells, line_of(row), reading)
        else:
            reason = f"{len(cells)} cells; the header has {len(names)}"
            yield rejection(reading.path, line_of(row), reason, " | ".join(cells))


def _record(
    layout: Layout, values: list[str] | list[str | None], line: int, reading: Reading
) -> Project | Rejection:
    try:
        return project(layout, [*values, None], f"{reading.path}:{line}")
    except ValueError as error:
        return rejection(reading.path, line, str(error), " | ".join(filter(None, values)))


def _is_caption(row: Tag) -> bool:
    cells = row.find_all(["td", "th"], recursive=False)
    return len(cells) == 1 and _span(cells[0], "colspan") > 1


def _tables(soup: BeautifulSoup) -> Iterator[tuple[Tag, list[Tag]]]:
    """Yield each table with the rows that are its own, not those of a table inside it."""
    tables: dict[int, tuple[Tag, list[Tag]]] = {}
    for row in soup.find_all("tr"):
        if table := row.find_parent("table"):
            tables.setdefault(id(table), (table, []))[1].append(row)
    yield from tables.values()


def _grid(rows: list[Tag]) -> Iterator[tuple[Tag, list[str]]]:
    """Yield each row of a table with its cells; a cell over several rows stands in each of them."""
    below: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            _from_above(cells, below)
            text, height = " ".join(lines_of(cell)), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                below[len(cells)] = (height - 1, text)
                cells.append(text)
        _from_above(cells, below)
        yield row, cells


def _from_above(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    while (over := below.get(len(cells))) and over[0]:
        below[len(cells)] = (over[0] - 1, over[1])
        cells.append(over[1])


def _span(cell: Tag, name: str) -> int:
    text = str(cell.get(name, "1"))
    return min(max(int(text), 1), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else 1
