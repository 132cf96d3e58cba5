"""Answers out: a page of results with its query and links, completions, errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import marshmallow as ma

from search_app.facets.specs import FacetSpec
from search_app.web.api.schemas.counts import FacetsSchema, TotalsSchema, facets_field
from search_app.web.api.schemas.fields import OPTIONAL, AnswerSchema, Timestamp, texts
from search_app.web.api.schemas.projects import ExplainedHitSchema, HitSchema, RelatedSchema
from search_app.web.exports.specs import ExportSpec


class TermSchema(AnswerSchema):
    """A required part of the query and the other forms through which projects were found.

    `also` is all of them; `forms` are of the same word, `synonyms` stand for the same thing.
    """

    text = ma.fields.String()
    also = texts(attribute="variants")
    forms = texts()
    synonyms = texts()


class QuerySchema(AnswerSchema):
    """The query as it was understood; `relaxed` when nothing was found as it was asked for.

    `relaxed_to` then says to what: `forms`, quoted words in other forms, or `any`, any of the words.
    """

    q = ma.fields.String(attribute="results.request.q")
    op = ma.fields.String(attribute="results.request.op")
    relaxed = ma.fields.Boolean(attribute="results.relaxed")
    relaxed_to = ma.fields.String(
        attribute="results.relaxed_to", allow_none=True, validate=ma.validate.OneOf(("forms", "any"))
    )
    terms = ma.fields.Nested(TermSchema, many=True, attribute="results.terms")
    filters = ma.fields.Dict(keys=ma.fields.String(), values=texts())
    sort = ma.fields.String(attribute="results.request.order")
    as_of = ma.fields.Date(attribute="results.as_of")


class SuggestionSchema(AnswerSchema):
    """The whole query corrected, when that finds more."""

    q = ma.fields.String(attribute="suggestion.q")
    total = ma.fields.Integer(attribute="suggestion.total")
    url = ma.fields.String()


class LinksSchema(AnswerSchema):
    """The pages of this search and its other forms."""

    self_ = ma.fields.String(data_key="self")
    first = ma.fields.String()
    prev = ma.fields.String(allow_none=True)
    next = ma.fields.String(allow_none=True)
    last = ma.fields.String()
    html = ma.fields.String()


def _links(exports: Iterable[ExportSpec]) -> ma.fields.Nested:
    """Return the field of links, with one for each export."""
    fields: dict[str, ma.fields.Field[Any]] = {
        spec.name: ma.fields.String(attribute=f"exports.{spec.name}") for spec in exports
    }
    return ma.fields.Nested(LinksSchema.from_dict(fields, name="LinksSchema"))


class WarningSchema(AnswerSchema):
    """How text that could not be taken as typed was repaired."""

    code = ma.fields.String()
    message = ma.fields.String()


class IndexSchema(AnswerSchema):
    """The generation of the index that answered."""

    generation = ma.fields.String()
    documents = ma.fields.Integer()
    built_at = Timestamp()


class SearchSchema(AnswerSchema):
    """A page of results with everything that leads on from it; `search_schemas` adds facets and exports."""

    query = ma.fields.Nested(QuerySchema)
    total = ma.fields.Integer(attribute="results.total")
    page = ma.fields.Integer(attribute="results.request.page")
    per_page = ma.fields.Integer(attribute="results.request.per_page")
    pages = ma.fields.Integer(attribute="results.pages")
    results = ma.fields.Nested(HitSchema, many=True, attribute="hits")
    related = ma.fields.Nested(RelatedSchema, many=True)
    facets = ma.fields.Nested(FacetsSchema)
    totals = ma.fields.Nested(TotalsSchema, many=True, attribute="results.totals")
    suggestion = ma.fields.Nested(SuggestionSchema, allow_none=True)
    links = ma.fields.Nested(LinksSchema)
    warnings = ma.fields.Nested(WarningSchema, many=True, attribute="results.warnings")
    index = ma.fields.Nested(IndexSchema, attribute="results.index")
    took_ms = ma.fields.Float(attribute="results.took_ms")


class ExplainedSearchSchema(SearchSchema):
    """A page of results with the parts of each score (`explain=1`)."""

    results = ma.fields.Nested(ExplainedHitSchema, many=True, attribute="hits")


def search_schemas(
    facets: Iterable[FacetSpec], exports: Iterable[ExportSpec]
) -> tuple[AnswerSchema, AnswerSchema]:
    """Return the schemas of a page of results, without and with explanations of scores."""
    fields: dict[str, ma.fields.Field[Any]] = {"facets": facets_field(facets), "links": _links(exports)}
    plain, explained = (
        schema.from_dict(fields, name=schema.__name__)() for schema in (SearchSchema, ExplainedSearchSchema)
    )
    return cast("AnswerSchema", plain), cast("AnswerSchema", explained)


class CompletionSchema(AnswerSchema):
    """A text that completes what was typed; `url` is the search for it, or the project."""

    text = ma.fields.String(attribute="completion.text")
    kind = ma.fields.String(attribute="completion.kind")
    count = ma.fields.Integer(attribute="completion.count")
    url = ma.fields.String()


class CompletionsSchema(AnswerSchema):
    """Completions of what was typed, the likeliest first."""

    q = ma.fields.String()
    completions = ma.fields.Nested(CompletionSchema, many=True)


class ParameterErrorSchema(AnswerSchema):
    """One thing wrong with one parameter."""

    parameter = ma.fields.String()
    code = ma.fields.String()
    message = ma.fields.String()
    value = ma.fields.String()


class ProblemSchema(AnswerSchema):
    """An error, in the form of RFC 9457."""

    type = ma.fields.String()
    title = ma.fields.String()
    status = ma.fields.Integer()
    detail = ma.fields.String()
    instance = ma.fields.String()
    errors = ma.fields.Nested(ParameterErrorSchema, many=True, metadata=OPTIONAL)
