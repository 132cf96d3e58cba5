"""Totals of money fields over a result: for each currency and year of start, never added across currencies.

A project stands in one cell of its field: the currency of its amount with the year in which it started. A
count over cells gives how many projects there are in each, another, weighted by the amounts, the sums.
Medians come from ranks: amounts are numbered once by currency and size, so that a result needs no sorting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import smallest
from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import I64, Segment
from search_app.facets.specs import Counted
from search_app.results import Total, Totals, YearTotal

# Years are told apart from currencies in one number; none has more digits.
_YEARS = 10_000

# Parts of a currency in which amounts may be whole: added up in these, no sum gets digits that no amount has.
_PARTS = (1, 100, 1_000, 10_000)
# Up to here a float holds each whole number.
_WHOLE = 2.0**53


def money_columns(segment: Segment, declared: Sequence[OwnField]) -> Iterator[MoneyColumn]:
    """Yield the column of every money field of a segment."""
    for number, field in enumerate(of_type(declared, "money", "number")):
        if field.type == "money":
            yield MoneyColumn(segment, number, field)


class MoneyColumn:
    """The amount of each document in one money field, with its currency and the year of its start."""

    def __init__(self, segment: Segment, number: int, field: OwnField) -> None:
        """Add up the column that is the `number`-th of those of money and numbers."""
        amounts = segment.own_numbers[number]
        known = np.flatnonzero(~np.isnan(amounts))
        currencies = segment.own_currencies[number][known].astype(np.int64)
        years = segment.span_years[segment.spans[known], 0].astype(np.int64)
        cells, cell_of = np.unique(currencies * _YEARS + years, return_inverse=True)
        codes = list(segment.own_codes)
        self._field = field
        self._currencies = [codes[code] for code in (cells // _YEARS).tolist()]
        self._years: list[int] = (cells % _YEARS).tolist()
        # A document without an amount is in the last cell, with nothing.
        self._cells = np.full(len(amounts), len(cells), smallest(len(cells) + 1))
        self._cells[known] = cell_of.reshape(-1)
        self._parts = _parts_of(amounts[known])
        self._amounts = np.where(np.isnan(amounts), 0.0, amounts * self._parts)
        if self._parts > 1:
            self._amounts = self._amounts.round()
        order = known[np.lexsort((amounts[known], currencies))]
        self._by_rank = amounts[order]
        self._ranks = np.full(len(amounts), len(order), np.uint32)
        self._ranks[order] = np.arange(len(order), dtype=np.uint32)

    def totals(self, over: Counted) -> Totals:
        """Return the totals over some documents, the largest sum first."""
        size, cells, amounts = len(self._years), self._cells, self._amounts
        if over.documents is not None:
            cells, amounts = cells.take(over.documents), amounts.take(over.documents)
        # In the type in which they are counted below, twice: so they are widened only once.
        cells = cells.astype(np.intp)
        counts, sums = np.bincount(cells, minlength=size + 1), np.bincount(cells, amounts, size + 1).tolist()
        unknown = int(counts[size])
        by_currency: dict[str, list[YearTotal]] = {}
        # Divided only once they are whole, for what is divided is no longer exact.
        added: dict[str, float] = {}
        for currency, year, count, total in zip(
            self._currencies, self._years, counts[:size].tolist(), sums[:size], strict=True
        ):
            if count:
                by_currency.setdefault(currency, []).append(
                    YearTotal(year or None, count, total / self._parts)
                )
                added[currency] = added.get(currency, 0.0) + total
        ranks, found = self._ranks_of(over), []
        for currency, years in by_currency.items():
            count = sum(one.count for one in years)
            own, ranks = self._by_rank[ranks[:count]], ranks[count:]
            middle = float(own[(count - 1) // 2] + own[count // 2]) / 2
            total = added[currency] / self._parts
            found.append(Total(currency, count, total, middle, _undated_last(years)))
        ordered = sorted(found, key=lambda one: (not one.currency, -one.sum, one.currency))
        return Totals(self._field.name, self._field.label, tuple(ordered), unknown)

    def _ranks_of(self, over: Counted) -> I64:
        """Return the ranks of the amounts of some documents, ascending: those of the first currency first."""
        is_there = np.zeros(len(self._by_rank) + 1, np.bool_)
        is_there[self._ranks if over.documents is None else self._ranks.take(over.documents)] = True
        return np.flatnonzero(is_there[:-1])


def _parts_of(amounts: NDArray[np.float64]) -> int:
    """Return in how many parts of a currency all amounts are whole, and add up exactly: 100 for cents."""
    for parts in _PARTS:
        whole = (amounts * parts).round()
        if np.array_equal(whole / parts, amounts) and np.abs(whole).sum() < _WHOLE:
            return parts
    return 1


def _undated_last(years: list[YearTotal]) -> tuple[YearTotal, ...]:
    return (*years[1:], years[0]) if years[0].year is None else tuple(years)
