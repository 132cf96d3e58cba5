"""SearchRequest: what was asked, validated and typed, before any text is parsed."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, Self

from indexer.document import Status

Operator = Literal["and", "or"]
Sort = Literal["relevance", "-start_date", "start_date", "-end_date", "end_date", "title", "grantee"]
FacetName = Literal["active_year", "start_year", "end_year", "status", "grantee"]

SORTS: tuple[Sort, ...] = (
    "relevance", "-start_date", "start_date", "-end_date", "end_date", "title", "grantee",
)  # fmt: skip
FACETS: tuple[FacetName, ...] = ("active_year", "start_year", "end_year", "status", "grantee")
YEAR_FACETS: tuple[FacetName, ...] = ("active_year", "start_year", "end_year")

PER_PAGE = 20
MAX_PER_PAGE = 100

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month or year as typed: its text and the days it spans, both ends included."""

    text: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raise ValueError for anything else."""
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        first = date(year, month or 1, day or 1)
        if day is not None:
            last = first
        elif month is not None:
            last = date(year, month, calendar.monthrange(year, month)[1])
        else:
            last = date(year, 12, 31)
        return cls(text, first, last)


@dataclass(frozen=True, slots=True, order=True)
class Years:
    """A bucket of a year facet: one year or a run of years, both ends included."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2021` or `2020-2024`; raise ValueError for anything else."""
        match = _YEARS.fullmatch(text)
        if match is None:
            raise ValueError(text)
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last:
            raise ValueError(text)
        return cls(first, last)

    def __str__(self) -> str:
        first, last = f"{self.first:04}", f"{self.last:04}"
        return first if first == last else f"{first}-{last}"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search: text, filters, order and page. Hashable, so that answers can be kept."""

    q: str = ""
    op: Operator = "and"
    expand: bool = True
    active_from: Period | None = None
    active_to: Period | None = None
    active_on: Period | None = None
    start_from: Period | None = None
    start_to: Period | None = None
    end_from: Period | None = None
    end_to: Period | None = None
    status: tuple[Status, ...] = ()
    grantee: tuple[str, ...] = ()
    active_year: tuple[Years, ...] = ()
    start_year: tuple[Years, ...] = ()
    end_year: tuple[Years, ...] = ()
    as_of: date | None = None
    sort: Sort | None = None
    page: int = 1
    per_page: int = PER_PAGE
    facets: tuple[FacetName, ...] = FACETS
    explain: bool = False

    @property
    def order(self) -> Sort:
        """The order that applies: relevance for words, newest first when browsing."""
        return self.sort or ("relevance" if self.q.strip() else "-start_date")

    def filters(self) -> dict[str, tuple[str, ...]]:
        """Return the filters that are set, by parameter name, as canonical texts."""
        found: dict[str, tuple[str, ...]] = {}
        for name in FILTERS:
            value = getattr(self, name)
            if isinstance(value, Period):
                found[name] = (value.text,)
            elif value:
                found[name] = tuple(str(one) for one in value)
        return found


# The parameters that narrow a search, in the order in which they are shown.
FILTERS: tuple[str, ...] = (
    *(one.name for one in fields(SearchRequest) if one.name.startswith(("active_", "start_", "end_"))),
    "status",
    "grantee",
)
