"""Parameters in: every parameter of every address, and one reading that finds everything wrong at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self, cast

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from search_app.facets.specs import FacetSpec
from search_app.facets.table import FACETS
from search_app.request import (
    CHARTED_YEARS,
    MAX_PER_PAGE,
    PER_PAGE,
    SORTS,
    TABLE_COLUMNS,
    VIEWS,
    Filters,
    Number,
    Period,
    SearchRequest,
)
from search_app.web.api.schemas import kinds
from search_app.web.api.schemas.kinds import UnreadableError

# A sentence fits; a pasted page does not, and gets an error that says so.
MAX_QUERY_LENGTH = 512
# More values of one filter than a person can choose; keeps the work of one request bounded.
MAX_VALUES = 50
# The parameters that every index has: all others are filters.
NOT_FILTERS = frozenset({one.name for one in dataclasses.fields(SearchRequest)} - {"filters"})
# As much of a wrong value as is repeated in the answer.
ECHOED_LENGTH = 100


@dataclass(frozen=True, slots=True)
class ParameterError:
    """One thing wrong with one parameter, and what was expected."""

    parameter: str
    code: str
    message: str
    value: str

    @classmethod
    def of(cls, parameter: str, code: str, message: str, value: str) -> Self:
        """Return an error that repeats as much of a wrong value as can be shown."""
        return cls(
            kinds.printable(parameter[:ECHOED_LENGTH]), code, message, kinds.printable(value[:ECHOED_LENGTH])
        )


class InvalidParametersError(ValueError):
    """Everything that is wrong with the parameters of a request."""

    def __init__(self, errors: Sequence[ParameterError]) -> None:
        super().__init__("; ".join(f"{error.parameter} {error.message}" for error in errors))
        self.errors = tuple(errors)


def gather(
    arguments: MultiDict[str, str], repeatable: Mapping[str, bool], *, ignore_unknown: bool
) -> tuple[dict[str, Any], list[ParameterError]]:
    """Return the values of known parameters, as lists where `repeatable`, and what is wrong with names."""
    asked: dict[str, Any] = {}
    errors: list[ParameterError] = []
    for name, values in arguments.lists():
        if name not in repeatable:
            if not ignore_unknown:
                errors.append(_unknown(name, values[0], repeatable))
        elif repeatable[name]:
            asked[name] = values
        else:
            asked[name] = values[0]
            if len(values) > 1:
                errors.append(ParameterError.of(name, "repeated", "must be given once", values[1]))
    return asked, errors


def _unknown(name: str, value: str, known: Mapping[str, bool]) -> ParameterError:
    nearest = get_close_matches(name, known, n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    return ParameterError.of(name, "unknown_parameter", f"is not a parameter here{hint}", value)


class Parameter(ma.fields.Field[Any]):
    """A parameter of one of the kinds in `parameters`."""

    def __init__(self, kind: kinds.Kind, meaning: str = "", default: str | int | None = None) -> None:
        default_note = {} if default is None else {"default": default}
        super().__init__(metadata={**kind.described, "description": meaning, **default_note})
        self.kind = kind

    def _deserialize(self, value: str, *_place: object, **_options: object) -> object:
        try:
            return self.kind.read(value)
        except UnreadableError as fault:
            raise _wrong(fault.code, fault.message) from None


class Repeatable(ma.fields.List[Any]):
    """A parameter that may be given several times: any of its values."""

    def __init__(self, kind: kinds.Kind, meaning: str) -> None:
        super().__init__(Parameter(kind), metadata={"description": meaning, "maxItems": MAX_VALUES})
        self.kind = kind

    def _deserialize(
        self, value: list[str], attr: str | None, data: Mapping[str, object] | None, **options: object
    ) -> list[object]:
        if len(value) > MAX_VALUES:
            raise _wrong("too_many", f"must have at most {MAX_VALUES} values")
        return super()._deserialize(value, attr, data, **options)


def _wrong(code: str, message: str) -> ma.ValidationError:
    return ma.ValidationError({"code": code, "message": message})


class NoParametersSchema(ma.Schema):
    """The parameters of an address that takes none; root of the schemas of parameters."""

    def read(self, arguments: MultiDict[str, str], *, ignore_unknown: bool = False) -> object:
        """Return what the arguments ask; raise InvalidParametersError with everything wrong in them."""
        try:
            return self.read_right(arguments)
        except (UnreadableError, ma.ValidationError):
            return self.read_any(arguments, ignore_unknown=ignore_unknown)

    def read_right(self, arguments: MultiDict[str, str]) -> object:
        """Return what arguments ask in which everything is right, the same as `read_any`.

        It asks each kind itself, for marshmallow's walk over all the fields takes longer than the rest of a
        request. Raise UnreadableError or ValidationError if anything is unusual.
        """
        asked: dict[str, Any] = {}
        for name, values in arguments.lists():
            field = self.fields.get(name)
            if isinstance(field, Parameter) and len(values) == 1:
                asked[name] = field.kind.read(values[0])
            elif isinstance(field, Repeatable) and len(values) <= MAX_VALUES:
                asked[name] = [field.kind.read(value) for value in values]
            else:
                raise UnreadableError("unusual", name)
        return self.finished(asked)

    def finished(self, asked: dict[str, Any]) -> object:
        """Return what the parameters ask, each of which has been read."""
        return asked

    def read_any(self, arguments: MultiDict[str, str], *, ignore_unknown: bool) -> object:
        """Return what any arguments ask, read by marshmallow; raise InvalidParametersError."""
        repeatable = {name: isinstance(field, Repeatable) for name, field in self.fields.items()}
        asked, errors = gather(arguments, repeatable, ignore_unknown=ignore_unknown)
        try:
            read = self.load(asked)
        except ma.ValidationError as invalid:
            errors += _faults(invalid.messages_dict, asked)
        if errors:
            order = {name: place for place, name in enumerate(self.fields)}
            raise InvalidParametersError(sorted(errors, key=lambda one: order.get(one.parameter, len(order))))
        return read


def _faults(messages: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[ParameterError]:
    for name, message in messages.items():
        values = asked[name] if isinstance(asked[name], list) else [asked[name]]
        faults = {len(values) - 1: message} if "code" in message else message
        for place, fault in faults.items():
            yield ParameterError.of(name, fault["code"], fault["message"], values[place])


def read_leniently(
    schema: NoParametersSchema, arguments: MultiDict[str, str]
) -> tuple[object, tuple[ParameterError, ...]]:
    """Return what is asked, leaving out the parameters that are wrong, and what is wrong with them.

    Raise InvalidParametersError where the words themselves are wrong: without them it is another search.
    """
    try:
        return schema.read(arguments, ignore_unknown=True), ()
    except InvalidParametersError as invalid:
        wrong = {error.parameter for error in invalid.errors}
        if "q" in wrong:
            raise
        left = MultiDict(pair for pair in arguments.items(multi=True) if pair[0] not in wrong)
        return schema.read(left, ignore_unknown=True), invalid.errors


class SearchParametersSchema(NoParametersSchema):
    """The parameters of a search, the same for every face of it; `search_parameters` says which there are."""

    @ma.validates_schema(skip_on_field_errors=False)
    def ranges_are_in_order(self, asked: dict[str, Any], **_options: object) -> None:
        """Refuse the ranges that end before they begin."""
        inverted = {}
        for name in [one.removesuffix("_from") for one in asked if one.endswith("_from")]:
            first: Period | Number = asked[f"{name}_from"]
            last: Period | Number | None = asked.get(f"{name}_to")
            if isinstance(first, Number):
                if isinstance(last, Number) and first.value > last.value:
                    message = f"must not be below {name}_from ({first})"
                    inverted[f"{name}_to"] = {"code": "range_inverted", "message": message}
            elif isinstance(last, Period) and first.first > last.last:
                message = f"must not be before {name}_from ({first.first})"
                inverted[f"{name}_to"] = {"code": "range_inverted", "message": message}
        if inverted:
            raise ma.ValidationError(inverted)

    def finished(self, asked: dict[str, Any]) -> SearchRequest:
        """Return the request; raise ValidationError for a range that ends before it begins."""
        self.ranges_are_in_order(asked)
        request: SearchRequest = self.request(asked)
        return request

    @ma.post_load
    def request(self, asked: dict[str, Any], **_options: object) -> SearchRequest:
        """Return the request; what is no parameter of every search is a filter."""
        filters = {
            name: value if isinstance(value, list) else [value]
            for name, value in asked.items()
            if name not in NOT_FILTERS
        }
        others = {name: value for name, value in asked.items() if name in NOT_FILTERS}
        if "columns" in others:
            others["columns"] = tuple(dict.fromkeys(others["columns"]))
        return SearchRequest(filters=Filters.of(filters), **others)


def search_parameters(
    specs: Sequence[FacetSpec],
    max_query_length: int = MAX_QUERY_LENGTH,
    max_per_page: int = MAX_PER_PAGE,
) -> SearchParametersSchema:
    """Return the parameters of a search in an index with these facets, within the limits that are set."""
    fields = {
        "q": Parameter(
            kinds.text(max_query_length), "the words to search for; empty browses everything", default=""
        ),
        "op": Parameter(kinds.choice(("and", "or")), "all words, or any of them", default="and"),
        "expand": Parameter(kinds.FLAG, "1 also searches other spellings, plurals and acronyms", default="1"),
        **_filters(specs),
        "as_of": Parameter(kinds.DAY, "the day that status is computed for; today (UTC) when left out"),
        "sort": Parameter(
            kinds.choice((*SORTS, *own_sorts(specs))),
            "relevance when there is a query, else -start_date; unknown values last both ways",
        ),
        "page": Parameter(kinds.PAGE, "the page of results", default=1),
        "per_page": Parameter(kinds.number(1, max_per_page), "results a page", default=PER_PAGE),
        "facets": Parameter(
            kinds.facet_list([spec.name for spec in specs], [spec.name for spec in specs if spec.counted]),
            "the facets to count, as a comma list, or none; those of the page when left out",
        ),
        "explain": Parameter(kinds.FLAG, "1 adds the parts of each score", default="0"),
        "view": Parameter(
            kinds.choice(VIEWS), "how a page shows the hits; data has all of them", default="list"
        ),
        "columns": Repeatable(kinds.choice(columns_of(specs)), "the columns of a table on a page"),
        "chart": Parameter(kinds.choice(CHARTED_YEARS), "the years in the chart of a page"),
    }
    return cast("SearchParametersSchema", SearchParametersSchema.from_dict(fields)())


def columns_of(specs: Iterable[FacetSpec]) -> tuple[str, ...]:
    """Return the columns that a table of hits may have beside the title, in their order."""
    return (*TABLE_COLUMNS, *(spec.name for spec in specs if spec not in FACETS))


def own_sorts(specs: Iterable[FacetSpec]) -> Iterator[str]:
    """Yield the orders by fields of the index that have one value a project, downwards first."""
    for spec in specs:
        if spec.sorts:
            yield from (f"-{spec.name}", spec.name)


def _filters(specs: Sequence[FacetSpec]) -> dict[str, ma.fields.Field[Any]]:
    """Return the parameters of facets; raise ValueError for two of one name."""
    fields: dict[str, ma.fields.Field[Any]] = {}
    for one in (parameter for spec in specs for parameter in spec.parameters()):
        if one.name in fields or one.name in NOT_FILTERS:
            raise ValueError(f"two parameters are called {one.name}: give the facet another name")
        kind = kinds.of(one)
        fields[one.name] = Repeatable(kind, one.meaning) if one.repeatable else Parameter(kind, one.meaning)
    return fields


class SuggestParametersSchema(NoParametersSchema):
    """The parameters of completions."""

    q = Parameter(kinds.text(MAX_QUERY_LENGTH), "what has been typed so far", default="")
