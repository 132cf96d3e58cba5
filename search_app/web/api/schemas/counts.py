"""What is counted over a result, going out: facets with their buckets, and totals of money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import marshmallow as ma

from search_app.facets.specs import FacetSpec
from search_app.web.api.schemas.fields import OPTIONAL, AnswerSchema


class BucketSchema(AnswerSchema):
    """A value of a facet; `url` is the search with the value chosen, or no longer chosen."""

    value = ma.fields.String(attribute="bucket.value")
    label = ma.fields.String(attribute="bucket.label")
    count = ma.fields.Integer(attribute="bucket.count")
    selected = ma.fields.Boolean(attribute="bucket.selected")
    url = ma.fields.String()


class RangeBucketSchema(BucketSchema):
    """A bucket of years, with its first and last day."""

    from_ = ma.fields.Date(data_key="from", attribute="bucket.first")
    to = ma.fields.Date(attribute="bucket.last")


class NumberBucketSchema(BucketSchema):
    """A bucket of numbers: from the first up to, but without, the second; null is without end."""

    from_ = ma.fields.Float(data_key="from", attribute="bucket.low", allow_none=True)
    to = ma.fields.Float(attribute="bucket.high", allow_none=True)


class FacetSchema(AnswerSchema):
    """What all facets have; each is counted with every filter but its own."""

    type = ma.fields.String(attribute="facet.type")
    label = ma.fields.String(attribute="facet.label")


class RangeFacetSchema(FacetSchema):
    """A facet of years; `unknown` counts the matches without the date."""

    # `Schema.unknown` means something else.
    unknown_ = ma.fields.Integer(data_key="unknown", attribute="facet.unknown")
    buckets = ma.fields.Nested(RangeBucketSchema, many=True)


class NumberFacetSchema(FacetSchema):
    """A facet of ranges of numbers; `unknown` counts the matches without one."""

    unknown_ = ma.fields.Integer(data_key="unknown", attribute="facet.unknown")
    buckets = ma.fields.Nested(NumberBucketSchema, many=True)


class TermsFacetSchema(FacetSchema):
    """A facet of words; `more` is the number of values that are not listed."""

    more = ma.fields.Integer(attribute="facet.more")
    buckets = ma.fields.Nested(BucketSchema, many=True)


class FacetsSchema(AnswerSchema):
    """The facets that were asked for, by name."""


def facets_field(specs: Iterable[FacetSpec]) -> ma.fields.Nested:
    """Return the field of the facets of an index, each of which is there when it was asked for."""
    schemas = {"years": RangeFacetSchema, "range": NumberFacetSchema}
    fields: dict[str, ma.fields.Field[Any]] = {
        spec.name: ma.fields.Nested(schemas.get(spec.reads, TermsFacetSchema), metadata=OPTIONAL)
        for spec in specs
    }
    return ma.fields.Nested(FacetsSchema.from_dict(fields, name="FacetsSchema"))


class YearTotalSchema(AnswerSchema):
    """The amounts of the projects that started in one year, null where the start is unknown."""

    year = ma.fields.Integer(allow_none=True)
    count = ma.fields.Integer()
    sum = ma.fields.Float()


class TotalSchema(AnswerSchema):
    """The amounts in one currency; "" where the source does not say which."""

    currency = ma.fields.String()
    count = ma.fields.Integer()
    sum = ma.fields.Float()
    average = ma.fields.Float()
    median = ma.fields.Float()
    years = ma.fields.Nested(YearTotalSchema, many=True)


class TotalsSchema(AnswerSchema):
    """What the whole result has in one money field, per currency; `unknown` projects state no amount."""

    field = ma.fields.String()
    label = ma.fields.String()
    totals = ma.fields.Nested(TotalSchema, many=True)
    # `Schema.unknown` means something else.
    unknown_ = ma.fields.Integer(data_key="unknown", attribute="unknown")
