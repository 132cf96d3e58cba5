"""Fields of one's own: what a generation says of them, and their values as columns.

A corpus has columns beside title, dates and grantee: money, places, themes. Those that are fields are
declared in a generation (`own_fields.bin`, JSON), so that whoever opens it knows them without the corpus.
Their values stand in arrays for all fields of a kind together, N documents each:

- keywords: the distinct values of each field, sorted, field by field in one table of texts; and for each
  field and document the numbers of its values, ascending, in one list cut by `keyword_starts`;
- money and numbers: float64 [fields, N], NaN where there is none, and which currency each amount is in;
- days: int32 [fields, N] since 1970-01-01, UNKNOWN_DAY where there is none.

Texts, links and codes have no column: they are searched by their words and shown as stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

FieldType = Literal["keyword", "money", "number", "date", "text", "url", "code"]
FIELD_TYPES: tuple[FieldType, ...] = ("keyword", "money", "number", "date", "text", "url", "code")
# What each type can do. A facet counts its values or ranges; what is sorted has one value a project.
COUNTED = frozenset[FieldType](["keyword", "money", "number", "date"])
SORTED = frozenset[FieldType](["money", "number", "date"])
RANGED = SORTED
# The styles of a date field: which of two numbers is the day.
DAY_FIRST, MONTH_FIRST = "day first", "month first"


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of a corpus: its name in parameters, its label for people, its type, where it comes from.

    `columns` are names of a source's columns, the first that a record has counts; `currency_columns` those
    that tell the currency of an amount, which is `unit` where neither they nor the text do; `separator`
    parts several values; `style` is what begins the decimals ("point" or "comma") or which number is the
    day (DAY_FIRST or MONTH_FIRST), "" where the texts do not tell; `derived`
    fields are made from the text of a project, not from a column.
    """

    name: str
    label: str
    type: FieldType
    columns: tuple[str, ...] = ()
    separator: str = ""
    unit: str = ""
    currency_columns: tuple[str, ...] = ()
    style: str = ""
    facet: bool = True
    searched: bool = True
    derived: bool = False

    @property
    def heading(self) -> str:
        """The label, with what a derived field is made from."""
        if not self.derived:
            return self.label
        return f"{self.label} ({'from the country' if self.columns else 'from the text'})"


def as_bytes(declared: Iterable[OwnField]) -> bytes:
    """Return declarations as JSON, in their order."""
    return orjson.dumps([asdict(one) for one in declared])


def from_bytes(raw: bytes | memoryview) -> tuple[OwnField, ...]:
    """Return the declarations that `as_bytes` gave; raises ValueError if they are none."""
    rows = orjson.loads(raw) if len(raw) else []
    if not isinstance(rows, list):
        raise ValueError("no list of fields")
    return tuple(_field(row) for row in rows)


def of_type(declared: Sequence[OwnField], *types: FieldType) -> list[OwnField]:
    """Return the fields of some types, in the order of their columns."""
    return [one for one in declared if one.type in types]


def _field(row: object) -> OwnField:
    if not isinstance(row, Mapping):
        raise ValueError("a field is no object")
    values: dict[str, Any] = dict(row)
    for name in ("columns", "currency_columns"):
        values[name] = tuple(values.get(name, ()))
    try:
        found = OwnField(**values)
    except TypeError as error:
        raise ValueError(f"a field is not as declared: {error}") from None
    if found.type not in FIELD_TYPES:
        raise ValueError(f"{found.type!r} is no type of field")
    return found
