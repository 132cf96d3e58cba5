"""SearchRequest: what was asked, validated and typed, before any text is parsed."""

from __future__ import annotations

import calendar
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Self, TypeAlias

Operator = Literal["and", "or"]
# An order by its name: one of SORTS, or a field of the index that has one value a project.
Sort: TypeAlias = str

SORTS: tuple[Sort, ...] = (
    "relevance", "-start_date", "start_date", "-end_date", "end_date", "title", "grantee",
)  # fmt: skip
# How a page shows its hits, and which years of projects its chart has.
View: TypeAlias = Literal["list", "table", "timeline"]
ChartedYears: TypeAlias = Literal["active", "started", "ended"]
VIEWS: tuple[View, ...] = ("list", "table", "timeline")
CHARTED_YEARS: tuple[ChartedYears, ...] = ("active", "started", "ended")
# What a table of hits may have beside the title, before the own fields of an index.
TABLE_COLUMNS = ("grantee", "start_date", "end_date", "status")

# More values of a facet than this nobody reads; the page and the answer say how many there are.
LISTED_VALUES = 50
# For all of them: there may be more values than projects, which may have several.
EVERY_VALUE = sys.maxsize
PER_PAGE = 20
MAX_PER_PAGE = 100

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
# Numbers of an index are below this (`amounts`), and so is what they are compared with.
LARGEST_NUMBER = 10**16
# Places behind the point that a number in an address may have: the bounds of facets have no more.
DECIMALS = 10
# As patterns that JSON Schema has as well.
DIGITS = rf"-?[0-9]{{1,16}}(\.[0-9]{{1,{DECIMALS}}})?"
GROUPED_DIGITS = rf"-?[0-9]{{1,3}}(,[0-9]{{3}}){{1,5}}(\.[0-9]{{1,{DECIMALS}}})?"
_NUMBER = re.compile(f"{DIGITS}|{GROUPED_DIGITS}")
_RANGE = re.compile(f"(?P<low>{DIGITS})?-(?P<high>{DIGITS})?")
# Grouped, with a sign and all places.
_LONGEST_NUMBER = 33
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

    def __str__(self) -> str:
        return self.text


# The last year that a date can have.
LAST_YEAR = date.max.year


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

    def overlaps(self, other: Self) -> bool:
        """Tell whether some year is in both."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        first, last = f"{self.first:04}", f"{self.last:04}"
        return first if first == last else f"{first}-{last}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in an address: digits, perhaps a point; grouping commas are left out."""

    value: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1500000`, `1,500,000` or `-2.5`; raise ValueError for anything else."""
        if len(text) > _LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
            raise ValueError(text)
        value = float(text.replace(",", ""))
        if abs(value) >= LARGEST_NUMBER:
            raise ValueError(text)
        return cls(value)

    def __str__(self) -> str:
        # Plain digits that are read as the same number again, and no more of them than it takes.
        whole = self.value == int(self.value)
        return str(int(self.value)) if whole else format(Decimal(repr(self.value)), "f")


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` up to, not including, `high`; None is without end."""

    low: float | None
    high: float | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1000-5000`, `-1000` (below) or `5000-` (and more); raise ValueError for anything else."""
        match = _RANGE.fullmatch(text) if len(text) <= 2 * _LONGEST_NUMBER else None
        sides = match.group("low", "high") if match else (None, None)
        low, high = (Number.parse(side).value if side else None for side in sides)
        if (low is None and high is None) or (low is not None and high is not None and low >= high):
            raise ValueError(text)
        return cls(low, high)

    def __str__(self) -> str:
        low, high = ("" if side is None else str(Number(side)) for side in (self.low, self.high))
        return f"{low}-{high}"


# The value of a filter for what a project does not say; a name may be the same, and is found as well.
UNKNOWN = "unknown"
# A value of a filter; its text in an address is `str` of it.
FilterValue: TypeAlias = str | Period | Years | Number | Range


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search: the values of each parameter that is set, sorted by name.

    Which parameters there are is said by the facets of the index (`facets.specs`). Hashable.
    """

    pairs: tuple[tuple[str, tuple[FilterValue, ...]], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Iterable[FilterValue]]) -> Self:
        """Return the filters of a mapping from parameter to values; one without values is not set."""
        given = ((name, tuple(dict.fromkeys(texts))) for name, texts in values.items())
        return cls(tuple(sorted((pair for pair in given if pair[1]), key=lambda pair: pair[0])))

    def __getitem__(self, name: str) -> tuple[FilterValue, ...]:
        """Return the values of a parameter, none where it is not set."""
        # Plain steps: a page asks for those of each facet several times, and a generator takes twice as long.
        for own, values in self.pairs:
            if own == name:
                return values
        return ()

    def __iter__(self) -> Iterator[str]:
        """Yield the parameters that are set."""
        return (name for name, _ in self.pairs)

    def changed(self, name: str, values: Iterable[FilterValue]) -> Self:
        """Return the filters with other values of one parameter."""
        return self.of({**dict(self.pairs), name: values})


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search: text, filters, order and page. Hashable, so that answers can be cached.

    `facets` names those to count, None means all that the index has. `view`, `columns` (of a table, empty
    for the usual ones) and `chart` (None for the years that are narrowed by) are how a page shows the answer;
    `listed` is how many values of a facet of names are in it.
    """

    q: str = ""
    op: Operator = "and"
    expand: bool = True
    filters: Filters = Filters()
    as_of: date | None = None
    sort: Sort | None = None
    page: int = 1
    per_page: int = PER_PAGE
    facets: tuple[str, ...] | None = None
    explain: bool = False
    view: View = "list"
    columns: tuple[str, ...] = ()
    chart: ChartedYears | None = None
    listed: int = LISTED_VALUES

    @property
    def alone(self) -> Self:
        """The search itself, however a page shows its answer."""
        if self.view == "list" and not self.columns and self.chart is None:
            return self
        return replace(self, view="list", columns=(), chart=None)

    @property
    def order(self) -> Sort:
        """The order that applies: relevance for words, newest first when browsing."""
        return self.sort or ("relevance" if self.q.strip() else "-start_date")

    def filtered(self, name: str, values: Iterable[FilterValue]) -> Self:
        """Return the first page of this search with other values of one filter."""
        return replace(self, filters=self.filters.changed(name, values), page=1)


# A page of changes is longer than one of hits: each is a line, or a few.
CHANGES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ChangesRequest:
    """Which changes to tell: of some kinds, all if none are named; of a time; of what a text finds."""

    kinds: tuple[str, ...] = ()
    first: Period | None = None
    last: Period | None = None
    q: str = ""
    page: int = 1
    per_page: int = CHANGES_PER_PAGE
