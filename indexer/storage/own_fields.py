"""Fields of one's own: what a generation says of them, and their values as columns.

A corpus has columns beside title, dates and grantee: money, places, themes. Those that are fields are
declared in a generation (`own_fields.bin`, JSON), so that whoever opens it knows them without the corpus.
Their values stand in arrays for all fields of a kind together, N documents each:

- keywords: the distinct values of each field, sorted, field by field in one table of texts; and for each
  field and document the numbers of its values, ascending, in one list cut by `own_entry_starts`;
- money and numbers: float64 [fields, N], NaN where there is none, and which currency each amount is in;
- days: int32 [fields, N] since 1970-01-01, UNKNOWN_DAY where there is none.

Texts, links and codes have no column: they are shown as stored.

The words of keywords and texts are searched (`SearchedTexts`): all of a document make up one text field,
value after value, with a position between two that no phrase crosses. How many positions each field
takes, the one behind each value included, is in `own_lengths`: so it is known of which field a word is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import orjson

from indexer.storage.arrays.mapping import map_array, map_bytes
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.segment import Segment, Unsigned

FieldType = Literal["keyword", "money", "number", "date", "text", "url", "code"]
FIELD_TYPES: tuple[FieldType, ...] = ("keyword", "money", "number", "date", "text", "url", "code")
# What each type can do. A facet counts its values or ranges; what is sorted has one value a project.
COUNTED = frozenset[FieldType](["keyword", "money", "number", "date"])
SORTED = frozenset[FieldType](["money", "number", "date"])
# Those that have words, which are searched.
WORDED = frozenset[FieldType](["keyword", "text"])
# A keyword is a name; what is longer is cut, so that a page can show it.
LONGEST_VALUE = 200
# Values that are cached as texts: the same for every search.
CACHED_VALUES = 16_384
# The styles of a date field: which of two numbers is the day.
DAY_FIRST, MONTH_FIRST = "day first", "month first"


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of a corpus: its name in parameters, its label for people, its type, where it comes from.

    `columns` are names of a source's columns, the first that a record has counts; `currency_columns`
    those that tell the currency of an amount, which is `unit` where neither they nor the text do;
    `separator` parts several values; `style` is what begins the decimals ("point" or "comma") or which
    number is the day (DAY_FIRST or MONTH_FIRST), "" where the texts do not tell, and `styles` has each
    column, of those of several files, whose texts tell otherwise; `derived` fields are made from the text
    of a project, not from a column.
    """

    name: str
    label: str
    type: FieldType
    columns: tuple[str, ...] = ()
    separator: str = ""
    unit: str = ""
    currency_columns: tuple[str, ...] = ()
    style: str = ""
    styles: tuple[tuple[str, str], ...] = ()
    facet: bool = True
    searched: bool = True
    derived: bool = False

    @property
    def heading(self) -> str:
        """The label, with what a derived field is made from."""
        if not self.derived:
            return self.label
        return f"{self.label} ({'from the country' if self.columns else 'from the text'})"

    def style_of(self, column: str) -> str:
        """Return the style of the texts of a column."""
        return dict(self.styles).get(column, self.style) if self.styles else self.style


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


def searched_of(declared: Sequence[OwnField]) -> list[OwnField]:
    """Return the fields whose words are searched, in the order in which a document has them."""
    return [one for one in declared if one.searched and one.type in WORDED and not one.derived]


@dataclass(frozen=True, slots=True)
class SearchedTexts:
    """The texts in own fields that are searched, of each document of a segment.

    `value_starts`, `entries` and `entry_starts` are those of a segment, `value` gives its values by number.
    """

    declared: Sequence[OwnField]
    size: int
    value: Callable[[int], str]
    value_starts: Unsigned
    entries: Unsigned
    entry_starts: Unsigned

    @classmethod
    def of_segment(cls, segment: Segment) -> SearchedTexts:
        """Return those of a segment."""
        return cls(
            from_bytes(segment.own_fields), len(segment),
            lru_cache(CACHED_VALUES)(segment.own_values.__getitem__), segment.own_value_starts,
            segment.own_entries, segment.own_entry_starts,
        )  # fmt: skip

    @classmethod
    def in_folder(cls, folder: Path, size: int) -> SearchedTexts:
        """Return those of a segment of `size` documents whose texts are not inverted yet."""
        values = Texts(map_bytes(folder / "own_values.bin"), map_array(folder / "own_values_sizes.npy"))
        starts, entries, entry_starts = (
            map_array(folder / f"own_{name}.npy") for name in ("value_starts", "entries", "entry_starts")
        )
        declared = from_bytes(map_bytes(folder / "own_fields.bin"))
        return cls(declared, size, list(values).__getitem__, starts, entries, entry_starts)

    def of(self, first: int, extras: Sequence[Mapping[str, str]]) -> Iterator[list[tuple[int, str]]]:
        """Yield for documents from `first` on, of which `extras` are the other columns, their texts.

        Each comes with the number of its field among those that are searched.
        """
        fields = searched_of(self.declared)
        if not fields:
            yield from ([] for _ in extras)
            return
        columns = [self._column(field, first, extras) for field in fields]
        for row in zip(*columns, strict=True):
            yield [(number, text) for number, texts in enumerate(row) for text in texts]

    def _column(
        self, field: OwnField, first: int, extras: Sequence[Mapping[str, str]]
    ) -> Iterator[Sequence[str]]:
        if field.type == "text":
            for extra in extras:
                text = next((text for column in field.columns if (text := extra.get(column))), "")
                yield (text,) if text else ()
            return
        place = of_type(self.declared, "keyword").index(field)
        at = place * self.size + first
        bounds = self.entry_starts[at : at + len(extras) + 1].tolist()
        entries = self.entries[bounds[0] : bounds[-1]].tolist()
        value, first_value, begin = self.value, int(self.value_starts[place]), bounds[0]
        for low, high in pairwise(bounds):
            yield [value(first_value + one) for one in entries[low - begin : high - begin]]


def _field(row: object) -> OwnField:
    if not isinstance(row, Mapping):
        raise ValueError("a field is no object")
    values: dict[str, Any] = dict(row)
    try:
        for name in ("columns", "currency_columns"):
            values[name] = tuple(values.get(name, ()))
        values["styles"] = tuple((column, style) for column, style in values.get("styles", ()))
        found = OwnField(**values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"a field is not as declared: {error}") from None
    if found.type not in FIELD_TYPES:
        raise ValueError(f"{found.type!r} is no type of field")
    return found
