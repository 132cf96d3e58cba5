"""Which row of a table names its columns: the best row, or pair of rows, among the first ones.

A pair is a row of groups above a row of names: *Period* above *Start* and *End*. It counts only where it
tells more than either row alone. Rows below that repeat names of columns (a machine's names under people's,
or the same headings on each page) are headings too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.corpus.fields.composed import speaks_of
from indexer.corpus.fields.layout import Layout, layout_of
from indexer.corpus.fields.names import field_of, key_of, kind_of
from indexer.corpus.fields.said import Said

# Titles and notes may stand above the column names, but not more of them than this.
HEADER_WITHIN = 20
# Cells of a row that name the fields of their columns, so that it is one of headings.
_ENOUGH_NAMES = 2
_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*)*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """The layout that headings give, the names of all columns, and which rows they are, counted from 0."""

    layout: Layout
    names: tuple[str, ...]
    first: int
    last: int

    def repeated(self, cells: Sequence[str]) -> bool:
        """Return whether a row below is headings again: the same, or other names of the same columns."""
        if tuple(cells) == self.names or are_tags(cells):
            return True
        layout = self.layout
        if any(cells[place][:1].isdigit() for place in layout.date_places() if place < len(cells)):
            return False
        title = cells[layout.title] if 0 <= layout.title < len(cells) else ""
        if not title or field_of(title)[1] != "title":
            return False
        named = 0
        for field in ("id", "description", "start", "end", "span", "grantee"):
            place = layout.place(field)
            named += 0 <= place < len(cells) and field_of(cells[place])[1] == field
        return named + 1 >= _ENOUGH_NAMES


def best_heading(rows: Sequence[Sequence[str]], said: Said = ()) -> Heading | None:
    """Return the headings among the first rows of a table, None if no row names a title.

    `said` is what the corpus says of columns.
    Raises ValueError if there are too many columns.
    """
    found = [heading for first in range(len(rows)) for heading in _headings(rows, first, said)]
    tags = {number for number, row in enumerate(rows) if are_tags(row)}
    # Names for people say what tags for machines say beside them, which count alone where nobody else names.
    found = [one for one in found if tags.isdisjoint({one.first, one.last})] or found
    return max(found, key=_sureness, default=None)


def are_tags(cells: Sequence[str]) -> bool:
    """Return whether a row has the tags of HXL, as lists have them below names: "#date+start"."""
    said = [cell for cell in map(str.strip, cells) if cell]
    return len(said) >= _ENOUGH_NAMES and all(map(_TAG.fullmatch, said))


def _sureness(heading: Heading) -> tuple[int, bool, int, int]:
    """Return how sure headings are: those that say more, have one title, stand in one row, come first."""
    keys = [*map(key_of, heading.names)]
    place = heading.layout.title
    has_one_title = place < 0 or keys.count(keys[place]) == 1
    return heading.layout.known, has_one_title, heading.first - heading.last, -heading.first


def _headings(rows: Sequence[Sequence[str]], first: int, said: Said) -> list[Heading]:
    pairs = [(tuple(rows[first]), first)]
    if first + 1 < len(rows):
        pairs.append((_joined(rows[first], rows[first + 1]), first + 1))
    layouts = [(layout_of(names, said), names, last) for names, last in pairs if any(names)]
    return [Heading(layout, names, first, last) for layout, names, last in layouts if layout]


def _joined(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """Return one name for each column: ("Period", "", "Title"), ("Start", "End", "") -> Start, End, Title."""
    names = []
    group = ""
    for place in range(max(len(above), len(below))):
        upper = above[place].strip() if place < len(above) else ""
        lower = below[place].strip() if place < len(below) else ""
        # A merged cell is written once, in the first of its columns; nothing says which is its last.
        group = upper or (group if lower else "")
        names.append(_name(group, lower, is_certain=bool(upper)))
    return tuple(names)


def _name(upper: str, lower: str, *, is_certain: bool) -> str:
    if not lower or not upper or lower == upper:
        return lower or upper
    both = f"{upper} {lower}"
    means = field_of(both)[1] or kind_of(both)
    if means and means != field_of(lower)[1]:
        return both
    if is_certain and field_of(lower)[1] in ("title", "id") and _is_body(upper):
        # The name of a partner is no title.
        return both
    return lower if field_of(lower)[1] or kind_of(lower) or not is_certain else both


def _is_body(group: str) -> bool:
    return field_of(group)[1] == "grantee" or "grantee" in speaks_of(group) or kind_of(group) == "funder"
