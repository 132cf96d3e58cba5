"""Projects out: alone, as a hit, as a neighbour."""

from __future__ import annotations

import marshmallow as ma

from search_app.backend.returned import DESCRIPTION_LENGTH
from search_app.web.api.schemas.fields import AnswerSchema, Html, OwnFields, Score, Timestamp, texts


def _cut(attribute: str) -> ma.fields.Boolean:
    meaning = (
        f"whether the description has more than {DESCRIPTION_LENGTH:,} characters: the project has the whole"
    )
    return ma.fields.Boolean(attribute=attribute, metadata={"description": meaning})


class ProjectSchema(AnswerSchema):
    """A project; dates that are not known are null."""

    id = ma.fields.String(attribute="project.id")
    url = ma.fields.String(metadata={"description": "address of its page"})
    title = ma.fields.String(attribute="project.title")
    description = ma.fields.String(attribute="project.description")
    grantee = ma.fields.String(attribute="project.grantee")
    start_date = ma.fields.Date(attribute="project.start", allow_none=True)
    end_date = ma.fields.Date(attribute="project.end", allow_none=True)
    status = ma.fields.String()


def _moment(attribute: str, meaning: str) -> Timestamp:
    described = f"{meaning}; null where the history of the index does not know"
    return Timestamp(attribute=attribute, allow_none=True, metadata={"description": described})


def _first_seen(attribute: str) -> Timestamp:
    return _moment(attribute, "when it was first seen in the index")


def _last_changed(attribute: str) -> Timestamp:
    return _moment(attribute, "when its content last changed in the index, after it was first seen")


class FullProjectSchema(ProjectSchema):
    """A project with the day its status is for and the other columns of its source."""

    first_seen = _first_seen("when.first_seen")
    last_changed = _last_changed("when.last_changed")
    as_of = ma.fields.Date()
    fields_ = OwnFields("fields")
    extra = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())


class HighlightsSchema(AnswerSchema):
    """Fields of a hit as HTML, with what matched in `<mark>`."""

    title = Html()
    description = ma.fields.List(Html(), metadata={"description": "whole sentences around the matches"})
    grantee = Html()
    fields_ = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(Html()),
        data_key="fields",
        attribute="own",
        metadata={"description": "values of own fields in which the query stands"},
    )


class TermMatchSchema(AnswerSchema):
    """The words through which a part of the query matched, and the fields they stand in.

    `degree` is that of the nearest: 1 as written, 2 another form of the word, 3 for the same thing.
    """

    term = ma.fields.String(attribute="text")
    words = texts()
    in_ = texts(data_key="in", attribute="fields")
    degree = ma.fields.Integer()


class MatchedSchema(AnswerSchema):
    """Which parts of the query a hit has, through what, and which it lacks."""

    terms = ma.fields.Pluck(TermMatchSchema, "term", many=True, dump_only=True)
    missing = texts()
    through = ma.fields.Nested(TermMatchSchema, many=True, attribute="terms")


class ScorePartSchema(AnswerSchema):
    """A share of a score; `field` is null for a bonus of the whole project."""

    name = ma.fields.String()
    field = ma.fields.String(allow_none=True)
    score = Score()


class HitSchema(ProjectSchema):
    """A project that was found, and why; `meaning` is how near it is, null where only words count."""

    description_cut = _cut("hit.description_cut")
    score = Score(attribute="hit.score")
    highlights = ma.fields.Nested(HighlightsSchema, attribute="hit")
    matched = ma.fields.Nested(MatchedSchema, attribute="hit.matched")
    meaning = Score(attribute="hit.meaning", allow_none=True)
    fields_ = OwnFields("hit.fields")
    first_seen = _first_seen("hit.when.first_seen")
    last_changed = _last_changed("hit.when.last_changed")


class ExplainedHitSchema(HitSchema):
    """A hit with its score in parts (`explain=1`)."""

    explanation = ma.fields.Nested(ScorePartSchema, many=True, attribute="hit.explanation")


class RelatedSchema(ProjectSchema):
    """A project that was not found by words: how near it is in meaning, and its nearest sentence."""

    description_cut = _cut("similar.description_cut")
    meaning = Score(attribute="similar.score")
    sentence = ma.fields.String(attribute="similar.sentence")


class SimilarSchema(ProjectSchema):
    """A near project and the words it shares, none if it is only near in meaning."""

    description_cut = _cut("similar.description_cut")
    score = Score(attribute="similar.score")
    terms = texts(attribute="similar.terms")


class SimilarsSchema(AnswerSchema):
    """The nearest projects, nearest first."""

    id = ma.fields.String()
    results = ma.fields.Nested(SimilarSchema, many=True)
