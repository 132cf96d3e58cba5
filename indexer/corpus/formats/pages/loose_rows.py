"""Rows of a saved page that have no column names: two dates part the title from the description.

A row is what stands around `01/23/2023 - 07/23/2027`, around two dates that are a line by themselves in any
form, or around a label such as "Start date:", as far as the nearest table row, list point, article or block
whose class says that it is one. Labelled lines ("Grantee: Verité") are taken at their word; else the
heading, or the text before the dates, is the title, the last line after them the grantee, and what is
between the description. Other terms of a definition list, and lines such as "Country: Peru", are other
columns.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count, islice, takewhile

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from indexer.corpus.dates import DAY, RANGE, range_texts, span_of
from indexer.corpus.fields import Layout, field_of, kind_of
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
# Characters of two dates at least, and at most.
_SHORTEST, _LONGEST = len("5/20-6/21"), 60
# Texts of which it is remembered whether they are two dates: pages repeat their labels.
_MEMO = 4_096
_YEARS = re.compile(r"\d{4}\s*\W\s*\d{4}", re.ASCII)
_DATE_FIELDS = frozenset(["start", "end", "span"])


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row by field and of its other columns, its line in the file, its pairs of dates."""

    values: dict[str, str]
    extra: tuple[tuple[str, str], ...]
    line: int
    ranges: int

    def layout(self) -> Layout:
        """Return where its values stand: those of `FIELDS`, then those of the other columns."""
        names = [name for name, _ in self.extra]
        return replace(LAYOUT, extra=tuple(zip(names, count(len(FIELDS)), strict=False)))

    def cells(self) -> list[str | None]:
        """Return its values, as `layout` has them."""
        return [*map(self.values.get, FIELDS), *(text for _, text in self.extra)]


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
    return is_label or _SLASHED.search(text) is not None or _is_range(text)


@lru_cache(maxsize=_MEMO)
def _is_range(text: str) -> bool:
    """Return whether a text is two days or months and nothing else; two years may be those of a copyright."""
    text = text.strip()
    if not _SHORTEST <= len(text) <= _LONGEST or _YEARS.fullmatch(text) or not any(map(str.isdigit, text)):
        return False
    try:
        span = span_of(text, alone=False)
    except ValueError:
        return False
    return span.start is not None and span.end is not None


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
    lines = lines_of(element)
    values, extra, free = _labelled(lines, _terms(element) if lines else {})
    text = "\n".join(free)
    found = list(RANGE.finditer(text))
    ranges = len(found)
    if values.keys() & _DATE_FIELDS:
        before, after = free[:1], free[1:]
    elif found:
        values["start"], values["end"] = range_texts(found[0])
        before, after = _lines(text[: found[0].start()]), _lines(text[found[0].end() :])
    elif places := [place for place, line in enumerate(free) if _is_range(line)]:
        values["span"], ranges = free[places[0]], len(places)
        before, after = free[: places[0]], free[places[0] + 1 :]
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
    return Row(values, tuple(extra.items()), line_of(element), ranges)


def _terms(element: Tag) -> dict[str, list[str]]:
    """Return the terms of definition lists, each with the lines of what is said of it."""
    found = ((term, term.find_next_sibling(["dt", "dd"])) for term in element.find_all("dt"))
    return {
        " ".join(lines_of(term)): lines_of(said)
        for term, said in found
        if isinstance(said, Tag) and said.name == "dd"
    }


def _labelled(
    lines: list[str], terms: dict[str, list[str]]
) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Part the lines: those that a field's label begins, or stands alone above, other columns, the rest."""
    values: dict[str, str] = {}
    extra: dict[str, str] = {}
    free: list[str] = []
    following = deque(lines)
    while following:
        line = following.popleft()
        label = _LABEL.fullmatch(line)
        name = (label[1] if label else line).strip(" :")
        if field := field_of(name)[1]:
            values.setdefault(field, (label and label[2]) or _said(terms.get(line), following))
        elif line in terms and len(name) <= MAX_LABEL_LENGTH:
            extra[name] = "; ".join(_taken(following, terms[line]))
        elif label and len(label[2]) <= MAX_GRANTEE_LENGTH and kind_of(name):
            extra[name] = label[2]
        else:
            free.append(line)
    return values, extra, free


def _said(defined: list[str] | None, following: deque[str]) -> str:
    """Take what is said under a label: nothing where a list defines nothing, or another label is next."""
    if defined is not None:
        return "\n".join(_taken(following, defined))
    is_label = not following or field_of(following[0].strip(" :"))[1]
    return "" if is_label else following.popleft()


def _taken(following: deque[str], defined: list[str]) -> list[str]:
    return [following.popleft() for _ in defined if following]


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]
