"""What the schemas of answers are made of: their root, and the fields that marshmallow has not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import marshmallow as ma

from search_app.results import Fields, Snippet
from search_app.web.api.json_values import moment, own_fields, rounded
from search_app.web.highlighting import html_text

# Marks a field that is there only when its mapping has it.
OPTIONAL = {"optional": True}


class AnswerSchema(ma.Schema):
    """Root of what goes out: whoever checks an answer finds every field there that is not `optional`."""

    def on_bind_field(self, _name: str, field: ma.fields.Field[Any]) -> None:
        """Make the field required in the OpenAPI document."""
        field.required = not field.metadata.get("optional")


class Html(ma.fields.Field[Snippet]):
    """A snippet as HTML: escaped text and `<mark>`, nothing else."""

    def __init__(self) -> None:
        super().__init__(metadata={"type": "string"})

    def _serialize(self, value: Snippet | None, *_path: object, **_options: object) -> str | None:
        return None if value is None else html_text(value)


class Score(ma.fields.Float):
    """A score without the digits that say nothing."""

    def _serialize(self, value: float | None, *_path: object, **_options: object) -> float | None:
        return None if value is None else rounded(value)


class OwnFields(ma.fields.Dict):
    """The own fields of a project, by the names that they have as parameters."""

    def __init__(self, attribute: str) -> None:
        kinds = "a list of texts, an amount with its currency, a number, a day or a text"
        described = {"description": f"fields of the index that are its own, each {kinds}"}
        super().__init__(keys=ma.fields.String(), data_key="fields", attribute=attribute, metadata=described)

    def _serialize(self, value: Fields | None, *_path: object, **_options: object) -> dict[str, Any] | None:
        return None if value is None else own_fields(value)


class Timestamp(ma.fields.DateTime):
    """A moment in UTC with `Z`."""

    def _serialize(self, value: datetime | None, *_path: object, **_options: object) -> str | None:
        return None if value is None else moment(value)


def texts(*, attribute: str | None = None, data_key: str | None = None) -> ma.fields.List[str]:
    """Return a field of a list of texts."""
    return ma.fields.List(ma.fields.String(), attribute=attribute, data_key=data_key)
