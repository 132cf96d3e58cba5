"""Whether values that were read from a file have the types that their dataclasses declare."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

_hints = cache(get_type_hints)


def is_typed(value: object, declared: object) -> bool:
    """Tell whether a value is of a declared type, all the way down: (1, "a") is no tuple[str, ...]."""
    origin, arguments = get_origin(declared), get_args(declared)
    if origin is tuple:
        return type(value) is tuple and _are_typed(value, arguments)
    if origin is Literal:
        return value in arguments
    if origin is UnionType:
        return any(is_typed(value, one) for one in arguments)
    if isinstance(declared, type) and is_dataclass(declared):
        hints = _hints(declared)
        return type(value) is declared and all(
            is_typed(getattr(value, field.name), hints[field.name]) for field in fields(declared)
        )
    return type(value) is declared or (declared is float and type(value) is int)


def _are_typed(values: tuple[object, ...], declared: tuple[Any, ...]) -> bool:
    if declared[-1] is Ellipsis:
        return all(is_typed(value, declared[0]) for value in values)
    return len(values) == len(declared) and all(map(is_typed, values, declared))
