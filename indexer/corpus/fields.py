"""Columns to fields: which column of a source says what.

Headers are compared without case, spaces and marks, so that "Start Date", `start_date` and "StartDate"
are one. Of several columns for a field the first of `SYNONYMS` counts; the others are kept as extra.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.corpus.texts import clean

# By field, the usual names of its column, the surest first.
SYNONYMS = {
    "id": "id project_id grant_id award_id identifier award_number grant_number project_number",
    "title": "title project_title project_name grant_title award_title name project",
    "description": "description project_description abstract summary project_summary purpose objective",
    "start": "start_date start project_start project_start_date award_start_date begin_date date_start begin",
    "end": "end_date end project_end project_end_date award_end_date finish_date date_end closing_date",
    "span": "dates project_dates period project_period period_of_performance project_duration duration",
    "grantee": "grantee grantee_name recipient recipient_name awardee awardee_name implementer contractor"
    " implementing_organization implementing_partner organization organisation organization_name institution",
}
# The place of a field that has no column: that of the None after the last value of every record.
ABSENT = -1
# Wider than any list of grants; a record with more is something else.
MAX_COLUMNS = 500
# Sets of columns that are remembered; a file has one or a few, a hostile one many.
_LAYOUTS = 64

_MARKS = re.compile(r"[\W_]+")
_FIELD_OF = {
    name.replace("_", ""): (rank, field)
    for field, names in SYNONYMS.items()
    for rank, name in enumerate(names.split())
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands among the values of a record, and the names and places of the other columns."""

    title: int
    id: int = ABSENT
    description: int = ABSENT
    start: int = ABSENT
    end: int = ABSENT
    span: int = ABSENT
    grantee: int = ABSENT
    extra: tuple[tuple[str, int], ...] = ()
    known: int = 1


@lru_cache(maxsize=_LAYOUTS)
def layout_of(names: tuple[str, ...]) -> Layout | None:
    """Return the layout that column names give, or None if no column is a title.

    Raises ValueError if there are more than `MAX_COLUMNS`.
    """
    if len(names) > MAX_COLUMNS:
        raise ValueError(f"{len(names)} columns; at most {MAX_COLUMNS}")
    places = _places(names)
    if "title" not in places:
        return None
    if places.keys() & {"start", "end"}:
        places.pop("span", None)
    # The text of a span stays an extra as well: it may say more than two days.
    taken = {place for field, place in places.items() if field != "span"}
    return Layout(**places, extra=_extra(names, taken), known=len(places))


def field_of(name: str) -> tuple[int, str]:
    """Return how sure a column name is, 0 the surest, and the field it means; ("" if none)."""
    return _FIELD_OF.get(_MARKS.sub("", name.casefold()), (0, ""))


def _places(names: Sequence[str]) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(names):
        rank, field = field_of(name)
        if field:
            best[field] = min((rank, place), best.get(field, (rank, place)))
    return {field: place for field, (_, place) in best.items()}


def _extra(names: Sequence[str], taken: set[int]) -> tuple[tuple[str, int], ...]:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if place not in taken and (shown := clean(name)):
            places[f"{shown} ({place + 1})" if shown in places else shown] = place
    return tuple(places.items())
