"""Rows of a saved page that have no column names: two dates part the title from the description.

A row is what stands around `01/23/2023 - 07/23/2027`, or around a label such as "Start date:", as far as
the nearest table row, list point, article or block whose class says that it is one. Labelled lines
("Grantee: Verité") are taken at their word; else the heading, or the text before the dates, is the title,
the last line after them the grantee, and what is between the description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from indexer.corpus.dates import DAY, RANGE, range_texts
from indexer.corpus.fields import Layout, field_of
from indexer.corpus.formats.pages.markup import line_of, lines_of

FIELDS = ("title", "start", "end", "description", "grantee", "span", "id")
LAYOUT = Layout(title=0, start=1, end=2, description=3, grantee=4, span=5, id=6)

# What is longer is a paragraph.
MAX_TITLE_LENGTH = 300
MAX_GRANTEE_LENGTH = 150
MAX_LABEL_LENGTH = 40
# Elements around a date that are tried as its row.
MAX_STEPS = 8

_ROW_TAGS = frozenset(["tr", "li", "article"])
_ROW_CLASS = re.compile(r"row|item|card|result|project|teaser", re.IGNORECASE)
_LIMITS = frozenset(["table", "tbody", "ul", "ol", "main", "body", "html", "[document]"])
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_LABEL = re.compile(r"([^:]{2,40}):\s*(.*)", re.DOTALL)
_SLASHED = re.compile(DAY)
_DATE_FIELDS = frozenset(["start", "end", "span"])


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row by field, its line in the file, and how many pairs of dates it holds."""

    values: dict[str, str]
    line: int
    ranges: int


def loose_rows(soup: BeautifulSoup, done: set[int]) -> Iterator[Row]:
    """Yield the rows around dates, in the order of the page; `done` has the ids of elements already read."""
    tried: dict[int, Row | None] = {}
    for text in soup.find_all(string=_is_dated):
        element, row = _row_around(text, done, tried)
        if element and row:
            done.add(id(element))
            yield row


def _is_dated(text: str | None) -> bool:
    if not text:
        return False
    label = text.partition(":")[0]
    is_label = len(label) <= MAX_LABEL_LENGTH and field_of(label)[1] in _DATE_FIELDS
    return is_label or _SLASHED.search(text) is not None


def _row_around(
    text: PageElement, done: set[int], tried: dict[int, Row | None]
) -> tuple[Tag | None, Row | None]:
    found: tuple[Tag | None, Row | None] = (None, None)
    around = list(islice(text.parents, MAX_STEPS))
    if any(id(element) in done for element in around):
        return found
    for element in takewhile(lambda one: one.name not in _LIMITS, around):
        if id(element) not in tried:
            tried[id(element)] = _row_of(element)
        row, inner = tried[id(element)], found[1]
        # Beyond the first element that has a title, only one that says it is a row, and holds no second one.
        if row and (inner is None or (_is_row(element) and row.ranges == inner.ranges)):
            found = element, row
            if _is_row(element):
                break
    return found


def _is_row(element: Tag) -> bool:
    return element.name in _ROW_TAGS or _ROW_CLASS.search(str(element.get("class", ""))) is not None


def _row_of(element: Tag) -> Row | None:
    values, free = _labelled(lines_of(element))
    text = "\n".join(free)
    ranges = list(RANGE.finditer(text))
    if values.keys() & _DATE_FIELDS:
        before, after = free[:1], free[1:]
    elif ranges:
        values["start"], values["end"] = range_texts(ranges[0])
        before, after = _lines(text[: ranges[0].start()]), _lines(text[ranges[0].end() :])
    else:
        return None
    heading = element.find(_HEADINGS)
    title = " ".join(lines_of(heading)) if isinstance(heading, Tag) else " ".join(before)
    values.setdefault("title", title)
    if not values["title"] or len(values["title"]) > MAX_TITLE_LENGTH:
        return None
    rest = [line for line in (before if heading else []) if line != title] + after
    if "grantee" not in values and len(after) > 1 and len(after[-1]) <= MAX_GRANTEE_LENGTH:
        values["grantee"] = rest.pop()
    values.setdefault("description", "\n\n".join(rest))
    return Row(values, line_of(element), len(ranges))


def _labelled(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Part the lines into those that a field's label begins, or stands alone above, and the others."""
    values: dict[str, str] = {}
    free: list[str] = []
    following = iter(lines)
    for line in following:
        label = _LABEL.fullmatch(line)
        field = field_of(label[1] if label else line)[1]
        if field:
            values.setdefault(field, (label and label[2]) or next(following, ""))
        else:
            free.append(line)
    return values, free


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]
