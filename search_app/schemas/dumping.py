"""How answers are dumped: a function derived once from each schema.

It gives the same as `Schema.dump` at the speed of plain Python. A page of results has about 700 values,
for which marshmallow needs longer than the search itself takes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

import marshmallow as ma
import orjson

from search_app.marks import html_text
from search_app.results import Snippet

# Digits of a score that say something; float32 has seven.
SCORE_DIGITS = 4

# Marks a field that is there only when its mapping has it.
OPTIONAL = {"optional": True}

Convert = Callable[[Any], Any]


class AnswerSchema(ma.Schema):
    """Root of what goes out: whoever checks an answer finds every field there that is not `optional`."""

    def on_bind_field(self, _name: str, field: ma.fields.Field[Any]) -> None:
        """Make the field required in the OpenAPI document."""
        field.required = not field.metadata.get("optional")


class Html(ma.fields.Field[Snippet]):
    """A snippet as HTML: escaped text and `<mark>`, nothing else."""

    def __init__(self) -> None:
        super().__init__(metadata={"type": "string"})

    def _serialize(self, value: Snippet | None, *_place: object, **_options: object) -> str | None:
        return None if value is None else html_text(value)


class Score(ma.fields.Float):
    """A score without the digits that say nothing."""

    def _serialize(self, value: float | None, *_place: object, **_options: object) -> float | None:
        return None if value is None else round(value, SCORE_DIGITS)


class Timestamp(ma.fields.DateTime):
    """A moment in UTC with `Z`."""

    def _serialize(self, value: datetime | None, *_place: object, **_options: object) -> str | None:
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def texts(*, attribute: str | None = None, data_key: str | None = None) -> ma.fields.List[str]:
    """Return a field of a list of texts."""
    return ma.fields.List(ma.fields.String(), attribute=attribute, data_key=data_key)


def as_json(document: object) -> bytes:
    """Return a dumped document as JSON in UTF-8."""
    return orjson.dumps(document)


def dumper(schema: ma.Schema) -> Callable[[object], dict[str, Any]]:
    """Return a function that dumps what `schema` dumps."""
    plan = [
        (field.data_key or name, _reading(field, field.attribute or name), _conversion(field))
        for name, field in schema.dump_fields.items()
    ]

    def _dump(answer: object) -> dict[str, Any]:
        dumped = {}
        for key, read, convert in plan:
            value = read(answer)
            if value is not ma.missing:
                dumped[key] = value if convert is None or value is None else convert(value)
        return dumped

    return _dump


def _reading(field: ma.fields.Field[Any], name: str) -> Convert:
    if field.required:
        return attrgetter(name)
    return lambda mapping: mapping.get(name, ma.missing)


def _conversion(field: ma.fields.Field[Any]) -> Convert | None:
    """Return what turns a value of `field` into JSON; None where the value is JSON already."""
    match field:
        case ma.fields.Pluck():
            return _each(attrgetter(field.schema.fields[field.field_name].attribute or field.field_name))
        case ma.fields.Nested():
            dump = dumper(field.schema)
            return _each(dump) if field.many else dump
        case ma.fields.List():
            inner = _conversion(field.inner)
            return _each(inner) if inner else list
        case ma.fields.Date():
            return date.isoformat
    if type(field) in (ma.fields.String, ma.fields.Integer, ma.fields.Float, ma.fields.Boolean):
        return None
    return lambda value: field._serialize(value, None, None)


def _each(convert: Convert) -> Convert:
    return lambda values: [convert(value) for value in values]
