"""Requests as tests write them: filters by name beside everything else, one date without its tuple."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from search_app.config import Settings
from search_app.facets.specs import FacetSpec
from search_app.facets.table import FACETS
from search_app.request import Filters, Period, SearchRequest
from search_app.web.contract import Contract
from search_app.web.exports.table import EXPORTS
from search_app.web.urls import SearchLinks

CONTRACT = Contract.of(FACETS, EXPORTS, Settings())
OTHERS = {field.name for field in dataclasses.fields(SearchRequest)}


def asking(**given: Any) -> SearchRequest:
    """Return a request: `asking(q="labor", status=("active",), active_on=Period.parse("2021"))`."""
    filters = {
        name: (value,) if isinstance(value, Period) else tuple(value or ())
        for name, value in given.items()
        if name not in OTHERS
    }
    others = {name: value for name, value in given.items() if name in OTHERS}
    return SearchRequest(filters=Filters.of(filters), **others)


def contract(specs: Sequence[FacetSpec] = FACETS) -> Contract:
    """Return the contract of an index with these facets."""
    return Contract.of(tuple(specs), EXPORTS, Settings())


def links(asked: SearchRequest, path: str = "/search", specs: Sequence[FacetSpec] = FACETS) -> SearchLinks:
    """Return the links that lead on from a search in an index with these facets."""
    return contract(specs).links(asked, path)
