"""Chips: the filters that apply, each with the search without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search_app.facets.ranges import shown_range
from search_app.facets.specs import FacetSpec
from search_app.request import UNKNOWN, Filters, FilterValue, Number, Range, SearchRequest, Years
from search_app.web.answers import Answer
from search_app.web.pages.parts.readable.money import exact
from search_app.web.pages.parts.readable.quotes import named
from search_app.web.urls import SearchLinks

STATUS_DAY = ("as_of", "Status as of")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that applies, and the search without it; `remaining` counts what that finds, where asked."""

    label: str
    value: str
    url: str
    remaining: int | None = None


def chips(
    answer: Answer,
    links: SearchLinks,
    specs: Sequence[FacetSpec],
    count: Callable[[SearchRequest], int],
) -> list[Chip]:
    """Return a chip for each value of each filter; where nothing was found, counted without it."""
    request, found = answer.results.request, []
    # Most searches have no filter, and there are some twenty parameters.
    parameters = (
        [parameter for spec in specs for parameter in spec.parameters()] if any(request.filters) else ()
    )
    for parameter in parameters:
        values = request.filters[parameter.name]
        for value in values:
            remaining = None
            if not answer.results.total:
                others = [one for one in values if one != value]
                remaining = count(request.filtered(parameter.name, others))
            url = links.without(parameter.name, str(value))
            label = _shown(value, is_choice=bool(parameter.choices))
            found.append(Chip(parameter.label, label, url, remaining))
    name, label = STATUS_DAY
    found += [Chip(label, day, links.without(name, day)) for day in links.given.get(name, ())]
    return found


def cleared(
    found: Sequence[Chip], request: SearchRequest, links: SearchLinks, count: Callable[[SearchRequest], int]
) -> Chip:
    """Return the search without any filter, in the same order and view; counted where none alone may go."""
    names = (*request.filters, STATUS_DAY[0])
    url = links.changed(**dict.fromkeys(names))
    counted = [chip.remaining for chip in found if chip.remaining is not None]
    is_asked = len(counted) > 1 and not any(counted)
    remaining = count(replace(request, filters=Filters(), as_of=None, page=1)) if is_asked else None
    return Chip("Filters", "all", url, remaining)


def _shown(value: FilterValue, *, is_choice: bool) -> str:
    """Return the value of a filter as people read it."""
    if isinstance(value, Years):
        return str(value).replace("-", "\N{EN DASH}")
    if isinstance(value, Range):
        return shown_range(value)
    if isinstance(value, Number):
        return exact(value.value)
    return str(value).capitalize() if is_choice or value == UNKNOWN else named(str(value))
