"""How answers are dumped: a function derived once from each schema.

It gives what `Schema.dump` gives at the speed of plain Python. A page of results has about 700 values,
for which marshmallow needs longer than the search itself takes. So a schema is written out as the one
expression that somebody who had no schema would write by hand, and compiled; days and tuples are left
as they are, for they have one form in JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import marshmallow as ma
import orjson

from search_app.results import Snippet
from search_app.web.highlighting import html_text

# Digits of a score that say something; float32 has seven.
SCORE_DIGITS = 4

# Marks a field that is there only when its mapping has it.
OPTIONAL = {"optional": True}

# Fields whose values are JSON already, or have one form in it that orjson writes.
_AS_THEY_ARE = (
    ma.fields.String,
    ma.fields.Integer,
    ma.fields.Float,
    ma.fields.Boolean,
    ma.fields.Date,
    ma.fields.Dict,
)


class AnswerSchema(ma.Schema):
    """Root of what goes out: whoever checks an answer finds every field there that is not `optional`."""

    def on_bind_field(self, _name: str, field: ma.fields.Field[Any]) -> None:
        """Make the field required in the OpenAPI document."""
        field.required = not field.metadata.get("optional")


class Converted(ma.fields.Field[Any]):
    """A field whose values are converted by one function, whoever dumps them."""

    convert: ClassVar[Callable[[Any], object]]

    def _serialize(self, value: object, *_place: object, **_options: object) -> object:
        return None if value is None else type(self).convert(value)


class Html(Converted):
    """A snippet as HTML: escaped text and `<mark>`, nothing else."""

    convert: ClassVar[Callable[[Snippet], str]] = staticmethod(html_text)

    def __init__(self) -> None:
        super().__init__(metadata={"type": "string"})


def _rounded(score: float) -> float:
    return round(score, SCORE_DIGITS)


class Score(Converted, ma.fields.Float):  # type: ignore[misc]
    """A score without the digits that say nothing."""

    convert: ClassVar[Callable[[float], float]] = staticmethod(_rounded)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Timestamp(Converted, ma.fields.DateTime):  # type: ignore[misc]
    """A moment in UTC with `Z`."""

    convert: ClassVar[Callable[[datetime], str]] = staticmethod(_moment)


def texts(*, attribute: str | None = None, data_key: str | None = None) -> ma.fields.List[str]:
    """Return a field of a list of texts."""
    return ma.fields.List(ma.fields.String(), attribute=attribute, data_key=data_key)


def as_json(document: object) -> bytes:
    """Return a dumped document as JSON in UTF-8."""
    return orjson.dumps(document)


def dumper(schema: ma.Schema) -> Callable[[object], dict[str, Any]]:
    """Return a function that dumps what `schema` dumps, for `as_json`."""
    writer = _Writer()
    source = f"lambda answer: {writer.mapping(schema, 'answer')}"
    # The source is made of the names in our own schemas and of nothing else.
    dump: Callable[[object], dict[str, Any]] = eval(source, writer.names)  # noqa: S307
    return dump


@dataclass(slots=True)
class _Writer:
    """Writes the expression that dumps; `names` are the functions and marks that it uses."""

    names: dict[str, Any] = field(default_factory=lambda: {"missing": ma.missing})
    variables: int = 0

    def mapping(self, schema: ma.Schema, place: str) -> str:
        """Return the expression of the dictionary that `schema` makes of what stands at `place`."""
        pairs = [self._pair(name, one, place) for name, one in schema.dump_fields.items()]
        return f"{{{', '.join(pairs)}}}"

    def _pair(self, name: str, one: ma.fields.Field[Any], place: str) -> str:
        key, source = repr(one.data_key or name), one.attribute or name
        if one.required:
            return f"{key}: {self._value(one, f'{place}.{source}')}"
        variable = self._variable()
        found = f"({variable} := {place}.get({source!r}, missing)) is not missing"
        return f"**({{{key}: {self._value(one, variable)}}} if {found} else {{}})"

    def _value(self, one: ma.fields.Field[Any], place: str) -> str:
        written = self._known(one, place)
        return f"None if {place} is None else {written}" if one.allow_none and written != place else written

    def _known(self, one: ma.fields.Field[Any], place: str) -> str:
        """Return the expression of a value that is not None."""
        match one:
            case ma.fields.Pluck():
                plucked = one.schema.fields[one.field_name]
                return self._each(place, lambda each: f"{each}.{plucked.attribute or one.field_name}")
            case ma.fields.Nested(many=True):
                return self._each(place, lambda each: self.mapping(one.schema, each))
            case ma.fields.Nested():
                return self.mapping(one.schema, place)
            case ma.fields.List():
                return self._each(place, lambda each: self._value(one.inner, each))
            case Converted():
                name = type(one).__name__
                self.names[name] = type(one).convert
                return f"{name}({place})"
        if type(one) in _AS_THEY_ARE:
            return place
        raise TypeError(f"{type(one).__name__} has no way to be dumped; make it Converted")

    def _each(self, place: str, write: Callable[[str], str]) -> str:
        variable = self._variable()
        written = write(variable)
        return place if written == variable else f"[{written} for {variable} in {place}]"

    def _variable(self) -> str:
        self.variables += 1
        return f"each{self.variables}"
