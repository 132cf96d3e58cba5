"""Projects as a cluster takes them: postings turned round, from "which projects has a term" to the reverse.

Chunk by chunk, the postings of a segment are gone through block by block, and what belongs to the projects
of the chunk is kept; so memory is a chunk's and a block's, whatever the corpus.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.mappings import BESIDE, EVERYWHERE, GAP, LONGEST_VALUE, OWN_WORDS, written
from indexer.cluster.own_there import own_columns_of
from indexer.history.moments import days_of
from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.own_fields import from_bytes, searched_of
from indexer.storage.schema import FIELD_WEIGHTS, OWN_TEXTS, TEXT_FIELDS, B
from indexer.storage.segment import Segment, begins
from indexer.text.analysis import fold

# Projects turned round together, and postings looked through at a time: 100 MB of temporaries.
CHUNK, BLOCK = 10_000, 2_000_000
# A frequency is a whole number there: this many make one, less where a text may have too many for Lucene,
# which adds up those of a project in 31 bits.
MOST_SCALE, MOST_FREQUENCIES = 1_000_000.0, 2.0**29

Row = dict[str, Any]
# When documents were first seen ("added") and last changed ("changed"): moments int64 [N], 0 for unknown.
Moments = Mapping[str, NDArray[np.int64]]

_OWN_TEXTS = TEXT_FIELDS.index(OWN_TEXTS)


@dataclass(frozen=True, slots=True)
class Measures:
    """What frequencies are measured by, the same for all projects of a generation.

    `means` are the mean lengths of the fields that texts are normalised by, `scale` is what a frequency of 1
    is written as.
    """

    means: tuple[float, ...]
    scale: float

    @classmethod
    def of(cls, segment: Segment) -> Measures:
        """Return the measures of a segment."""
        means = []
        for lengths in segment.lengths:
            present = int(np.count_nonzero(lengths))
            means.append(float(lengths.sum(dtype=np.int64) / present) if present else 1.0)
        # Nothing that a field adds to the frequencies of a project is more than that of an endless text.
        most = 2 * sum(FIELD_WEIGHTS[name] * mean / B for name, mean in zip(TEXT_FIELDS, means, strict=True))
        return cls(tuple(means), float(int(min(MOST_SCALE, MOST_FREQUENCIES / max(most, 1.0)))))

    def norms(self, lengths: NDArray[np.integer] | NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the weight of an occurrence in texts of some lengths, float64 [fields, documents]."""
        weights = np.array([[FIELD_WEIGHTS[name]] for name in TEXT_FIELDS])
        found: NDArray[np.float64] = weights / (1 - B + B * lengths / np.array(self.means)[:, None])
        return found


def document_id(project_id: str) -> str:
    """Return what a project is called in a cluster, where no name may have more than 512 bytes."""
    return hashlib.blake2b(project_id.encode(), digest_size=20).hexdigest()


