"""Trees to columns: the path to a value is the name of its column.

{"id": 1, "org": {"name": "Verité"}, "dates": [{"start": 2020}, {"start": 2021}]}
-> {"id": 1, "org.name": "Verité", "dates.start": "2020; 2021"}

What a document database wraps to tell its type, {"$oid": "5f1e"} or {"$date": "2020-01-31"}, is unwrapped;
so is a document that a search engine wraps to tell its id: {"_id": "5f1e", "_source": {"title": "Schools"}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta

# Deeper trees, and more columns, are no record of a grant.
_DEEPEST = 8
_MOST_COLUMNS = 500
# Elasticsearch, OpenSearch and what exports from them call the document in a hit so.
_WRAPPED = "_source"


def inner_path(path: str, name: str, *, is_object: bool = False) -> str:
    """Return the path to a member of the object at `path`; a wrapped object stands at `path` itself."""
    if is_object and name == _WRAPPED:
        return path
    return f"{path}.{name}" if path and name else path or name


def is_nested(record: Mapping[str, object]) -> bool:
    """Return whether a record has objects in it, or lists of them."""
    return any(
        type(value) is dict or (type(value) is list and any(type(one) is dict for one in value))
        for value in record.values()
    )


def is_wrapper(names: Mapping[str, object]) -> bool:
    """Return whether an object only tells the type of a value: its one name begins with a dollar sign."""
    return len(names) == 1 and next(iter(names)).startswith("$")


def unwrapped(value: object) -> object:
    """Return a value without the object that tells its type; {"$date": 1580428800000} -> "2020-01-31"."""
    if type(value) is str:
        return value
    name = ""
    while isinstance(value, Mapping) and is_wrapper(value):
        ((inner, value),) = value.items()
        name = name or inner
    if name == "$date" and isinstance(value, (int, str)):
        # Thousandths of seconds, as a number or as the text of one; anything else is a text already.
        with suppress(ValueError, OverflowError):
            return (date(1970, 1, 1) + timedelta(milliseconds=int(value))).isoformat()
    return value


def flattened(record: Mapping[str, object]) -> dict[str, object]:
    """Return a record with one text or number for each path; of several, the texts joined by "; ".

    Raises ValueError if there are too many paths, or they are too long.
    """
    columns: dict[str, object] = {}
    _add(record, "", columns, _DEEPEST)
    return columns


def _add(value: object, path: str, columns: dict[str, object], depth: int) -> None:
    value = unwrapped(value)
    if isinstance(value, Mapping):
        if not depth:
            raise ValueError("nested too deeply")
        for name, inner in value.items():
            _add(inner, inner_path(path, str(name), is_object=isinstance(inner, Mapping)), columns, depth - 1)
    elif isinstance(value, list):
        if not depth:
            raise ValueError("nested too deeply")
        for inner in value:
            _add(inner, path, columns, depth - 1)
        columns.setdefault(path, None)
    else:
        _put(value, path, columns)


def _put(value: object, path: str, columns: dict[str, object]) -> None:
    before = columns.get(path)
    if before is None:
        if len(columns) >= _MOST_COLUMNS and path not in columns:
            raise ValueError(f"more than {_MOST_COLUMNS} columns")
        columns[path] = value
    elif value is not None and value != "":
        columns[path] = f"{before}; {value}"
