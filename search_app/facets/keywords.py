"""A facet of names: one of them to each document, counted in bulk and listed by how often they are there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import repeat

import numpy as np

from indexer.storage.arrays.sums import smallest
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.segment import I64, Unsigned
from search_app.facets.specs import Counted, FacetSpec, Mask
from search_app.request import UNKNOWN, FilterValue
from search_app.results import Bucket, Facet

# A number among names, in a count with it.
_NUMBER_BITS = 32
_NUMBERS = (1 << _NUMBER_BITS) - 1
# Names cached as texts: the same for every search.
CACHED_NAMES = 16_384

# Names so few that a pass of Python over their counts is quicker than some of NumPy.
FEW_NAMES = 64

# The same for each of as many buckets as there are.
_NO, _NONE = repeat(False), repeat(None)
# What is behind the days of a bucket of names or years.
_NO_RANGE = (_NONE,) * (len(Bucket._fields) - 6)
# Without a call of Python for each bucket: half of the time.
_bucket = partial(tuple.__new__, Bucket)


class KeywordColumn:
    """The name of each document, by its number among all names; an empty first name is an unknown one."""

    def __init__(self, spec: FacetSpec, names: Texts, numbers: Unsigned) -> None:
        """Count `numbers` [N], each the place of a document's name in the sorted `names`."""
        self._spec, self._names = spec, names
        self._name = lru_cache(CACHED_NAMES)(names.__getitem__)
        # In the narrowest type: a search reads from all over a column, which has to fit into the caches of
        # the processor.
        self._numbers = numbers.astype(smallest(len(names)))

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents that have any of the names."""
        numbers = [self._names.find(str(name)) for name in values if name != UNKNOWN]
        numbers += self._unknown if UNKNOWN in values else []
        return np.isin(self._numbers, [number for number in numbers if number >= 0])

    @cached_property
    def _unknown(self) -> list[int]:
        """The numbers that stand for none: of the empty name, and of one that says so."""
        return [number for number in map(self._names.find, ("", UNKNOWN)) if number >= 0]

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the most frequent names, and those chosen."""
        counts, unknown = over.count(self._numbers, len(self._names)), 0
        for number in self._unknown:
            unknown, counts[number] = unknown + int(counts[number]), 0
        listed, found, more = most_frequent(counts, over.listed)
        names = list(map(self._name, listed))
        buckets = buckets_of(names, names, found, map(chosen.__contains__, names) if chosen else _NO)
        for name in map(str, chosen):
            if name in names:
                continue
            if name == UNKNOWN:
                buckets.append(unknown_bucket(unknown))
                continue
            number = self._names.find(name)
            count = int(counts[number]) if number >= 0 else 0
            buckets.append(Bucket(name, name, count, selected=True))
            more -= count > 0
        return Facet(self._spec.name, self._spec.label, "terms", tuple(buckets), unknown, more)


def buckets_of(
    values: Iterable[str],
    labels: Iterable[str],
    counts: Iterable[int],
    selected: Iterable[bool] = _NO,
    days: tuple[Iterable[date | None], Iterable[date | None]] = (_NONE, _NONE),
) -> list[Bucket]:
    """Return the buckets of so many values, with their first and last `days`."""
    return list(map(_bucket, zip(values, labels, counts, selected, *days, *_NO_RANGE, strict=False)))


def unknown_bucket(count: int) -> Bucket:
    """Return the bucket of documents without a value, where it is chosen."""
    return Bucket(UNKNOWN, UNKNOWN.capitalize(), count, selected=True)


def most_frequent(counts: I64, size: int) -> tuple[list[int], list[int], int]:
    """Return the numbers with the highest counts, their counts, and how many more have one above 0.

    Equal ones are in order. The two of [3, 0, 5, 1] are [2, 0], with [5, 3]; there is 1 more.
    """
    if len(counts) <= FEW_NAMES:
        pairs = sorted([(-count, number) for number, count in enumerate(counts.tolist()) if count])
        listed = pairs[:size]
        return [one[1] for one in listed], [-one[0] for one in listed], max(len(pairs) - size, 0)
    present = (counts > 0).nonzero()[0]
    # Count and number as one, so that one sort puts both in order: the highest count first, then the number.
    keys = (counts.take(present) << _NUMBER_BITS) - present
    more = max(len(keys) - size, 0)
    if more:
        keys.partition(more - 1)
        keys = keys[more:]
    keys.sort()
    keys = keys[::-1]
    return (-keys & _NUMBERS).tolist(), ((keys + _NUMBERS) >> _NUMBER_BITS).tolist(), more