class DocumentMaker:
    """Makes the documents of one segment."""

    def __init__(self, segment: Segment, measures: Measures, seen: Moments) -> None:
        """Take the words of `segment` into memory; `seen` says when its documents were seen."""
        self._segment, self._measures, self._seen = segment, measures, seen
        self._terms, self._words = list(segment.terms), list(segment.words)
        self._own = list(own_columns_of(segment))
        searched = searched_of(from_bytes(segment.own_fields))
        self._searched = [f"{OWN_WORDS}{one.name}" for one in searched]
        self._names = list(segment.grantee_names)

    def rows(self, documents: NDArray[np.intp]) -> Iterator[tuple[str, Row]]:
        """Yield id and body of some ascending documents, chunk by chunk."""
        for first in range(0, len(documents), CHUNK):
            yield from self._chunk(documents[first : first + CHUNK])

    def _chunk(self, documents: NDArray[np.intp]) -> Iterator[tuple[str, Row]]:
        found = _turned(self._segment, documents)
        codes = _codes(self._segment, documents)
        norms = self._measures.norms(self._segment.lengths[:, documents])
        for row, document in enumerate(documents.tolist()):
            begin, end = found.bounds[row : row + 2].tolist()
            ends = np.cumsum(self._segment.own_lengths[:, document], dtype=np.int64).tolist()
            own = _Own(self._searched, [0, *ends])
            texts = _Texts(self._terms, self._words, norms[:, row].tolist(), self._measures.scale, own)
            for occurrence in zip(*(one[begin:end].tolist() for one in found.columns), strict=True):
                texts.add(*occurrence)
            yield self._row(document, texts.fields(), codes.get(row, []))

    def _row(self, document: int, texts: Row, codes: Sequence[str]) -> tuple[str, Row]:
        segment = self._segment
        project = segment.project(document)
        start, last = int(segment.start[document]), int(segment.end[document])
        years = segment.span_years[int(segment.spans[document])].tolist()
        row = {
            "stored": project.stored().decode(),
            "id": project.id[:LONGEST_VALUE],
            "code": list(codes),
            "span": years[0] * 10_000 + years[1],
            "title_order": fold(project.title)[: LONGEST_VALUE // 4],
            "grantee_order": fold(project.grantee)[: LONGEST_VALUE // 4],
            **texts,
        }
        if start != UNKNOWN_DAY:
            row["start"], row["start_year"] = start, years[0]
        if last != UNKNOWN_DAY:
            row["end"] = last
        if name := self._names[int(segment.grantee[document])]:
            row["grantee_name"] = name
        else:
            del row["grantee_order"]
        for name, moments in self._seen.items():
            if moments[document]:
                row[f"m_{name}"] = int(moments[document])
                row[f"d_{name}"] = int(days_of(moments[document]))
        for name, column in self._own:
            if (value := column(document)) is not None:
                row[name] = value
        return document_id(project.id), row


class _Own:
    """Where in the text of all own fields each of them stands: from one of `bounds` to the next."""

    def __init__(self, names: list[str], bounds: list[int]) -> None:
        self.names, self._bounds = names, bounds

    def place(self, position: int) -> tuple[int, int]:
        """Return the number of the field that has a position, and the position in it."""
        number = bisect_right(self._bounds, position) - 1
        return number, position - self._bounds[number]


class _Texts:
    """The texts of one project: what stands at each position, and how often each term does.

    The text fields come first, then the own fields that are searched, each by itself.
    """

    def __init__(
        self, terms: list[str], words: list[str], norms: list[float], scale: float, own: _Own
    ) -> None:
        self._terms, self._words, self._norms, self._scale, self._own = terms, words, norms, scale, own
        self._names = [*TEXT_FIELDS, *own.names]
        self._places: list[dict[int, list[str]]] = [{} for _ in self._names]
        self._frequencies: list[dict[str, float]] = [{} for _ in self._names]

    def add(self, field: int, position: int, term: int, word: int) -> None:
        """Note that a word of a term stands somewhere."""
        texts, weight = (self._terms[term], written(self._words[word])), self._norms[field]
        self._add(field, position, weight, texts)
        if field == _OWN_TEXTS:
            number, inside = self._own.place(position)
            self._add(len(TEXT_FIELDS) + number, inside, weight, texts)

    def _add(self, field: int, position: int, weight: float, texts: Sequence[str]) -> None:
        place, frequencies = self._places[field].setdefault(position, []), self._frequencies[field]
        for text in texts:
            place.append(text)
            frequencies[text] = frequencies.get(text, 0.0) + weight

    def fields(self) -> Row:
        """Return the fields of a document that are made of these texts."""
        row: Row = {}
        together: dict[str, float] = {}
        for name, places, frequencies in zip(self._names, self._places, self._frequencies, strict=True):
            length = max(places, default=-1) + 1
            row[name] = " ".join(
                [BESIDE.join(dict.fromkeys(places[at])) if at in places else GAP for at in range(length)]
            )
            row[f"{name}_impact"] = self._impacts(frequencies)
            for text, frequency in frequencies.items() if name in TEXT_FIELDS else ():
                together[text] = together.get(text, 0.0) + frequency
        row["impact"] = self._impacts(together)
        return row

    def _impacts(self, frequencies: Mapping[str, float]) -> str:
        scale = self._scale
        return " ".join(
            [f"{EVERYWHERE}|1", *[f"{text}|{round(one * scale) or 1}" for text, one in frequencies.items()]]
        )


@dataclass(frozen=True, slots=True)
class _Turned:
    """The occurrences of some documents, by document: field, position, term and word of each [T]."""

    columns: tuple[NDArray[np.int64], ...]
    bounds: NDArray[np.int64]


def _turned(segment: Segment, documents: NDArray[np.intp]) -> _Turned:
    """Return the occurrences of ascending documents, in the order of the texts."""
    row_of = np.full(len(segment) + 1, -1, np.int32)
    row_of[documents] = np.arange(len(documents))
    parts = [part for part in _blocks(segment, row_of) if len(part[0])]
    if not parts:
        empty = np.zeros(0, np.int64)
        return _Turned((empty,) * 4, np.zeros(len(documents) + 1, np.int64))
    rows, terms, packed, forms = (np.concatenate(one) for one in zip(*parts, strict=True))
    order = np.lexsort((terms, packed, rows))
    rows, terms, packed, forms = (one[order] for one in (rows, terms, packed, forms))
    words = segment.term_words[segment.term_words_start[terms].astype(np.int64) + forms].astype(np.int64)
    bits = segment.field_position_bits
    bounds = np.searchsorted(rows, np.arange(len(documents) + 1))
    return _Turned((bits.fields(packed), bits.positions(packed), terms, words), bounds)


def _blocks(segment: Segment, row_of: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """Yield row, term, field position and form of the occurrences that are wanted, block by block."""
    occurrence = 0
    for first in range(0, len(segment.documents), BLOCK):
        rows = row_of[segment.documents.between(first, min(first + BLOCK, len(segment.documents)))]
        counts = segment.counts[first : first + BLOCK]
        starts = begins(counts) + occurrence
        occurrence = int(starts[-1])
        wanted = np.flatnonzero(rows >= 0)
        terms = np.searchsorted(segment.term_postings, wanted + first, "right") - 1
        repeats = counts[wanted].astype(np.int64)
        totals = begins(repeats)
        slots = np.arange(totals[-1]) + (starts[wanted] - totals[:-1]).repeat(repeats)
        terms = terms.repeat(repeats)
        yield (
            rows[wanted].astype(np.int64).repeat(repeats),
            terms,
            segment.field_positions[slots].astype(np.int64),
            segment.forms.among(terms, slots).astype(np.int64),
        )


def _codes(segment: Segment, documents: NDArray[np.intp]) -> dict[int, list[str]]:
    """Return the keys of the codes of documents, by their row."""
    found: dict[int, list[str]] = {}
    places = np.flatnonzero(np.isin(segment.code_documents, documents))
    keys = np.searchsorted(begins(segment.code_counts), places, "right") - 1
    rows = np.searchsorted(documents, segment.code_documents[places])
    for row, key in zip(rows.tolist(), keys.tolist(), strict=True):
        found.setdefault(row, []).append(segment.codes[key])
    return found
