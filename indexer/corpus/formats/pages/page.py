"""A saved page (.html): tables with column names, as country pages have them, and rows without (`rows`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO

from bs4 import BeautifulSoup, Tag

from indexer.corpus.fields import Layout
from indexer.corpus.fields.headings import HEADER_WITHIN, Heading, best_heading
from indexer.corpus.fields.layout import MAX_COLUMNS
from indexer.corpus.fields.row_kinds import row_kind
from indexer.corpus.formats.copied import labelled, saved_project
from indexer.corpus.formats.copied.cut_off import cut_last, is_cut
from indexer.corpus.formats.grid import Grid, ListedRows, Row, misfit, projects
from indexer.corpus.formats.pages.loose_rows import loose_rows
from indexer.corpus.formats.pages.markup import is_hidden, line_of, lines_of, parse
from indexer.corpus.formats.pages.web_archive import page_in
from indexer.corpus.formats.sniffing import is_web_archive
from indexer.corpus.reading import Part, Reading, megabytes
from indexer.corpus.record import project, rejection
from indexer.corpus.texts import HEAD_BYTES, clean, declared_in
from indexer.document import Project, Rejection
from indexer.reporting.numbers import counted

# Columns and rows that one cell may span; hostile pages claim millions.
MAX_SPAN = 100
# Characters of what a page calls itself, in a report.
CAPTION_LENGTH = 80
# Fields of a table that may list projects without their dates.
_NAMED_FIELDS = 2


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection | Part]:
    """Yield the project, or the rejection, of every row of the page that looks like one."""
    account = reading.account
    account.format = "saved page"
    try:
        stream, declared = _opened(stream, reading)
        text = reading.decoded(stream, declared)
        soup = parse(text)
    except ValueError as error:
        yield rejection(reading.path, 0, str(error), "")
        return
    account.caption = _caption(soup)
    found = _records(soup, reading)
    yield from cut_last(found, reading) if is_cut(text) else found


def _opened(stream: BinaryIO, reading: Reading) -> tuple[BinaryIO, str]:
    """Return the stream of a page, taken out of its archive if it is in one, and the encoding said of it."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not is_web_archive(head):
        return stream, declared_in(head)
    reading.account.format = "saved page in a web archive"
    page, declared = page_in(stream.read())
    if len(page) > reading.limits.page:
        raise ValueError(f"a page of more than {megabytes(reading.limits.page)}; save the list alone")
    return BytesIO(page), declared or declared_in(page[:HEAD_BYTES])


def _caption(soup: BeautifulSoup) -> str:
    """Return what a page calls itself, the beginning of it: its title, or its first heading."""
    found = soup.find("title") or soup.find(["h1", "h2", "h3"])
    return clean(found.get_text(" "))[:CAPTION_LENGTH] if found else ""


def _records(soup: BeautifulSoup, reading: Reading) -> Iterator[Project | Rejection]:
    account = reading.account
    done: set[int] = set()
    grids: list[Grid] = []
    for table, found in _tables(soup):
        rows = list(_grid(found))
        try:
            heading = best_heading([cells for _, cells in rows[:HEADER_WITHIN]], reading.said)
        except ValueError as error:
            done.add(id(table))
            yield rejection(reading.path, line_of(table), str(error), "")
            continue
        if heading and not _tells_of_projects(heading.layout):
            _tell_left_out(heading, line_of(rows[heading.last][0]), len(rows) - heading.last - 1, reading)
        elif heading:
            done.add(id(table))
            account.format = "table of a saved page"
            account.heading = f"line {line_of(rows[heading.last][0])}"
            listed = list(_rows(heading, rows[heading.last + 1 :], reading))
            grids.append(Grid(partial(ListedRows, listed), heading))
    yield from projects(grids, reading)
    rows_found = list(loose_rows(soup, {*done}))
    if not done and len(rows_found) < 2 and (page := saved_project.lines_of_page(soup)):
        account.format = "saved page of a project"
        yield from labelled.read(*page, reading)
        return
    for row in rows_found:
        yield _record(row.layout(), row.cells(), row.line, reading)


def _tells_of_projects(layout: Layout) -> bool:
    """Return whether a table has more than names: "Name" and "Organization" may head any list of contacts."""
    return layout.description >= 0 or bool(layout.date_places())


def _tell_left_out(heading: Heading, line: int, rows: int, reading: Reading) -> None:
    """Tell of a table that may list projects, given the line of its headings and how many rows are below."""
    if rows and heading.layout.known >= _NAMED_FIELDS:
        names = ", ".join(f'"{name}"' for name in dict.fromkeys(filter(None, heading.names)))
        message = (
            f"a table of {counted(rows, 'row')} has columns for neither dates nor descriptions: only rows"
            " with dates in them are read. If it lists projects, save it as .csv"
        )
        reading.doubt("rows", message, line=line, sample=names)


def _rows(heading: Heading, rows: list[tuple[Tag, list[str]]], reading: Reading) -> Iterator[Row | Rejection]:
    width = len(heading.names)
    for row, cells in rows:
        # A cell over several columns stands in each of them, and is shown once.
        text = " | ".join(dict.fromkeys(filter(None, cells)))
        if (size := sum(map(len, cells))) > reading.limits.record:
            reason = f"a record of {megabytes(size)}; at most {megabytes(reading.limits.record)}"
            yield rejection(reading.path, line_of(row), reason, text[: reading.limits.record])
            continue
        if not any(cells):
            continue
        if len(cells) == width or _is_caption(row):
            yield Row(line_of(row), (cells + [""] * width)[:width], text, _is_caption(row))
        elif kind := row_kind(heading.layout, cells):
            reading.account.leave_out(kind, line_of(row), text)
        else:
            yield rejection(reading.path, line_of(row), misfit(cells, width), text)


def _record(layout: Layout, values: list[str | None], line: int, reading: Reading) -> Project | Rejection:
    try:
        return project(layout, [*values, None], f"{reading.path}:{line}", reading.account)
    except ValueError as error:
        return rejection(reading.path, line, str(error), " | ".join(filter(None, values)))


def _is_caption(row: Tag) -> bool:
    cells = row.find_all(["td", "th"], recursive=False)
    return len(cells) == 1 and _span(cells[0], "colspan") > 1


def _tables(soup: BeautifulSoup) -> Iterator[tuple[Tag, list[Tag]]]:
    """Yield each table with the rows that are its own, not those of a table inside it."""
    tables: dict[int, tuple[Tag, list[Tag]]] = {}
    for row in soup.find_all("tr"):
        if not is_hidden(row) and (table := row.find_parent("table")):
            tables.setdefault(id(table), (table, []))[1].append(row)
    yield from tables.values()


def _grid(rows: list[Tag]) -> Iterator[tuple[Tag, list[str]]]:
    """Yield each row of a table with its cells; a cell over several rows stands in each of them."""
    below: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            if is_hidden(cell):
                continue
            _from_above(cells, below)
            text, height = "\n\n".join(lines_of(cell)), _span(cell, "rowspan")
            if len(cells) > MAX_COLUMNS:
                # A row that is so wide is of no table of projects.
                break
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
