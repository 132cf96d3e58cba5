"""Arguments in: what any address is asked with, read so that everything wrong is found at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from search_app.web.api.schemas import kinds
from search_app.web.api.schemas.kinds import UnreadableError

# More values of one filter than a person can choose; keeps the work of one request bounded.
MAX_VALUES = 50
# As much of a wrong value as is repeated in the answer.
ECHOED_LENGTH = 100
# So many unknown names are compared with the known ones, which takes its time: more are no slips of a hand.
_MOST_COMPARED = 20


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
                errors.append(_unknown(name, values[0], repeatable if len(errors) < _MOST_COMPARED else {}))
        elif repeatable[name]:
            asked[name] = values
        else:
            asked[name] = values[0]
            if len(values) > 1:
                errors.append(ParameterError.of(name, "repeated", "must be given once", values[1]))
    return asked, errors


# What other services call a parameter.
_ELSEWHERE = {
    "query": "q", "search": "q", "text": "q", "term": "q", "keyword": "q", "keywords": "q",
    "limit": "per_page", "size": "per_page", "rows": "per_page", "count": "per_page", "page_size": "per_page",
    "pagesize": "per_page", "order": "sort", "order_by": "sort", "sort_by": "sort", "organization": "grantee",
}  # fmt: skip


def _unknown(name: str, value: str, known: Mapping[str, bool]) -> ParameterError:
    usual = [one for one in (_ELSEWHERE.get(name.lower(), ""),) if one in known]
    nearest = usual or get_close_matches(name.lower(), known, n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    return ParameterError.of(name, "unknown_parameter", f"is not a parameter here{hint}", value)


class Parameter(ma.fields.Field[Any]):
    """A parameter of one of `kinds`."""

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
