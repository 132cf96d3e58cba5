"""What narrows a search, and how many are left: each filter is a boolean array over all documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import cast

import numpy as np

from search_app.embedded.postings.matches import Matches
from search_app.facets.spans import Spans
from search_app.facets.specs import BoundedColumn, Column, Counted, FacetSpec, Mask
from search_app.request import Filters, FilterValue, Number, Period, SearchRequest
from search_app.results import Facet

# Masks cached, a byte a project each.
CACHED_MASKS = 64


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The matches left by all filters, and the documents that each facet is counted over, by its name.

    `found` are the documents that are left, as facets without a filter of their own count them.
    """

    matches: Matches
    counted: dict[str, Counted]
    found: Counted


class _Facet:
    """A facet of one segment: its column, and its masks, each made once and cached while it is in use."""

    def __init__(self, spec: FacetSpec, spans: Spans) -> None:
        self.spec, self._spans = spec, spans

    @cached_property
    def column(self) -> Column:
        return self.spec.open_column(self.spec, self._spans)

    @cached_property
    def mask(self) -> Callable[[tuple[FilterValue, ...], date], Mask]:
        return lru_cache(CACHED_MASKS)(self.column.mask)


class Facets:
    """The facets of one segment: they narrow what was found, and count what is left."""

    def __init__(self, spans: Spans, specs: Iterable[FacetSpec]) -> None:
        """Take the columns of some entries; one is opened when first asked for."""
        self._size = len(spans.segment)
        self._facets = tuple(_Facet(spec, spans) for spec in specs)

    def narrow(self, matches: Matches, request: SearchRequest, as_of: date) -> Narrowed:
        """Apply the filters; each facet is to be counted over what all filters but its own leave.

        What must not be there is refused for its own facet as well: a second value finds what is counted.
        """
        matches = _masked(matches, self.common(request.filters, as_of))
        own = self.own(request.filters, as_of)
        narrowed = _masked(matches, own.values())
        every = Counted(None if len(narrowed) == self._size else narrowed.documents, as_of, request.listed)
        counted = dict.fromkeys((one.spec.name for one in self._facets), every)
        for name in own:
            others = [mask for other, mask in own.items() if other != name]
            counted[name] = Counted(_masked(matches, others).documents, as_of, request.listed)
        return Narrowed(narrowed, counted, every)

    def allowed(self, filters: Filters, as_of: date) -> Mask:
        """Return which of all documents the filters leave, bool [N], to be changed at will."""
        found = np.ones(self._size, np.bool_)
        for mask in (*self.common(filters, as_of), *self.own(filters, as_of).values()):
            found &= mask
        return found

    def own(self, filters: Filters, as_of: date) -> dict[str, Mask]:
        """Return the masks of the values that are chosen in facets, by the facet's name."""
        given = {*filters}
        chosen = ((one, filters[one.spec.name]) for one in self._facets if one.spec.name in given)
        return {one.spec.name: one.mask(values, as_of) for one, values in chosen if values}

    def common(self, filters: Filters, as_of: date) -> Iterator[Mask]:
        """Yield the masks that hold for every facet: those of bounds, and of what must not be there."""
        # Most searches have no filter, and there are more parameters than facets.
        for one in self._facets if any(filters) else ():
            for bound in one.spec.bounds:
                for limit in filters[bound.name]:
                    column = cast("BoundedColumn", one.column)
                    yield column.bounded(bound.side, cast("Period | Number", limit))
            if excluded := filters[one.spec.exclusion_name]:
                yield ~one.mask(excluded, as_of)

    def count(self, request: SearchRequest, counted: dict[str, Counted]) -> tuple[Facet, ...]:
        """Return the facets asked for, in their order, each over the documents `counted` for it."""
        return tuple(
            [
                one.column.facet(request.filters[one.spec.name], counted[one.spec.name])
                for one in self._facets
                if (one.spec.counted if request.facets is None else one.spec.name in request.facets)
            ]
        )


def _masked(matches: Matches, masks: Iterable[Mask]) -> Matches:
    for mask in masks:
        matches = matches.only(mask.take(matches.documents))
    return matches
