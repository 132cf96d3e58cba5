"""Changes: which of them are asked for, and how they are told."""

from __future__ import annotations

from typing import Any, cast

import marshmallow as ma

from indexer.storage.history.events import EVENT_KINDS
from search_app.request import CHANGES_PER_PAGE, MAX_PER_PAGE, ChangesRequest, Period
from search_app.web.api.schemas import kinds
from search_app.web.api.schemas.arguments import NoParametersSchema, Parameter, Repeatable
from search_app.web.api.schemas.fields import AnswerSchema, Timestamp
from search_app.web.api.schemas.parameters import MAX_QUERY_LENGTH
from search_app.web.api.schemas.responses import IndexSchema, LinksSchema, WarningSchema


class ChangesParametersSchema(NoParametersSchema):
    """The parameters of a list of changes; `changes_parameters` says which there are."""

    @ma.validates_schema(skip_on_field_errors=False)
    def days_are_in_order(self, asked: dict[str, Any], **_options: object) -> None:
        """Refuse a time that ends before it begins."""
        first: Period | None = asked.get("from")
        last: Period | None = asked.get("to")
        if isinstance(first, Period) and isinstance(last, Period) and first.first > last.last:
            message = f"must not be before from ({first.first})"
            raise ma.ValidationError({"to": {"code": "range_inverted", "message": message}})

    def finished(self, asked: dict[str, Any]) -> ChangesRequest:
        """Return the request; raise ValidationError for a time that ends before it begins."""
        self.days_are_in_order(asked)
        request: ChangesRequest = self.request(asked)
        return request

    @ma.post_load
    def request(self, asked: dict[str, Any], **_options: object) -> ChangesRequest:
        """Return the request; kinds are in one order, and all of them are none in particular."""
        named = asked.get("kind", ())
        chosen = tuple(kind for kind in EVENT_KINDS if kind in named)
        return ChangesRequest(
            kinds=() if chosen == EVENT_KINDS else chosen,
            first=asked.get("from"),
            last=asked.get("to"),
            q=asked.get("q", ""),
            page=asked.get("page", 1),
            per_page=asked.get("per_page", CHANGES_PER_PAGE),
        )


def changes_parameters(max_query_length: int = MAX_QUERY_LENGTH) -> ChangesParametersSchema:
    """Return the parameters of a list of changes."""
    fields: dict[str, ma.fields.Field[Any]] = {
        "from": Parameter(kinds.PERIOD, "changes of this date or later"),
        "to": Parameter(kinds.PERIOD, "changes of this date or earlier"),
        "kind": Repeatable(kinds.choice(EVENT_KINDS), "any of these kinds; all when left out"),
        "q": Parameter(kinds.text(max_query_length), "projects that this search finds", default=""),
        "page": Parameter(kinds.PAGE, "the page of changes", default=1),
        "per_page": Parameter(kinds.number(1, MAX_PER_PAGE), "changes a page", default=CHANGES_PER_PAGE),
    }
    return cast("ChangesParametersSchema", ChangesParametersSchema.from_dict(fields)())


class FieldChangeSchema(AnswerSchema):
    """A field with the value it had and the value it has, "" for none; of a long one, a part."""

    field = ma.fields.Function(lambda change: change[0], metadata={"type": "string"})
    before = ma.fields.Function(lambda change: change[1], metadata={"type": "string"})
    after = ma.fields.Function(lambda change: change[2], metadata={"type": "string"})


class ChangeSchema(AnswerSchema):
    """What happened to a project, and when.

    `id` and `title` are null where nobody knows them any more, `url` where the index has the project no
    longer, `fields` where it was not recorded what changed. `returned` is true for one that was there before
    and is there again.
    """

    kind = ma.fields.String(attribute="event.kind", validate=ma.validate.OneOf(EVENT_KINDS))
    at = Timestamp(attribute="event.moment")
    id = ma.fields.String(attribute="event.id", allow_none=True)
    title = ma.fields.String(attribute="event.title", allow_none=True)
    url = ma.fields.String(allow_none=True)
    returned = ma.fields.Boolean(attribute="event.returned")
    # `Schema.fields` means something else.
    fields_ = ma.fields.Nested(
        FieldChangeSchema, many=True, allow_none=True, data_key="fields", attribute="event.fields"
    )


class ChangesLinksSchema(LinksSchema):
    """The pages of this list and its other form."""

    json = ma.fields.String()


class ChangesSchema(AnswerSchema):
    """Additions, changes and removals, the latest day first; on a day by kind.

    `since` is when the history begins, null where there is none; `relaxed` and `warnings` as of
    a search.
    """

    total = ma.fields.Integer(attribute="changes.total")
    page = ma.fields.Integer(attribute="changes.request.page")
    per_page = ma.fields.Integer(attribute="changes.request.per_page")
    pages = ma.fields.Integer(attribute="changes.pages")
    since = Timestamp(attribute="changes.since", allow_none=True)
    relaxed = ma.fields.Boolean(attribute="changes.relaxed")
    results = ma.fields.Nested(ChangeSchema, many=True, attribute="events")
    links = ma.fields.Nested(ChangesLinksSchema)
    warnings = ma.fields.Nested(WarningSchema, many=True, attribute="changes.warnings")
    index = ma.fields.Nested(IndexSchema, attribute="changes.index")
