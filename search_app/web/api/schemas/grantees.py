"""Grantees: which of them are asked for, and what is told of them."""

from __future__ import annotations

import marshmallow as ma

from search_app.web.api.schemas import kinds
from search_app.web.api.schemas.arguments import NoParametersSchema, Parameter
from search_app.web.api.schemas.counts import TotalsSchema
from search_app.web.api.schemas.fields import AnswerSchema, texts
from search_app.web.api.schemas.parameters import MAX_QUERY_LENGTH
from search_app.web.api.schemas.responses import IndexSchema

PER_PAGE, MOST_PER_PAGE = 50, 200


class GranteesParametersSchema(NoParametersSchema):
    """The parameters of a list of grantees."""

    q = Parameter(
        kinds.text(MAX_QUERY_LENGTH), "words that the name has, each at the beginning of a word", default=""
    )
    page = Parameter(kinds.PAGE, "the page of grantees", default=1)
    per_page = Parameter(kinds.number(1, MOST_PER_PAGE), "grantees a page", default=PER_PAGE)


class GranteeSchema(AnswerSchema):
    """A grantee by exactly this name, and the number of its projects."""

    name = ma.fields.String()
    slug = ma.fields.String()
    url = ma.fields.String(metadata={"description": "address of its page"})
    projects = ma.fields.Integer()


class GranteesLinksSchema(AnswerSchema):
    """The pages of this list."""

    self_ = ma.fields.String(data_key="self")
    prev = ma.fields.String(allow_none=True)
    next = ma.fields.String(allow_none=True)


class GranteesSchema(AnswerSchema):
    """Grantees by the letters of their names, case, marks and punctuation left aside."""

    q = ma.fields.String()
    total = ma.fields.Integer()
    page = ma.fields.Integer()
    per_page = ma.fields.Integer()
    results = ma.fields.Nested(GranteeSchema, many=True)
    links = ma.fields.Nested(GranteesLinksSchema)
    index = ma.fields.Nested(IndexSchema)


class GranteeWordSchema(AnswerSchema):
    """A word that tells a grantee apart, how many of its projects have it, and the search for them."""

    word = ma.fields.String()
    projects = ma.fields.Integer()
    url = ma.fields.String()


class NearGranteeSchema(GranteeSchema):
    """A grantee whose projects have the same words."""

    words = texts()


class YearCountSchema(AnswerSchema):
    """How many projects were active in a year."""

    year = ma.fields.Integer()
    projects = ma.fields.Integer()


class ProfileLinksSchema(AnswerSchema):
    """The page of a grantee, and its projects as a search."""

    html = ma.fields.String()
    search = ma.fields.String()


class ProfileSchema(GranteeSchema):
    """What is told of a grantee.

    `first_year` is the one in which its first project started, null where no start is known; `active` counts
    those that are active on the day `as_of`. `alike` are names that differ in case, marks and punctuation
    alone.
    """

    first_year = ma.fields.Integer(allow_none=True)
    active = ma.fields.Integer()
    as_of = ma.fields.Date()
    totals = ma.fields.Nested(TotalsSchema, many=True)
    years = ma.fields.Nested(YearCountSchema, many=True)
    words = ma.fields.Nested(GranteeWordSchema, many=True)
    alike = ma.fields.Nested(GranteeSchema, many=True)
    similar = ma.fields.Nested(NearGranteeSchema, many=True)
    links = ma.fields.Nested(ProfileLinksSchema)
    index = ma.fields.Nested(IndexSchema)
