"""Own fields as a cluster takes them: the values of each document, as spelled and as counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.own_fields import from_bytes, of_type
from indexer.storage.segment import Segment
from indexer.text.analysis import as_written, fold

# Gives what a document has in one of its own fields, None for nothing.
Value = Callable[[int], object]


def own_columns_of(segment: Segment) -> Iterator[tuple[str, Value]]:
    """Yield the name of each field that holds own values, and what gives the value of a document."""
    declared = from_bytes(segment.own_fields)
    codes = list(segment.own_codes)
    for number, field in enumerate(of_type(declared, "keyword")):
        first, last = segment.own_value_starts[number : number + 2].tolist()
        spelled = segment.own_values[first:last]
        representative = first_spellings(spelled)
        yield f"w_{field.name}", _names_of(segment, number, spelled)
        yield f"k_{field.name}", _names_of(segment, number, [representative[one] for one in spelled])
    for number, field in enumerate(of_type(declared, "money", "number")):
        yield f"n_{field.name}", _number_of(segment.own_numbers[number])
        if field.type == "money":
            yield f"c_{field.name}", _currency_of(segment, number, codes)
    for number, field in enumerate(of_type(declared, "date")):
        yield f"d_{field.name}", _day_of(segment.own_days[number])


def spellings_of(segment: Segment) -> list[dict[str, str]]:
    """Return for each keyword field of a segment which spelling stands for each of its spellings."""
    starts = segment.own_value_starts.tolist()
    return [first_spellings(segment.own_values[first:last]) for first, last in pairwise(starts)]


def first_spellings(spelled: Sequence[str]) -> dict[str, str]:
    """Return for each spelling the first of its value: what differs in case or accents only is one."""
    found: dict[str, str] = {}
    return {one: found.setdefault(fold(as_written(one)), one) for one in spelled}


def _names_of(segment: Segment, number: int, names: Sequence[str]) -> Value:
    def _value(document: int) -> list[str] | None:
        place = number * len(segment) + document
        begin, end = segment.own_entry_starts[place : place + 2].tolist()
        return list(dict.fromkeys(names[one] for one in segment.own_entries[begin:end].tolist())) or None

    return _value


def _number_of(column: NDArray[np.float64]) -> Value:
    return lambda document: None if np.isnan(column[document]) else float(column[document])


def _currency_of(segment: Segment, number: int, codes: Sequence[str]) -> Value:
    column = segment.own_currencies[number]
    amounts = segment.own_numbers[number]
    return lambda document: None if np.isnan(amounts[document]) else codes[int(column[document])]


def _day_of(column: NDArray[np.int32]) -> Value:
    return lambda document: None if column[document] == UNKNOWN_DAY else int(column[document])
