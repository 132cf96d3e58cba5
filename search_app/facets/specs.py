"""FacetSpec: a facet as one entry, from which its filters, counts, parameters, chips and schema follow.

Which facets there are belongs to the index that is served: `table.specs_of` says it for a segment. An entry
is a declaration and the function that opens its column on a segment; all else asks the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_app.request import LISTED_VALUES, FilterValue, Number, Period
from search_app.results import Facet

if TYPE_CHECKING:
    from indexer.storage.segment import I64
    from search_app.facets.spans import Spans

# Whether each document passes, bool [N].
Mask: TypeAlias = NDArray[np.bool_]
# Document numbers, ascending, intp [M].
Documents: TypeAlias = NDArray[np.intp]
# What a parameter is read as: one of a few words, a name as the index has it, a bucket of years, a date, a
# number, a range of numbers.
Reads = Literal["choice", "keyword", "years", "period", "number", "range"]
# The end of an interval that a bound compares: the earliest, the latest, or both at once.
Side = Literal["from", "to", "on"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A parameter of a facet that narrows by a date or number: its name, label on a chip and meaning."""

    name: str
    side: Side
    label: str
    meaning: str
    reads: Literal["period", "number"] = "period"


@dataclass(frozen=True, slots=True)
class FilterParameter:
    """One parameter that a facet brings along; `choices` are the words that it may be, if these are few."""

    name: str
    label: str
    meaning: str
    reads: Reads
    repeatable: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetSpec:
    """A facet: how it is called, read, filtered, counted and shown.

    `reads` is what its values are, and decides the form of its buckets: years and ranges are ranges, all
    others terms. One that is not `counted` narrows, and is shown only where it is asked for by its name; by
    one that `sorts`, hits may be put in order.
    `word_field` is the name that words of its values have before a colon in a query, if they are searched.
    `meaning` says what its parameter does, `exclusion` what the one does that refuses values, if there is
    one, `is_open` whether it stands open.
    """

    name: str
    label: str
    reads: Reads
    meaning: str
    open_column: Callable[[FacetSpec, Spans], Column]
    choices: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    exclusion: str | None = None
    word_field: str | None = None
    is_open: bool = False
    counted: bool = True
    sorts: bool = False

    @property
    def type(self) -> Literal["range", "terms"]:
        """The form of its buckets."""
        return "range" if self.reads in ("years", "range") else "terms"

    @property
    def exclusion_name(self) -> str:
        """The parameter for values that must not be there."""
        return f"{self.name}_not"

    def parameters(self) -> Iterator[FilterParameter]:
        """Yield every parameter that it brings along, in the order of addresses."""
        for bound in self.bounds:
            yield FilterParameter(bound.name, bound.label, bound.meaning, bound.reads, repeatable=False)
        own = FilterParameter(self.name, self.label, self.meaning, self.reads, True, self.choices)
        yield own
        if self.exclusion is not None:
            yield replace(own, name=self.exclusion_name, label=f"{self.label} is not", meaning=self.exclusion)


@dataclass(slots=True, eq=False)
class Counted:
    """The documents that facets are counted over, intp [M], None for all of them.

    `as_of` is the day that status is for, `listed` how many names a facet lists at most, `shared` what
    columns have counted that others need as well.
    """

    documents: Documents | None
    as_of: date
    listed: int = LISTED_VALUES
    shared: dict[object, Any] = field(default_factory=dict)

    def count(self, column: NDArray[np.integer], size: int) -> I64:
        """Return how often each of the numbers 0 to `size` - 1 stands in a column, int64 [size]."""
        values = column if self.documents is None else column.take(self.documents)
        return np.bincount(values, minlength=size)

    def count_once(self, column: NDArray[np.integer], size: int) -> I64:
        """Return the same, worked out once for all facets that share a column; for reading."""
        if id(column) not in self.shared:
            self.shared[id(column)] = self.count(column, size)
        counts: I64 = self.shared[id(column)]
        return counts


class Column(Protocol):
    """The values of one facet in one segment: what they let pass, and how often each is there."""

    def mask(self, values: tuple[FilterValue, ...], as_of: date, /) -> Mask:
        """Return the documents that have any of the values on a day."""

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the counts over some documents, those `chosen` always listed."""


class BoundedColumn(Column, Protocol):
    """A column of a facet with bounds."""

    def bounded(self, side: Side, limit: Period | Number) -> Mask:
        """Return the documents that lie on the right side of a date or number; those without never do."""
