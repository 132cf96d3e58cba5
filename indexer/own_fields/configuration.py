"""`fields.toml` in the corpus folder: what a maintainer says of the fields, over what is recognised.

    [fields.amount]                      # its name in parameters and queries
    label = "Award"                      # its name for people
    type = "money"                       # keyword, money, number, date, text, url, code, or none
    columns = ["Award Amount", "Budget"] # where it comes from; the first that a record has counts
    unit = "EUR"                         # the currency where the source says none
    decimals = "comma"                   # 1.500,25
    separator = ";"                      # parts several values of a keyword
    facet = true                         # shown to choose from
    searched = false                     # found by its words
    position = 1                         # its place among the facets

    [columns]                            # what the columns of a project's own fields are called
    title = ["OBJETO_PROPOSTA"]

Every key may be left out. `type = "none"` leaves a column that is recognised as it is: shown, no field.
Whatever is wrong in the file is an error with its line, and the index stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from indexer.corpus.fields import field_of
from indexer.corpus.fields.said import PROJECT_FIELDS
from indexer.corpus.files.settings_names import FIELDS_FILE
from indexer.errors import FieldsError
from indexer.own_fields.money.amount_words import currency_of
from indexer.own_fields.naming import name_of, parameters_of
from indexer.own_fields.toml_text import COLUMNS_TABLE, TABLE, document, line_of, lines_of
from indexer.reporting.source_reports import CALLED
from indexer.storage.own_fields import COUNTED, FIELD_TYPES, WORDED, FieldType, OwnField

# A field that is left out.
NO_FIELD = "none"
DECIMALS = ("point", "comma")
# Keys and the type that each has.
_KEYS: dict[str, type] = {
    "label": str, "type": str, "columns": list, "unit": str, "decimals": str, "separator": str, "facet": bool,
    "searched": bool, "position": int,
}  # fmt: skip
# The types of fields of which a key says something.
_OF_TYPES: dict[str, frozenset[FieldType]] = {
    "facet": COUNTED,
    "searched": WORDED,
    "separator": frozenset(["keyword"]),
    "unit": frozenset(["money", "number"]),
    "decimals": frozenset(["money", "number"]),
}
# What can be said of a field that has no column of its own, beside that it is to be none.
_OF_DERIVED = ("label", "facet", "position")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Configured:
    """What the file says of one field: the keys that it has, and where its table begins."""

    name: str
    keys: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def wrong(self, reason: str, key: str = "") -> FieldsError:
        """Return the error that something of this field is."""
        return FieldsError(f"{FIELDS_FILE}:{self.lines.get(key, self.lines.get('', 1))}: {reason}")


def parsed(text: str, reserved: Collection[str]) -> tuple[Configured, ...]:
    """Return what a file says of each field, checked as far as can be without the corpus.

    Raises FieldsError for the first thing that is wrong.
    """
    tables = document(text).get(TABLE, {})
    found = []
    for name, keys in tables.items():
        lines = lines_of(text, name)
        if not isinstance(keys, dict):
            raise FieldsError(
                f"{FIELDS_FILE}:{line_of(text, name)}: {name} is no table; write [{TABLE}.{name}]"
            )
        found.append(Configured(name, keys, lines))
    for one in found:
        _check(one, reserved)
    return tuple(found)


def configured(
    recognised: Sequence[OwnField], said: Sequence[Configured], columns: Collection[str]
) -> tuple[OwnField, ...]:
    """Return the fields as the file has them, those it does not name as they are recognised.

    `columns` are the names of all columns that some file has: of one that is empty in all there is a field
    without values, so that it fills up later. Raises FieldsError where another one is named, or one that two
    fields claim.
    """
    claimed: dict[str, str] = {}
    places: dict[str, int] = {}
    fields = {one.name: one for one in recognised}
    for one in said:
        made = _made(one, fields, columns)
        taken = made.columns if made else one.keys.get("columns", ())
        # A derived field does not claim the column that it is derived from.
        for column in () if made and made.derived else taken:
            if claimed.setdefault(column, one.name) != one.name:
                raise one.wrong(f'{one.name}: column "{column}" belongs to {claimed[column]}', "columns")
        fields.pop(one.name, None)
        if made:
            fields[one.name] = made
        places[one.name] = one.keys.get("position", len(fields) + 1)
    left = (_without(one, claimed) for one in fields.values())
    ordered = [one for one in left if one.columns or one.derived]
    parameters = {name: one.name for one in ordered for name in parameters_of(one.name)}
    for one in said:
        if one.name in fields and (other := parameters.get(one.name)):
            raise one.wrong(f"{one.name}: is a parameter of the field {other}; take another name")
    order = {one.name: number for number, one in enumerate(ordered)}
    return tuple(sorted(ordered, key=lambda one: (places.get(one.name, len(order) + 1), order[one.name])))


def _check(one: Configured, reserved: Collection[str]) -> None:
    if not _NAME.fullmatch(one.name):
        better = name_of(one.name)[:40]
        raise one.wrong(
            f"{one.name!r} is no name of a field: a to z, 0 to 9 and _, a letter first; write {better}"
        )
    if clash := {one.name, *parameters_of(one.name)} & {*reserved}:
        hint = f"; its column is said in [{COLUMNS_TABLE}]" if one.name in PROJECT_FIELDS else ""
        raise one.wrong(f"{one.name}: {min(clash)} is a parameter of the search; take another name{hint}")
    for key, value in one.keys.items():
        expected = _KEYS.get(key)
        if expected is None:
            raise one.wrong(f"{one.name}: unknown key {key}; known are {', '.join(_KEYS)}", key)
        if type(value) is not expected:
            raise one.wrong(f"{one.name}: {key} must be {_SAID[expected]}", key)
    _check_values(one)


_SAID = {str: "a text in quotes", list: "a list of texts", bool: "true or false", int: "a whole number"}


def _check_values(one: Configured) -> None:
    keys = one.keys
    kind = keys.get("type", "keyword")
    if kind not in (*FIELD_TYPES, NO_FIELD):
        raise one.wrong(
            f"{one.name}: unknown type {kind!r}; known are {', '.join(FIELD_TYPES)}, none", "type"
        )
    if not all(isinstance(column, str) and column for column in keys.get("columns", ("-",))):
        raise one.wrong(f"{one.name}: columns must be a list of names", "columns")
    if keys.get("columns") == []:
        raise one.wrong(f"{one.name}: columns names no column", "columns")
    if keys.get("decimals", "point") not in DECIMALS:
        raise one.wrong(f'{one.name}: decimals must be "point" or "comma"', "decimals")
    if not keys.get("label", "-").strip():
        raise one.wrong(f"{one.name}: label is empty", "label")


def _check_type(one: Configured, kind: FieldType) -> None:
    """Raise FieldsError for a key that says nothing of a field of this type."""
    keys = one.keys
    if kind == "money" and keys.get("unit") and not currency_of(keys["unit"]):
        raise one.wrong(f"{one.name}: {keys['unit']!r} is no currency; write its code, such as EUR", "unit")
    for key, types in _OF_TYPES.items():
        # A key that is false or empty changes nothing, and may be given with any type.
        if keys.get(key) and kind not in types:
            of = " or ".join(sorted(types, key=FIELD_TYPES.index))
            raise one.wrong(f"{one.name}: {key} is for a field of type {of}, and this is {kind}", key)


def _made(one: Configured, fields: Mapping[str, OwnField], columns: Collection[str]) -> OwnField | None:
    """Return a field as the file has it over what is recognised, or None if it is to be no field."""
    keys = one.keys
    for column in keys.get("columns", ()):
        if column not in columns:
            near = get_close_matches(column, sorted(columns), 1)
            hint = f'is it "{near[0]}"?' if near else "`reindex describe FILE` tells which there are"
            said = f'{one.name}: no file has a column "{column}"'
            if field := field_of(column)[1]:
                said += f" that is not the {CALLED.get(field, field)} of its projects already"
            raise one.wrong(f"{said}; {hint}", "columns")
    if keys.get("type") == NO_FIELD:
        return None
    known = fields.get(one.name) or _of_columns(one, fields, columns)
    kind = keys.get("type", known.type)
    _check_type(one, kind)
    if known.derived and (others := [key for key in keys if key not in _OF_DERIVED]):
        raise one.wrong(
            f"{one.name}: is derived; it has {', '.join(_OF_DERIVED)} and no {others[0]}", others[0]
        )
    changed = kind != known.type
    return replace(
        known,
        name=one.name,
        label=keys.get("label", known.label),
        type=kind,
        columns=tuple(keys.get("columns", known.columns)),
        separator=keys.get("separator", known.separator if kind == "keyword" else ""),
        unit=currency_of(keys["unit"]) or keys["unit"] if keys.get("unit") else known.unit,
        style=keys.get("decimals", known.style),
        styles=() if "decimals" in keys else known.styles,
        facet=keys.get("facet", kind in COUNTED if changed else known.facet),
        searched=keys.get("searched", kind in ("keyword", "text") if changed else known.searched),
    )


def _of_columns(one: Configured, fields: Mapping[str, OwnField], columns: Collection[str]) -> OwnField:
    """Return what is recognised of the columns of a field that is named otherwise, or a plain keyword."""
    wanted = tuple(one.keys.get("columns", ())) or tuple(
        column for column in sorted(columns) if name_of(column) == one.name
    )
    if not wanted:
        raise one.wrong(f"{one.name}: no column is called so; name its columns", "columns")
    known = next((known for known in fields.values() if wanted[0] in known.columns), None)
    found = known or OwnField(one.name, "", "keyword")
    return replace(found, columns=wanted, label=one.keys.get("label") or wanted[0])


def _without(one: OwnField, claimed: Mapping[str, str]) -> OwnField:
    left = tuple(column for column in one.columns if claimed.get(column, one.name) == one.name)
    return replace(one, columns=left)
