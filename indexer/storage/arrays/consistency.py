"""Whether the arrays of a segment fit each other, so that no search of it can fail or go astray.

`mapping` has looked at each array by itself. What is looked at here takes longer, a part of a second for
100,000 projects, and is done once for each generation: before it is served, or built upon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.storage.arrays.listed import BLOCK_BITS
from indexer.storage.arrays.mapping import MisfitError
from indexer.storage.arrays.slices import sums_before
from indexer.storage.days import day_of
from indexer.storage.field_positions import titled
from indexer.storage.own_fields import from_bytes, of_type, searched_of
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import I64, Segment

# Stored projects that are parsed in one go.
PARSED_AT_ONCE = 500
# A stored project is id, title, description and grantee, two days, and perhaps the rest by name.
_START, _EXTRA = 4, 6
_LENGTHS = {_EXTRA, _EXTRA + 1}
# A currency as ISO 4217 writes it.
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


def check(segment: Segment, *, unread: bool = True) -> None:
    """Raise MisfitError saying what does not fit; projects are read if they are `unread`."""
    for fits, what in (*_CHECKS, *(_READ if unread else ())):
        try:
            fitting = fits(segment)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise MisfitError(f"{what} ({error})") from error
        if not fitting:
            raise MisfitError(what)


def _postings_fit(segment: Segment) -> bool:
    # Each term has postings, and these have as many occurrences as the term.
    bounds = segment.term_postings.astype(np.intp)
    if not (bounds[1:] > bounds[:-1]).all():
        return False
    return np.array_equal(sums_before(segment.counts, bounds), segment.term_occurrences)


def _documents_ascend(segment: Segment) -> bool:
    # In each block of documents; and in the last one there are only those that there are.
    listed = segment.documents
    if not _ascend_within(listed.places, listed.starts):
        return False
    size = len(segment) - (listed.blocks - 1 << BLOCK_BITS)
    counts = np.diff(listed.starts.astype(np.int64))[listed.blocks - 1 :: listed.blocks]
    lasts = listed.starts[listed.blocks :: listed.blocks].astype(np.intp)[counts > 0] - 1
    return bool((listed.places[lasts] < size).all())


def _fields_are_known(segment: Segment) -> bool:
    packed = segment.field_positions
    return not packed.size or int(packed.max()) >> segment.field_position_bits.position < len(TEXT_FIELDS)


def _forms_are_words(segment: Segment) -> bool:
    # A form is one of its term's words, and these are the words of the term.
    words: I64 = np.diff(segment.term_words_start.astype(np.int64)).astype(np.int64)
    if not np.array_equal(segment.word_terms[segment.term_words], np.repeat(np.arange(len(words)), words)):
        return False
    forms = segment.forms
    if int(forms.starts[-1]) != len(forms.kept):
        return False
    there = np.flatnonzero(forms.starts[1:] > forms.starts[:-1])
    highest = np.maximum.reduceat(forms.kept, forms.starts[there]) if len(there) else forms.kept
    return bool((highest < words[there]).all())


def _titles_fit(segment: Segment) -> bool:
    # The occurrences of a posting are in the order of fields, and the title is the first.
    return np.array_equal(titled(segment.counts, segment.field_positions), segment.titled)


def _ids_fit(segment: Segment) -> bool:
    counted = np.bincount(segment.id_documents, minlength=len(segment))
    return len(counted) == len(segment) and bool((counted == 1).all())


def _texts_are_sorted(segment: Segment) -> bool:
    return all(_ascend(list(table)) for table in (segment.terms, segment.words, segment.grantee_names))


def _texts_are_read(segment: Segment) -> bool:
    # To read them is to check them: what is not UTF-8 raises.
    tables = [list(table) for table in (segment.word_rules, segment.extra_names)]
    return all(tables[0]) and all(pair.count("\t") == 1 for pair in segment.acronyms)


def _mentions_fit(segment: Segment) -> bool:
    found = segment.acronym_mentions
    return not len(found) or bool((found.max(axis=0) < (len(segment), len(segment.acronyms))).all())


def _own_fields_fit(segment: Segment) -> bool:
    # As many columns as fields of a type are declared, and entries that are values of their field.
    declared = from_bytes(segment.own_fields)
    keywords, amounts, dates = (
        len(of_type(declared, *types)) for types in (("keyword",), ("money", "number"), ("date",))
    )
    values = np.diff(segment.own_value_starts.astype(np.int64))
    if len(segment.own_lengths) != len(searched_of(declared)):
        return False
    if (len(values), len(segment.own_numbers), len(segment.own_days)) != (keywords, amounts, dates):
        return False
    if len(segment.own_entry_starts) != keywords * len(segment) + 1:
        return False
    bounds = segment.own_entry_starts[:: max(len(segment), 1)].tolist()
    return all(
        first == last or segment.own_entries[first:last].max() < most
        for (first, last), most in zip(pairwise(bounds), values.tolist(), strict=False)
    )


def _values_are_sorted(segment: Segment) -> bool:
    # The values of each field by themselves, none twice; and currencies, after that of amounts without one.
    names, codes = list(segment.own_values), list(segment.own_codes)
    fields = [names[first:last] for first, last in pairwise(segment.own_value_starts.tolist())]
    return (
        all(_ascend(field) for field in fields)
        and _ascend(codes)
        and codes[:1] == [""]
        and all(map(_CODE.fullmatch, codes[1:]))
    )


def _vectors_have_a_model(segment: Segment) -> bool:
    lines = list(segment.vector_model)
    return len(lines) == (2 if segment.vectors.shape[1] else 0) and all(lines)


def _projects_are_read(segment: Segment) -> bool:
    # Each is unpacked first, which fails where a frame is none or says that it is too long.
    for first in range(0, len(segment), PARSED_AT_ONCE):
        last = min(first + PARSED_AT_ONCE, len(segment))
        rows = orjson.loads(b"[" + segment.stored.joined(first, last) + b"]")
        if len(rows) != last - first or not _are_projects(
            rows, segment.start[first:last], segment.end[first:last]
        ):
            return False
    return True


def _are_projects(rows: list[Any], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> bool:
    """Tell whether parsed rows are stored projects that start and end on these days, column by column."""
    if _types(rows) != {list} or not set(map(len, rows)) <= _LENGTHS:
        return False
    extras = [row[_EXTRA] for row in rows if len(row) > _EXTRA]
    if _types(extras) - {dict} or any(_types(extra.values()) - {str} for extra in extras):
        return False
    # Put together in one array, unless only some of them have the last column.
    columns = list(zip(*(rows if not extras else [row[:_EXTRA] for row in rows]), strict=True))
    if any(_types(column) != {str} for column in columns[:_START]):
        return False
    return all(
        list(column) == _days(days) for column, days in zip(columns[_START:], (starts, ends), strict=True)
    )


def _types(values: Iterable[object]) -> set[type]:
    return set(map(type, values))


def _days(numbers: NDArray[np.int32]) -> list[str | None]:
    """Return days as they are stored: of the numbers 18900 and UNKNOWN_DAY, ["2021-09-30", None]."""
    return [*map(_day, numbers.tolist())]


@lru_cache(maxsize=1 << 15)
def _day(number: int) -> str | None:
    day = day_of(number)
    return None if day is None else day.isoformat()


def _ascend(texts: list[str]) -> bool:
    """Tell whether texts are in order, each only once."""
    return all(before < after for before, after in pairwise(texts))


def _ascend_within(values: NDArray[Any], bounds: NDArray[Any]) -> bool:
    """Tell whether values ascend, each only once, between bounds: [2, 5, 1, 3] do within [0, 2, 4]."""
    ascends = values[1:] > values[:-1]
    inner = bounds[1:-1].astype(np.intp)
    ascends[inner[(inner > 0) & (inner < len(values))] - 1] = True
    return bool(ascends.all())


_CHECKS: tuple[tuple[Callable[[Segment], bool], str], ...] = (
    (_postings_fit, "terms, postings and occurrences do not fit each other"),
    (_documents_ascend, "the documents of a term do not ascend"),
    (_fields_are_known, "an occurrence is in no field"),
    (_forms_are_words, "words and terms do not fit each other"),
    (_titles_fit, "terms and titles do not fit each other"),
    (_ids_fit, "ids and projects do not fit each other"),
    (_texts_are_sorted, "a table of texts is not sorted"),
    (_texts_are_read, "an acronym or a rule for words cannot be read"),
    (_mentions_fit, "an acronym is mentioned in no project"),
    (_own_fields_fit, "fields and their values do not fit each other"),
    (_values_are_sorted, "the values of a field are not sorted, or a currency is none"),
    (_vectors_have_a_model, "vectors and the model that made them do not fit each other"),
)
_READ: tuple[tuple[Callable[[Segment], bool], str], ...] = (
    (_projects_are_read, "a stored project cannot be read"),
)
