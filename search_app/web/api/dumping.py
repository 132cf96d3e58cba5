"""How answers are dumped: a plain function for each object, in the order of its schema.

A page of results has about 700 values, for which marshmallow's own dump needs longer than the search
itself takes. The schemas stay the contract: `tests/search_app/web/api/test_dumping.py` holds each function
against what its schema dumps. Days and tuples are left as they are, for orjson writes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from search_app.results import IndexInfo, QueryTerm, Repair, Totals
from search_app.web.answers import (
    Answer,
    AnsweredQuery,
    LinkedBucket,
    LinkedCompletion,
    LinkedFacet,
    LinkedSuggestion,
)
from search_app.web.api import dumped_projects
from search_app.web.api.json_values import Json, moment
from search_app.web.page_links import PageLinks


def search(answer: Answer, *, explained: bool = False) -> Json:
    """Return what SearchSchema dumps; with `explained`, what ExplainedSearchSchema does."""
    results = answer.results
    dumped_hit = dumped_projects.explained if explained else dumped_projects.hit
    return {
        "query": _query(answer.query),
        "total": results.total,
        "page": results.request.page,
        "per_page": results.request.per_page,
        "pages": results.pages,
        "results": [dumped_hit(hit) for hit in answer.hits],
        "related": [dumped_projects.related(one) for one in answer.related],
        "facets": {name: _facet(facet) for name, facet in answer.facets.items()},
        "totals": [money_totals(one) for one in results.totals],
        "suggestion": _suggestion(answer.suggestion) if answer.suggestion else None,
        "links": page_links(answer.links),
        "warnings": [warning(one) for one in results.warnings],
        "index": index_info(results.index),
        "took_ms": results.took_ms,
    }


def completions(typed: str, found: Iterable[LinkedCompletion]) -> Json:
    """Return what CompletionsSchema dumps."""
    return {"q": typed, "completions": [_completion(one) for one in found]}


def _query(query: AnsweredQuery) -> Json:
    results = query.results
    return {
        "q": results.request.q,
        "op": results.request.op,
        "relaxed": results.relaxed,
        "relaxed_to": results.relaxed_to,
        "terms": [_term(one) for one in results.terms],
        "filters": query.filters,
        "sort": results.request.order,
        "as_of": results.as_of,
    }


def _term(term: QueryTerm) -> Json:
    return {"text": term.text, "also": term.variants, "forms": term.forms, "synonyms": term.synonyms}


def _facet(linked: LinkedFacet) -> Json:
    facet = linked.facet
    found: Json = {"type": facet.type, "label": facet.label}
    if facet.type == "range":
        found["unknown"] = facet.unknown
        found["buckets"] = [_range_bucket(one) for one in linked.buckets]
    else:
        found["more"] = facet.more
        found["buckets"] = [_bucket(one) for one in linked.buckets]
    return found


def _bucket(linked: LinkedBucket) -> Json:
    bucket, url = linked
    return {
        "value": bucket.value,
        "label": bucket.label,
        "count": bucket.count,
        "selected": bucket.selected,
        "url": url,
    }


def _range_bucket(linked: LinkedBucket) -> Json:
    bucket, found = linked.bucket, _bucket(linked)
    is_of_years = bucket.first is not None
    found["from"] = bucket.first if is_of_years else bucket.low
    found["to"] = bucket.last if is_of_years else bucket.high
    return found


def money_totals(found: Totals) -> Json:
    """Return what TotalsSchema dumps."""
    return {
        "field": found.field,
        "label": found.label,
        "totals": [
            {
                "currency": one.currency,
                "count": one.count,
                "sum": one.sum,
                "average": one.average,
                "median": one.median,
                "years": [{"year": year, "count": count, "sum": total} for year, count, total in one.years],
            }
            for one in found.totals
        ],
        "unknown": found.unknown,
    }


def _suggestion(linked: LinkedSuggestion) -> Json:
    return {"q": linked.suggestion.q, "total": linked.suggestion.total, "url": linked.url}


def page_links(links: PageLinks) -> Json:
    """Return what LinksSchema dumps."""
    return {
        "self": links.self_,
        "first": links.first,
        "prev": links.prev,
        "next": links.next,
        "last": links.last,
        "html": links.html,
        **links.exports,
    }


def warning(repair: Repair) -> Json:
    """Return what WarningSchema dumps."""
    message = f"{repair.message} {repair.instead}" if repair.instead else repair.message
    return {"code": repair.code, "message": message}


def index_info(info: IndexInfo) -> Json:
    """Return what IndexSchema dumps."""
    return {"generation": info.generation, "documents": info.documents, "built_at": moment(info.built_at)}


def _completion(linked: LinkedCompletion) -> Json:
    completion = linked.completion
    return {"text": completion.text, "kind": completion.kind, "count": completion.count, "url": linked.url}
