"""Trees to columns: the path to a value is the name of its column.

{"id": 1, "org": {"name": "Verité"}, "dates": [{"start": 2020}, {"start": 2021}]}
-> {"id": 1, "org.name": "Verité", "dates.start": "2020; 2021"}

What a document database wraps to tell its type, {"$oid": "5f1e"} or {"$date": "2020-01-31"}, is unwrapped;
so is a document that a search engine wraps to tell its id: {"_id": "5f1e", "_source": {"title": "Schools"}};
so are the terms of linked data: {"type": "literal", "xml:lang": "en", "value": "Schools"}, and days in
parts: {"date-parts": [[2019, 11, 1]]}; and the typed values of DynamoDB and Firestore, {"S": "Schools"},
{"stringValue": "Schools"}; and the properties of a page of Notion:
{"id": "a", "type": "select", "select": {"name": "Peru"}}; and ranges of days as Drupal gives them:
{"value": "2019-10-01", "end_value": "2023-09-30"}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta

from indexer.corpus.fields import field_of

# Objects in objects that are deeper, and more columns, are no record of a grant.
_DEEPEST = 12
_MOST_COLUMNS = 500
# Elasticsearch, OpenSearch and what exports from them call the document in a hit so.
_WRAPPED = "_source"
# And a line of an export of DynamoDB.
_LINE = "Item"
# How DynamoDB and Firestore tell the type of a value, by what it is written as; and of an object.
_TYPED: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("S", "N", "B", "stringValue", "integerValue", "timestampValue", "referenceValue"), str),
    **dict.fromkeys(("SS", "NS", "L"), list),
    **dict.fromkeys(("BOOL", "booleanValue"), bool),
    "doubleValue": (int, float),
    "arrayValue": dict,
}
_NOTHING = ("NULL", "nullValue")
_TYPED_OBJECTS = ("M", "mapValue")
# Fields of which a project has one.
_SINGLE = ("title", "id")
# How answers to SPARQL write a term: what it is, its value, and perhaps its language or type of data.
TERMS = frozenset(["uri", "literal", "typed-literal", "bnode"])
# How records of literature (CSL, Crossref) write a day, beside other forms of it.
DATE_PARTS = "date-parts"
# A range of days in Drupal, which has the last one behind the value that any field has.
_FIRST, _LAST = "value", "end_value"
_TERM_NEEDS = frozenset(["type", "value"])
_TERM_MAY_HAVE = _TERM_NEEDS | {"xml:lang", "datatype"}


def inner_path(path: str, name: str, *, is_object: bool = False) -> str:
    """Return the path to a member of the object at `path`; a wrapped object stands at `path` itself."""
    if is_object and (name == _WRAPPED or name in (_TYPED_OBJECTS if path else (_LINE,))):
        return path
    return f"{path}.{name}" if path and name else path or name


def is_nested(record: Mapping[str, object]) -> bool:
    """Return whether a record has objects in it, or lists of them."""
    return any(
        type(value) is dict or (type(value) is list and any(type(one) is dict for one in value))
        for value in record.values()
    )


def is_wrapper(names: Mapping[str, object]) -> bool:
    """Return whether an object only tells the type of a value, as databases do: {"$oid": "5f1e"}."""
    if len(names) != 1:
        return False
    (name,) = names
    return name.startswith("$") or name in _TYPED or name in _NOTHING


def is_term(names: Iterable[str], kind: object) -> bool:
    """Return whether an object with members of these names is a term of linked data of a `kind`."""
    return isinstance(kind, str) and kind in TERMS and _TERM_NEEDS <= {*names} <= _TERM_MAY_HAVE


def unwrapped(value: object) -> object:
    """Return a value without the object that tells its type; {"$date": 1580428800000} -> "2020-01-31"."""
    if type(value) is str:
        return value
    name = ""
    while isinstance(value, Mapping) and is_wrapper(value):
        ((inner, within),) = value.items()
        if inner in _NOTHING:
            return None
        if inner in _TYPED and not isinstance(within, _TYPED[inner]):
            return value
        name, value = name or inner, within.get("values", []) if inner == "arrayValue" else within
    if isinstance(value, Mapping) and is_term(value, value.get("type")):
        return value["value"]
    if isinstance(value, Mapping) and DATE_PARTS in value:
        return _days_of(value[DATE_PARTS])
    if isinstance(value, Mapping) and {_FIRST, _LAST} <= value.keys():
        return _span(value[_FIRST], value[_LAST])
    if isinstance(value, Mapping) and is_property(value, value.get("type")):
        return _property(value[value["type"]])
    if name == "$date" and isinstance(value, (int, str)):
        # Thousandths of seconds, as a number or as the text of one; anything else is a text already.
        with suppress(ValueError, OverflowError):
            return (date(1970, 1, 1) + timedelta(milliseconds=int(value))).isoformat()
    return value


def is_property(names: Iterable[str], kind: object) -> bool:
    """Return whether an object with members of these names is a property of a `kind`, as Notion gives it."""
    return isinstance(kind, str) and {name.partition(".")[0] for name in names} == {"id", "type", kind}


def _property(value: object) -> object:
    """Return what a property says: texts without their marks, names of choices, days of a span."""
    if isinstance(value, list):
        texts = [one.get("plain_text") if isinstance(one, Mapping) else None for one in value]
        if texts and all(isinstance(text, str) for text in texts):
            return "".join(map(str, texts))
        return [*map(_property, value)]
    if isinstance(value, Mapping) and "start" in value and "end" in value:
        return _span(value["start"], value["end"])
    return value.get("name", value) if isinstance(value, Mapping) else value


def _span(*days: object) -> str:
    return " - ".join(str(day) for day in days if day)


def _days_of(parts: object) -> str:
    """Return the day, month or year that numbers give, or two of them: [[2019, 11, 1]] -> "2019-11-01"."""
    if not isinstance(parts, list):
        return "" if parts is None else str(parts)
    if any(isinstance(one, list) for one in parts):
        return " - ".join(filter(None, map(_days_of, parts)))
    return "-".join(str(one).zfill(2) for one in parts if one is not None)


def flattened(record: Mapping[str, object]) -> dict[str, object]:
    """Return a record with one text or number for each path; of several, the texts joined by "; ".

    Of several titles or ids one is that of the project, and the others have a column beside it:
    {"title": ["Gold", "Oro"]} -> {"title": "Gold", "title (others)": "Oro"}. Raises ValueError if there are
    too many paths, or they are too long.
    """
    found: dict[str, list[object]] = {}
    _add(record, "", found, _DEEPEST)
    columns: dict[str, object] = {}
    for path, values in found.items():
        columns.update(_one_of(path, values))
    return columns


def with_one_title(record: dict[str, object]) -> dict[str, object]:
    """Return a record with one title and one id, as `flattened` does; its other values stay as they are."""
    several = {name: value for name, value in record.items() if _are_several(name, value)}
    if not several:
        return record
    found: dict[str, object] = {}
    for name, value in record.items():
        found.update(_one_of(name, value) if name in several and isinstance(value, list) else {name: value})
    return found


def _are_several(name: str, value: object) -> bool:
    is_list = type(value) is list and all(type(one) is str for one in value)
    return is_list and field_of(name)[1] in _SINGLE


def _one_of(path: str, values: list[object]) -> dict[str, object]:
    """Return what several values at a path are as columns: joined, or one title or id, and the others."""
    said = [value for value in values if value is not None and value != ""]
    if len(said) < 2:
        return {path: said[0] if said else next(iter(values), None)}
    field = field_of(path)[1]
    if field not in _SINGLE:
        return {path: "; ".join(map(str, said))}
    # An address is an id as well, but the surer one is what the publisher numbers.
    first = next((one for one in said if field == "title" or "://" not in str(one)), said[0])
    said.remove(first)
    others = [str(one) for one in dict.fromkeys(said) if one != first]
    return {path: first, f"{path} (others)": "; ".join(others)} if others else {path: first}


def _add(value: object, path: str, columns: dict[str, list[object]], depth: int) -> None:
    value = unwrapped(value)
    if isinstance(value, Mapping):
        if not depth:
            raise ValueError("nested too deeply")
        for name, inner in value.items():
            _add(inner, inner_path(path, str(name), is_object=isinstance(inner, Mapping)), columns, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _add(inner, path, columns, depth)
        if not any(isinstance(unwrapped(inner), Mapping) for inner in value):
            _values_at(path, columns)
    else:
        _values_at(path, columns).append(value)


def _values_at(path: str, columns: dict[str, list[object]]) -> list[object]:
    if path not in columns and len(columns) >= _MOST_COLUMNS:
        raise ValueError(f"more than {_MOST_COLUMNS} columns")
    return columns.setdefault(path, [])
