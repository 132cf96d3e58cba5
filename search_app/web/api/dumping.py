"""How answers are dumped: a plain function for each object, in the order of its schema.

A page of results has about 700 values, for which marshmallow's own dump needs longer than the search
itself takes. The schemas stay the contract: `tests/search_app/web/api/test_dumping.py` holds each function
against what its schema dumps. Days and tuples are left as they are, for orjson writes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from indexer.document import Project, Status
from indexer.storage.history.moments import When
from search_app.results import (
    Fields,
    IndexInfo,
    Matched,
    Money,
    QueryTerm,
    Repair,
    ScorePart,
    TermMatch,
    Totals,
)
from search_app.web.answers import (
    Answer,
    AnsweredQuery,
    AnswerLinks,
    LinkedBucket,
    LinkedCompletion,
    LinkedFacet,
    LinkedHit,
    LinkedProject,
    LinkedSimilar,
    LinkedSuggestion,
)
from search_app.web.highlighting import html_text

# Digits of a score that say something; float32 has seven.
SCORE_DIGITS = 4
# Moments kept as they are written: projects were first seen, and changed, in few runs of `reindex`.
_CACHED_MOMENTS = 1_024

Json: TypeAlias = dict[str, Any]


def as_json(document: object) -> bytes:
    """Return a dumped document as JSON in UTF-8."""
    return orjson.dumps(document)


def rounded(score: float) -> float:
    """Return a score without the digits that say nothing: 7.31234567 -> 7.3123."""
    return round(score, SCORE_DIGITS)


@lru_cache(_CACHED_MOMENTS)
def moment(value: datetime) -> str:
    """Return a moment in UTC to the second: 2026-11-22T08:00:00Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def search(answer: Answer, *, explained: bool = False) -> Json:
    """Return what SearchSchema dumps; with `explained`, what ExplainedSearchSchema does."""
    results = answer.results
    return {
        "query": _query(answer.query),
        "total": results.total,
        "page": results.request.page,
        "per_page": results.request.per_page,
        "pages": results.pages,
        "results": [_explained(hit) if explained else _hit(hit) for hit in answer.hits],
        "related": [_related(one) for one in answer.related],
        "facets": {name: _facet(facet) for name, facet in answer.facets.items()},
        "totals": [money_totals(one) for one in results.totals],
        "suggestion": _suggestion(answer.suggestion) if answer.suggestion else None,
        "links": _links(answer.links),
        "warnings": [_warning(one) for one in results.warnings],
        "index": index_info(results.index),
        "took_ms": results.took_ms,
    }


def project(linked: LinkedProject) -> Json:
    """Return what FullProjectSchema dumps."""
    return _project(linked.project, linked.status, linked.url) | {
        **_when(linked.when),
        "as_of": linked.as_of,
        "fields": own_fields(linked.fields),
        "extra": linked.extra,
    }


def similars(project_id: str, near: Iterable[LinkedSimilar]) -> Json:
    """Return what SimilarsSchema dumps."""
    return {"id": project_id, "results": [_similar(one) for one in near]}


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


def _project(project: Project, status: Status, url: str) -> Json:
    return {
        "id": project.id,
        "url": url,
        "title": project.title,
        "description": project.description,
        "grantee": project.grantee,
        "start_date": project.start,
        "end_date": project.end,
        "status": status,
    }


def _hit(linked: LinkedHit) -> Json:
    hit = linked.hit
    found = _project(linked.project, linked.status, linked.url)
    found["description_cut"] = hit.description_cut
    found["score"] = round(hit.score, SCORE_DIGITS)
    found["highlights"] = {
        "title": html_text(hit.title),
        "description": [html_text(fragment) for fragment in hit.description],
        "grantee": html_text(hit.grantee),
        "fields": {name: [html_text(one) for one in values] for name, values in hit.own.items()},
    }
    found["matched"] = _matched(hit.matched)
    found["meaning"] = None if hit.meaning is None else rounded(hit.meaning)
    found["fields"] = own_fields(hit.fields)
    found |= _when(hit.when)
    return found


def _when(when: When) -> Json:
    first, changed = (None if one is None else moment(one) for one in when)
    return {"first_seen": first, "last_changed": changed}


def own_fields(own: Fields) -> Json:
    """Return the own fields of a project: an amount is an object, all others are as they are."""
    return {name: value._asdict() if isinstance(value, Money) else value for name, value in own.items()}


def _explained(linked: LinkedHit) -> Json:
    return _hit(linked) | {"explanation": [_score_part(part) for part in linked.hit.explanation]}


def _matched(matched: Matched) -> Json:
    return {
        "terms": [one.text for one in matched.terms],
        "missing": matched.missing,
        "through": [_term_match(one) for one in matched.terms],
    }


def _term_match(match: TermMatch) -> Json:
    return {"term": match.text, "words": match.words, "in": match.fields, "degree": match.degree}


def _score_part(part: ScorePart) -> Json:
    return {"name": part.name, "field": part.field, "score": rounded(part.score)}


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


def _links(links: AnswerLinks) -> Json:
    return {
        "self": links.self_,
        "first": links.first,
        "prev": links.prev,
        "next": links.next,
        "last": links.last,
        "html": links.html,
        **links.exports,
    }


def _warning(repair: Repair) -> Json:
    return {"code": repair.code, "message": repair.message}


def index_info(info: IndexInfo) -> Json:
    """Return what IndexSchema dumps."""
    return {"generation": info.generation, "documents": info.documents, "built_at": moment(info.built_at)}


def _similar(linked: LinkedSimilar) -> Json:
    found = _project(linked.project, linked.status, linked.url)
    found["description_cut"] = linked.similar.description_cut
    found["score"] = rounded(linked.similar.score)
    found["terms"] = linked.similar.terms
    return found


def _related(linked: LinkedSimilar) -> Json:
    found = _project(linked.project, linked.status, linked.url)
    found["description_cut"] = linked.similar.description_cut
    found["meaning"] = rounded(linked.similar.score)
    found["sentence"] = linked.similar.sentence
    return found


def _completion(linked: LinkedCompletion) -> Json:
    completion = linked.completion
    return {"text": completion.text, "kind": completion.kind, "count": completion.count, "url": linked.url}
