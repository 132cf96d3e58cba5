"""What can be asked of an index and what it answers, all from the tables of facets and of exports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from search_app.config import Settings
from search_app.facets.specs import FacetSpec
from search_app.request import SearchRequest
from search_app.web.api.schemas.fields import AnswerSchema
from search_app.web.api.schemas.parameters import SearchParametersSchema, search_parameters
from search_app.web.api.schemas.responses import search_schemas
from search_app.web.exports.specs import ExportSpec
from search_app.web.urls import SearchLinks, order_of


@dataclass(frozen=True, slots=True)
class Contract:
    """The facets of an index and the exports, and the parameters, addresses and answers that follow."""

    facets: tuple[FacetSpec, ...]
    exports: tuple[ExportSpec, ...]
    parameters: SearchParametersSchema
    order: tuple[str, ...]
    answers: tuple[AnswerSchema, ...]

    @classmethod
    def of(cls, facets: tuple[FacetSpec, ...], exports: tuple[ExportSpec, ...], settings: Settings) -> Self:
        """Return the contract of an index, within the limits that are set."""
        parameters = search_parameters(facets, settings.max_query_length, settings.max_per_page)
        return cls(facets, exports, parameters, order_of(facets), search_schemas(facets, exports))

    def links(self, request: SearchRequest, path: str) -> SearchLinks:
        """Return the links that lead on from a search at an address."""
        return SearchLinks(request, path, self.order)


# An index, the one that follows it, and where there is none.
contract_of = lru_cache(3)(Contract.of)
