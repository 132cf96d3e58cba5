"""The table of hits: a row each, with the columns that were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from indexer.storage.own_fields import OwnField
from search_app.facets.specs import FacetSpec
from search_app.facets.table import FACETS
from search_app.request import TABLE_COLUMNS
from search_app.web.answers import LinkedHit
from search_app.web.pages.parts.facts import listed
from search_app.web.pages.parts.readable.days import brief
from search_app.web.urls import SearchLinks

# Own fields, of those that a source states, that stand in a table until others are chosen.
USUAL_OWN = 2
_LABELS = {"grantee": "Grantee", "start_date": "Start", "end_date": "End", "status": "Status"}


class TableColumn(NamedTuple):
    """A column that a table has or may have."""

    name: str
    label: str
    is_shown: bool


class TableRow(NamedTuple):
    """A hit, and what stands in each column that is shown."""

    linked: LinkedHit
    cells: list[str]


@dataclass(frozen=True, slots=True)
class HitTable:
    """The hits of a page with the columns to choose from, and what the choice carries along unseen."""

    columns: list[TableColumn]
    rows: list[TableRow]
    hidden: tuple[tuple[str, str], ...]


def hit_table(
    hits: Sequence[LinkedHit],
    specs: Sequence[FacetSpec],
    declared: Sequence[OwnField],
    chosen: Sequence[str],
    links: SearchLinks,
) -> HitTable:
    """Return the table of the hits of a page: the columns `chosen`, else the usual ones and the order's."""
    own = [spec for spec in specs if spec not in FACETS]
    stated = {field.name for field in declared if not field.derived}
    usual = [spec.name for spec in own if spec.counted and spec.name in stated][:USUAL_OWN]
    ordered_by = [sort.removeprefix("-") for sort in links.given.get("sort", ())]
    shown = chosen or [*TABLE_COLUMNS, *usual, *ordered_by]
    labels = _LABELS | {spec.name: spec.label for spec in own}
    columns = [TableColumn(name, label, name in shown) for name, label in labels.items()]
    names = [one.name for one in columns if one.is_shown]
    rows = [TableRow(hit, [_cell(hit, name) for name in names]) for hit in hits]
    carried = ((name, text) for name, texts in links.given.items() for text in texts)
    return HitTable(columns, rows, tuple(pair for pair in carried if pair[0] not in ("columns", "page")))


def _cell(hit: LinkedHit, name: str) -> str:
    match name:
        case "grantee":
            return hit.project.grantee
        case "start_date":
            return _day(hit.project.start)
        case "end_date":
            return _day(hit.project.end)
        case "status":
            return hit.status.capitalize()
    value = hit.hit.fields.get(name)
    return listed(value) if value is not None else ""


def _day(day: date | None) -> str:
    return brief(day) if day else "unknown"
