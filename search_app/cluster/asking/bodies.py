"""A search as the body of a request: query, filters, order, and what comes with each hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from indexer.storage.own_fields import OwnField
from search_app.cluster.asking.extras import extras
from search_app.cluster.asking.filtering import Filtering
from search_app.cluster.asking.ordering_keys import sort_keys
from search_app.cluster.asking.reading import TextReader
from search_app.cluster.asking.translation import Query
from search_app.cluster.found import Read
from search_app.request import SearchRequest
from search_app.scoring.weights import DEFAULT_WEIGHTS
from search_app.words.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Question:
    """One search on its way: how its text was read, and its filters, those of all facets and those of one."""

    read: Read
    common: list[Query]
    own: dict[str, Query]


@dataclass(frozen=True, slots=True)
class Bodies:
    """Makes the bodies of requests to one index with some own fields; `stored` is asked for of each hit."""

    own_fields: Sequence[OwnField]
    filtering: Filtering
    texts: TextReader
    lexicon: Lexicon
    stored: Mapping[str, Any]

    def question(self, request: SearchRequest, as_of: date) -> Question:
        """Return a search with its text read and its filters translated."""
        read = self.texts.read(request.q, request.op, request.expand)
        common = list(self.filtering.common(request.filters, as_of))
        return Question(read, common, self.filtering.own(request.filters, as_of))

    def body(self, request: SearchRequest, question: Question, *, counted: bool = True) -> dict[str, Any]:
        """Return query, filters and order; if facets are counted, their own filters come after the query."""
        read = question.read
        needs_names = request.explain or not read.all_required
        translation = self.texts.translation(read.tree, read.names if needs_names else {})
        own = list(question.own.values())
        more = extras(read.parsed, self.lexicon, DEFAULT_WEIGHTS, named=request.explain)
        query: Query = {
            "must": [translation.query(read.tree)],
            "filter": [*question.common, *([] if counted else own)],
            "should": more,
        }
        body: dict[str, Any] = {
            "query": {"bool": query},
            "sort": sort_keys(request.order, self.own_fields),
            "track_scores": True,
            **self.stored,
        }
        if own and counted:
            body["post_filter"] = {"bool": {"filter": own}}
        return body
