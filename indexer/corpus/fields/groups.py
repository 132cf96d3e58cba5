"""Rows that head groups of others: "Mali" alone in its row, and below it the projects in Mali.

Such a row is no project. Where it stands in a column of its own, what it says counts for the rows below it
that have nothing there; where it names a country or a region of the world, and no column has one, they get it
as "Country" or "Region".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.corpus.account import Account, ColumnUse
from indexer.corpus.fields.country_names import country_codes, key_of_country, world_regions
from indexer.corpus.fields.layout import Layout
from indexer.corpus.fields.names import Kind
from indexer.corpus.fields.row_kinds import TOTALS, has_project
from indexer.document import Project

HEADINGS = "headings of groups"
# What a column is called that a table has not, and its groups give.
COLUMNS: dict[Kind, str] = {"country": "Country", "region": "Region"}
# "Mali:", "Mali (12 projects)"
_ASIDE = re.compile(r"\s*(?:\([^()]*\))?\s*[:.]?\s*")
_TOTAL_OF = re.compile(
    r"(?P<sub>sub[- ]?)?total(?: for| of| in)?[\s:\u2013-]+(?P<of>.{1,100})"
    r"|(?P<of_2>.{1,100}?)[\s:\u2013-]+(?P<sub_2>sub[- ]?)?total",
    re.IGNORECASE,
)


def place_of(text: str) -> Kind:
    """Return whether a text is no more than the name of a country, or of a region of the world; or ""."""
    key = key_of_country(_bare(text))
    return "region" if key in world_regions() else "country" if key in country_codes() else ""


class Groups:
    """What the last heading of a group says of the rows of a table below it."""

    def __init__(self, layout: Layout) -> None:
        """Begin before the first group; `place` is the column and the place of a group that has no column."""
        self._layout = layout
        self._values: dict[int, str] = {}
        self.place: tuple[Kind, str] = ("", "")
        kinds = zip(layout.extra, layout.kinds, strict=True)
        self._of_places = {kind: place for (_, place), kind in reversed([*kinds])}
        self._title = layout.title if layout.title >= 0 else layout.title_from
        # Where a project has more than a title: most rows have, and are none of these.
        told = {layout.description, layout.grantee, *layout.date_places()} - {self._title}
        self._told = [place for place in told if place >= 0]
        self._own = {place for _, place in layout.extra} | {layout.grantee}

    def kind(self, cells: Sequence[str], *, is_caption: bool = False) -> str:
        """Return what a row is, and take note of it, if it heads a group or is its total; "" for another.

        A caption stands in all the columns that it goes over.
        """
        if is_caption:
            first = next(place for place, cell in enumerate(cells) if cell)
            cells = [cell if place == first else "" for place, cell in enumerate(cells)]
        if cells[self._title] and any(cells[place] for place in self._told):
            return ""
        filled = [place for place, cell in enumerate(cells) if cell and not cell.isspace()]
        if not filled:
            return ""
        text = cells[filled[0]].strip()
        if self._is_total(cells, text):
            return TOTALS
        return HEADINGS if len(filled) == 1 and self._begin(filled[0], text) else ""

    def end(self) -> None:
        """Let nothing count for the rows below any more: a total ends its group."""
        self._values, self.place = {}, ("", "")

    @property
    def fills(self) -> bool:
        """Whether the last heading says anything of a column."""
        return bool(self._values)

    def filled(self, cells: Sequence[str]) -> list[str]:
        """Return the cells of a row with what its group says in those that are empty."""
        filled = [*cells]
        for place, text in self._values.items():
            filled[place] = filled[place].strip() or text
        return filled

    def placed(self, found: Project, account: Account) -> Project:
        """Return a project with the place of its group, if that has no column; `account` is told of one."""
        kind, place = self.place
        if not kind:
            return found
        use = ColumnUse(COLUMNS[kind], kind)
        if use not in account.columns:
            account.columns.append(use)
        return replace(found, extra=(*found.extra, (use.name, place)))

    def _begin(self, column: int, text: str) -> bool:
        layout, kind = self._layout, place_of(text)
        if column == self._title and (layout.known < 2 or not kind):
            return False
        if column > self._title or column in layout.date_places() or column == layout.description:
            # It may be the rest of the row above.
            return False
        if column not in self._own and not kind:
            return False
        self.end()
        name = _bare(text) if kind else text
        if column in self._own:
            self._values = {column: name}
        elif kind in self._of_places:
            self._values = {self._of_places[kind]: name}
        else:
            self.place = kind, name
        return True

    def _is_total(self, cells: Sequence[str], text: str) -> bool:
        """Return whether a row is the total of a group: "Sub-total Mali", "Mali Total"."""
        found = _TOTAL_OF.fullmatch(text)
        if found is None or has_project(self._layout, cells, text):
            return False
        of = found["of"] or found["of_2"]
        is_sub = found["sub"] or found["sub_2"]
        return (
            bool(is_sub)
            or not cells[self._title].strip()
            or bool(place_of(of))
            or of in self._values.values()
        )


def _bare(text: str) -> str:
    end = next((match.start() for match in _ASIDE.finditer(text) if match.end() == len(text)), len(text))
    return text[:end].strip()
