"""Parameters as people call them: what is wrong in an address is told without the names of the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from search_app.facets.specs import FacetSpec
from search_app.web.api.schemas.arguments import ParameterError

_NAMES = {
    "q": "The text to search for",
    "op": "The choice of all words or any",
    "expand": "The choice of other spellings",
    "as_of": "The day of the status",
    "sort": "The order",
    "page": "The page",
    "per_page": "The number of projects on a page",
    "facets": "The choice of filters",
    "explain": "The choice of reasons",
    "view": "The view",
    "columns": "The column",
    "chart": "The years of the chart",
}


def spoken(parameter: str, specs: Iterable[FacetSpec]) -> str:
    """Return how people call a parameter: that of a filter as on its chip."""
    labels = {one.name: one.label for spec in specs for one in spec.parameters()}
    return labels.get(parameter) or _NAMES.get(parameter, "The address")


def for_people(error: ParameterError) -> ParameterError:
    """Return an error whose message has no names of parameters, nor of the values that they may have."""
    if error.code == "not_a_choice":
        return replace(error, message="is none of those to choose from")
    if error.code != "range_inverted":
        return error
    first = f"{error.parameter.removesuffix('to')}from"
    return replace(error, message=error.message.replace(first, "From"))
