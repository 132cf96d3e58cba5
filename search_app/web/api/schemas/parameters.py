"""The parameters of a search, and of completions: which there are, and the request that they ask."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import marshmallow as ma

from search_app.facets.specs import FacetSpec
from search_app.facets.table import FACETS
from search_app.request import (
    CHARTED_YEARS,
    MAX_PER_PAGE,
    PER_PAGE,
    SORTS,
    TABLE_COLUMNS,
    VIEWS,
    Filters,
    Number,
    Period,
    SearchRequest,
)
from search_app.web.api.schemas import kinds
from search_app.web.api.schemas.arguments import NoParametersSchema, Parameter, Repeatable

# A sentence fits; a pasted page does not, and gets an error that says so.
MAX_QUERY_LENGTH = 512
# The parameters that every index has: all others are filters.
NOT_FILTERS = frozenset({one.name for one in dataclasses.fields(SearchRequest)} - {"filters"})


class SearchParametersSchema(NoParametersSchema):
    """The parameters of a search, the same for every face of it; `search_parameters` says which there are.

    `per_page` is how many hits a page has where nobody says it.
    """

    per_page = PER_PAGE

    @ma.validates_schema(skip_on_field_errors=False)
    def ranges_are_in_order(self, asked: dict[str, Any], **_options: object) -> None:
        """Refuse the ranges that end before they begin."""
        inverted = {}
        for name in [one.removesuffix("_from") for one in asked if one.endswith("_from")]:
            first: Period | Number = asked[f"{name}_from"]
            last: Period | Number | None = asked.get(f"{name}_to")
            if isinstance(first, Number):
                if isinstance(last, Number) and first.value > last.value:
                    message = f"must not be below {name}_from ({first})"
                    inverted[f"{name}_to"] = {"code": "range_inverted", "message": message}
            elif isinstance(last, Period) and first.first > last.last:
                message = f"must not be before {name}_from ({first.first})"
                inverted[f"{name}_to"] = {"code": "range_inverted", "message": message}
        if inverted:
            raise ma.ValidationError(inverted)

    def finished(self, asked: dict[str, Any]) -> SearchRequest:
        """Return the request; raise ValidationError for a range that ends before it begins."""
        self.ranges_are_in_order(asked)
        request: SearchRequest = self.request(asked)
        return request

    @ma.post_load
    def request(self, asked: dict[str, Any], **_options: object) -> SearchRequest:
        """Return the request; what is no parameter of every search is a filter."""
        filters = {
            name: value if isinstance(value, list) else [value]
            for name, value in asked.items()
            if name not in NOT_FILTERS
        }
        others = {name: value for name, value in asked.items() if name in NOT_FILTERS}
        if "columns" in others:
            others["columns"] = tuple(dict.fromkeys(others["columns"]))
        others.setdefault("per_page", self.per_page)
        return SearchRequest(filters=Filters.of(filters), **others)


def search_parameters(
    specs: Sequence[FacetSpec],
    max_query_length: int = MAX_QUERY_LENGTH,
    max_per_page: int = MAX_PER_PAGE,
) -> SearchParametersSchema:
    """Return the parameters of a search in an index with these facets, within the limits that are set."""
    per_page = min(PER_PAGE, max_per_page)
    fields = {
        "q": Parameter(
            kinds.text(max_query_length), "the words to search for; empty browses everything", default=""
        ),
        "op": Parameter(kinds.choice(("and", "or")), "all words, or any of them", default="and"),
        "expand": Parameter(
            kinds.FLAG,
            "1 also searches other forms and what means the same, 0 the words as written",
            default="1",
        ),
        **_filters(specs),
        "as_of": Parameter(kinds.DAY, "the day that status is computed for; today (UTC) when left out"),
        "sort": Parameter(
            kinds.choice((*SORTS, *own_sorts(specs))),
            "relevance when there is a query, else -start_date; unknown values last both ways",
        ),
        "page": Parameter(kinds.PAGE, "the page of results", default=1),
        "per_page": Parameter(kinds.number(1, max_per_page), "results a page", default=per_page),
        "facets": Parameter(
            kinds.facet_list([spec.name for spec in specs], [spec.name for spec in specs if spec.counted]),
            "the facets to count, as a comma list, or none; those of the page when left out",
        ),
        "explain": Parameter(kinds.FLAG, "1 adds the parts of each score", default="0"),
        "view": Parameter(
            kinds.choice(VIEWS), "how a page shows the hits; data has all of them", default="list"
        ),
        "columns": Repeatable(kinds.choice(columns_of(specs)), "the columns of a table on a page"),
        "chart": Parameter(kinds.choice(CHARTED_YEARS), "the years in the chart of a page"),
    }
    schema = cast("SearchParametersSchema", SearchParametersSchema.from_dict(fields)())
    schema.per_page = per_page
    return schema


def columns_of(specs: Iterable[FacetSpec]) -> tuple[str, ...]:
    """Return the columns that a table of hits may have beside the title, in their order."""
    return (*TABLE_COLUMNS, *(spec.name for spec in specs if spec not in FACETS))


def own_sorts(specs: Iterable[FacetSpec]) -> Iterator[str]:
    """Yield the orders by fields of the index that have one value a project, downwards first."""
    for spec in specs:
        if spec.sorts:
            yield from (f"-{spec.name}", spec.name)


def _filters(specs: Sequence[FacetSpec]) -> dict[str, ma.fields.Field[Any]]:
    """Return the parameters of facets; raise ValueError for two of one name."""
    fields: dict[str, ma.fields.Field[Any]] = {}
    for one in (parameter for spec in specs for parameter in spec.parameters()):
        if one.name in fields or one.name in NOT_FILTERS:
            raise ValueError(f"two parameters are called {one.name}: give the facet another name")
        kind = kinds.of(one)
        fields[one.name] = Repeatable(kind, one.meaning) if one.repeatable else Parameter(kind, one.meaning)
    return fields


class SuggestParametersSchema(NoParametersSchema):
    """The parameters of completions."""

    q = Parameter(kinds.text(MAX_QUERY_LENGTH), "what has been typed so far", default="")
