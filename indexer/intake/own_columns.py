"""The values of the fields of one's own, as typed columns in display order (`storage.own_fields`).

Those of documents that stay are copied out of the last generation where its fields were declared alike;
else all are read again from the stored projects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.intake.columns import Columns, Number
from indexer.own_fields import code_table, values
from indexer.own_fields.code_table import Codes, codes_of, write_codes
from indexer.own_fields.places.countries import mentioned
from indexer.own_fields.places.mentions import first_words_in
from indexer.own_fields.values import Texts
from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins, smallest
from indexer.storage.days import UNKNOWN_DAY, day_number
from indexer.storage.own_fields import OwnField, as_bytes, from_bytes, of_type
from indexer.storage.segment import I64, Segment
from indexer.storage.writer import SegmentWriter

# Stored projects that are parsed together.
_TOGETHER = 1_000
# What the stored form of a project with columns of its own ends with, and no other does.
_WITH_COLUMNS = b"}]"


@dataclass(frozen=True, slots=True)
class Keywords:
    """A keyword field of N projects: `names` in any order, `counts` int64 [N] of values, `numbers` int64 [E]
    which of `names`, project by project.
    """  # noqa: D205

    names: list[str]
    counts: I64
    numbers: I64


@dataclass(frozen=True, slots=True)
class Values:
    """The values of N projects: a Keywords for each keyword field; `amounts` float64 [N, fields] of money and
    numbers and `currencies` int64 [N, fields] which of `codes`; `days` int32 [N, fields]; and the texts of
    the columns of codes of each project that has some.
    """  # noqa: D205

    keywords: list[Keywords]
    amounts: NDArray[np.float64]
    codes: list[str]
    currencies: I64
    days: NDArray[np.int32]
    code_texts: dict[int, list[str]]


def write_own_columns(columns: Columns, declared: Sequence[OwnField], writer: SegmentWriter) -> None:
    """Write the declarations of the fields, their columns, and the table of codes."""
    earlier, rows = columns.intake.earlier, columns.intake.rows
    fresh = read(declared, rows.forms(columns.rows.tolist()))
    named = ((rows.ids[row], rows.titles[row], rows.starts[row]) for row in columns.rows.tolist())
    fresh_codes = codes_of(named, fresh.code_texts)
    kept, kept_codes = read(declared, ()), codes_of((), {})
    if earlier is not None:
        kept, kept_codes = _kept(earlier.segment, declared, columns.old)
    with (writer.folder / "own_fields.bin").open("xb") as file:
        file.write(as_bytes(declared))
    writer.finished("own_fields.bin")
    _write_keywords(columns, kept.keywords, fresh.keywords, writer)
    _write_numbers(columns, kept, fresh, writer)
    old = kept_codes, np.flatnonzero(~columns.is_row)
    write_codes(old, (fresh_codes, np.flatnonzero(columns.is_row)), writer)


def _kept(segment: Segment, declared: Sequence[OwnField], documents: I64) -> tuple[Values, Codes]:
    """Return the values of documents of a segment, and their codes; read anew where its fields are others."""
    if from_bytes(segment.own_fields) == tuple(declared):
        return of_segment(segment, declared, documents), code_table.of_segment(segment, documents)
    kept = read(declared, segment.stored.many(documents))
    projects = map(segment.project, documents.tolist())
    named = ((project.id, project.title, day_number(project.start)) for project in projects)
    return kept, codes_of(named, kept.code_texts)


def read(declared: Sequence[OwnField], stored: Iterable[bytes]) -> Values:
    """Return the values of projects, given their stored forms."""
    keyword, measured = of_type(declared, "keyword"), of_type(declared, "money", "number")
    dated, coded = of_type(declared, "date"), code_table.columns_of(declared)
    found: list[list[tuple[str, ...]]] = [[] for _ in keyword]
    where: list[int] = []
    amounts: list[tuple[tuple[float, str], ...]] = []
    days: list[list[int]] = []
    code_texts: dict[int, list[str]] = {}
    size = 0
    for forms in _blocks(stored):
        telling = _telling(declared, forms)
        rows = [*_texts_of([forms[one] for one in telling], telling.values())]
        where += [size + number for number in telling]
        for field, own in zip(keyword, found, strict=True):
            own += values.keyword_column(field, rows)
        amounts += _rows([values.number_column(field, rows) for field in measured], len(rows))
        days += [[day_number(values.day(field, texts)) for field in dated] for texts in rows]
        for number, texts in zip(telling, rows if coded else (), strict=False):
            if codes := [texts.extra[column] for column in coded if column in texts.extra]:
                code_texts[size + number] = codes
        size += len(forms)
    currencies = list(dict.fromkeys(["", *(code for row in amounts for _, code in row)]))
    number_of = {code: number for number, code in enumerate(currencies)}
    numbers = [[value for value, _ in row] for row in amounts]
    which = [[number_of[code] for _, code in row] for row in amounts]
    return Values(
        [_numbered(own, where, size) for own in found],
        _spread(numbers, where, np.full((size, len(measured)), np.nan)),
        currencies,
        _spread(which, where, np.zeros((size, len(measured)), np.int64)),
        _spread(days, where, np.full((size, len(dated)), UNKNOWN_DAY, np.int32)),
        code_texts,
    )


def of_segment(segment: Segment, declared: Sequence[OwnField], documents: I64) -> Values:
    """Return the values of documents of a segment whose fields are declared so."""
    keyword = of_type(declared, "keyword")
    return Values(
        [_of_keyword(segment, number, documents) for number in range(len(keyword))],
        segment.own_numbers.T[documents],
        list(segment.own_codes),
        segment.own_currencies.T[documents].astype(np.int64),
        segment.own_days.T[documents],
        {},
    )


def _rows(columns: Sequence[Sequence[tuple[float, str]]], size: int) -> list[tuple[tuple[float, str], ...]]:
    return [*zip(*columns, strict=True)] if columns else [()] * size


def _blocks(stored: Iterable[bytes]) -> Iterator[list[bytes]]:
    stored = iter(stored)
    while forms := [*islice(stored, _TOGETHER)]:
        yield forms


def _telling(declared: Sequence[OwnField], forms: Sequence[bytes]) -> dict[int, Collection[str]]:
    """Return the stored forms that may have a value, with columns of their own or a country's name.

    With each are the words with which names of countries in it may begin.
    """
    from_texts = any(field.derived and not field.columns for field in declared)
    words = first_words_in(forms) if from_texts else {}
    from_columns = any(field.columns for field in declared)
    return {
        number: words.get(number, ())
        for number, form in enumerate(forms)
        if number in words or (from_columns and form.endswith(_WITH_COLUMNS))
    }


def _texts_of(forms: Sequence[bytes], words: Iterable[Collection[str]]) -> Iterator[Texts]:
    for row, first in zip(orjson.loads(b"[" + b",".join(forms) + b"]"), words, strict=True):
        countries = mentioned(f"{row[1]}\n{row[2]}", first) if first else ()
        yield Texts(row[6] if len(row) > 6 else {}, tuple(countries))


def _spread(rows: Sequence[Sequence[float]], where: Sequence[int], into: NDArray[Number]) -> NDArray[Number]:
    """Return `into` with rows in some of its places."""
    if rows:
        into[where] = rows
    return into


def _numbered(found: Sequence[tuple[str, ...]], where: Sequence[int], size: int) -> Keywords:
    number_of: dict[str, int] = {}
    numbers = [number_of.setdefault(value, len(number_of)) for own in found for value in own]
    counts = np.zeros(size, np.int64)
    counts[where] = [*map(len, found)]
    return Keywords(list(number_of), counts, np.array(numbers, np.int64))


def _of_keyword(segment: Segment, number: int, documents: I64) -> Keywords:
    first, last = segment.own_value_starts[number : number + 2].tolist()
    size = len(segment)
    starts = segment.own_entry_starts[number * size : (number + 1) * size + 1].astype(np.int64)
    counts = np.diff(starts)[documents]
    numbers = segment.own_entries[ragged(starts[documents], counts)].astype(np.int64)
    return Keywords(segment.own_values[first:last], counts, numbers)


def _write_keywords(
    columns: Columns, kept: Sequence[Keywords], rows: Sequence[Keywords], writer: SegmentWriter
) -> None:
    names: list[str] = []
    sizes: list[int] = []
    entries: list[I64] = []
    counted: list[I64] = []
    for one, other in zip(kept, rows, strict=True):
        own, counts, numbers = _united(columns, one, other)
        names += own
        sizes.append(len(own))
        entries.append(numbers)
        counted.append(counts)
    writer.texts("own_values", names)
    writer.array("own_value_starts", begins(np.array(sizes, np.int64)).astype(np.uint32))
    every = np.concatenate(entries) if entries else np.zeros(0, np.int64)
    writer.array("own_entries", every.astype(smallest(max(sizes, default=0))))
    starts = begins(np.concatenate(counted) if counted else np.zeros(0, np.int64))
    writer.array("own_entry_starts", starts.astype(smallest(len(every))))


def _united(columns: Columns, kept: Keywords, rows: Keywords) -> tuple[list[str], I64, I64]:
    """Return the values of a field, sorted, how many each project has, and which, ascending in each."""
    used = [sorted({one.names[number] for number in np.unique(one.numbers).tolist()}) for one in (kept, rows)]
    names = sorted({*used[0], *used[1]})
    number_of = {name: number for number, name in enumerate(names)}
    counts = columns.merged(kept.counts, rows.counts)
    of_rows = columns.is_row.repeat(counts)
    numbers = np.empty(len(of_rows), np.int64)
    for one, chosen in ((kept, ~of_rows), (rows, of_rows)):
        renumbered = np.array([number_of.get(name, -1) for name in one.names], np.int64)
        numbers[chosen] = renumbered[one.numbers] if len(one.names) else one.numbers
    # Project and value in one number: what is in order already is sorted quickly.
    packed = np.arange(len(counts)).repeat(counts) * len(names) + numbers
    packed.sort(kind="stable")
    return names, counts, packed % max(len(names), 1)


def _write_numbers(columns: Columns, kept: Values, rows: Values, writer: SegmentWriter) -> None:
    amounts = columns.merged(kept.amounts, rows.amounts)
    used = {kept.codes[number] for number in np.unique(kept.currencies).tolist()}
    used |= {rows.codes[number] for number in np.unique(rows.currencies).tolist()}
    codes = sorted({"", *used})
    number_of = {code: number for number, code in enumerate(codes)}
    renumbered = [
        np.array([number_of.get(code, 0) for code in one.codes], np.int64)[one.currencies]
        for one in (kept, rows)
    ]
    writer.array("own_numbers", amounts.T)
    writer.texts("own_codes", codes)
    writer.array("own_currencies", columns.merged(*renumbered).T.astype(smallest(len(codes))))
    writer.array("own_days", columns.merged(kept.days, rows.days).T)
