"""What narrows a search: each filter is a boolean array over all documents, made from columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES, Status
from indexer.storage.days import UNKNOWN_DAY, day_number
from indexer.storage.segment import Segment
from search_app.request import YEAR_FACETS, FacetName, Period, SearchRequest, Years

Mask = NDArray[np.bool_]

# Masks cached, a byte a project each, and days whose columns of statuses are, nine bytes a project each.
CACHED_MASKS = 64
CACHED_DAYS = 2


class Filters:
    """Makes the masks of one segment; each is made once and cached while it is in use."""

    def __init__(self, segment: Segment) -> None:
        """Filter the documents of `segment`."""
        self._segment = segment
        self.statuses = lru_cache(CACHED_DAYS)(self._statuses)
        self._grantees = lru_cache(CACHED_MASKS)(self._grantee_mask)
        self._years = lru_cache(CACHED_MASKS)(self._year_mask)

    @property
    def size(self) -> int:
        """The number of documents, which is that of every mask."""
        return len(self._segment)

    def own(self, request: SearchRequest, as_of: date) -> dict[FacetName, Mask]:
        """Return the masks of the facets' own parameters that are set, by facet name."""
        masks: dict[FacetName, Mask] = {}
        if request.status:
            masks["status"] = np.isin(self.statuses(as_of), [STATUSES.index(one) for one in request.status])
        if request.grantee:
            masks["grantee"] = self._grantees(request.grantee)
        for name in YEAR_FACETS:
            if chosen := getattr(request, name):
                masks[name] = self._years(name, chosen)
        return masks

    def periods(self, request: SearchRequest) -> list[Mask]:
        """Return the masks of the date parameters that are set."""
        start, end = self._segment.start, self._segment.end
        firsts = (
            (end, request.active_from),
            (end, request.active_on),
            (start, request.start_from),
            (end, request.end_from),
        )
        lasts = (
            (start, request.active_to),
            (start, request.active_on),
            (start, request.start_to),
            (end, request.end_to),
        )
        masks = [self._not_before(column, period) for column, period in firsts if period]
        return masks + [self._not_after(column, period) for column, period in lasts if period]

    def _not_before(self, column: NDArray[np.int32], period: Period) -> Mask:
        # An unknown day is below every real one.
        return column >= day_number(period.first)

    def _not_after(self, column: NDArray[np.int32], period: Period) -> Mask:
        known: Mask = column != UNKNOWN_DAY
        return known & (column <= day_number(period.last))

    def _grantee_mask(self, names: tuple[str, ...]) -> Mask:
        numbers = [self._segment.grantee_names.find(name) for name in names]
        return np.isin(self._segment.grantee, [number for number in numbers if number >= 0])

    def _year_mask(self, name: FacetName, chosen: tuple[Years, ...]) -> Mask:
        inside: Mask = in_years(name, self._segment.span_years, chosen)[self._segment.spans]
        return inside

    def _statuses(self, as_of: date) -> NDArray[np.uint8]:
        """Return the status of every document on a day, as its number in STATUSES, uint8 [N]."""
        day, start, end = day_number(as_of), self._segment.start, self._segment.end
        number: dict[Status, int] = {status: index for index, status in enumerate(STATUSES)}
        known = (start != UNKNOWN_DAY) & (end != UNKNOWN_DAY)
        result = np.where(known, np.uint8(number["active"]), np.uint8(number["unknown"]))
        result[(end != UNKNOWN_DAY) & (end < day)] = number["completed"]
        result[start > day] = number["planned"]
        return result


def in_years(name: FacetName, spans: NDArray[np.int16], chosen: Sequence[Years]) -> Mask:
    """Tell which rows of `spans` [S, 2] (start and end year, 0 unknown) are in any of the buckets."""
    start, end = spans[:, 0], spans[:, 1]
    result = np.zeros(len(spans), np.bool_)
    for years in chosen:
        if name == "active_year":
            result |= (start > 0) & (end > 0) & (start <= years.last) & (end >= years.first)
        else:
            year = start if name == "start_year" else end
            result |= (year >= years.first) & (year <= years.last)
    return result
