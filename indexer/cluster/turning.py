"""Projects as a cluster takes them: postings turned round, from "which projects has a term" to the reverse.

Chunk by chunk, the postings of a segment are gone through block by block, and what belongs to the projects
of the chunk is kept. A chunk is so many occurrences, not so many projects: memory is a chunk's and a block's,
whatever the corpus, and however long its texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.documents.own_there import own_columns_of
from indexer.cluster.documents.texts import Occurrences, Wording
from indexer.cluster.mappings import LONGEST_VALUE, OWN_WORDS
from indexer.document import Project
from indexer.storage.arrays.sums import begins
from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.history.moments import days_of
from indexer.storage.impacts import mean_lengths
from indexer.storage.own_fields import from_bytes, searched_of
from indexer.storage.schema import FIELD_WEIGHTS, OWN_TEXTS, TEXT_FIELDS, B
from indexer.storage.segment import Segment
from indexer.text.analysis import fold

# Occurrences turned round together, of which texts are made together, and postings looked through at a time:
# about 150 MB of temporaries.
CHUNK, PART, BLOCK = 4_000_000, 300_000, 1_000_000
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
        means = mean_lengths(segment.lengths)
        # Nothing that a field adds to the frequencies of a project is more than that of an endless text.
        most = 2 * sum(FIELD_WEIGHTS[name] * mean / B for name, mean in zip(TEXT_FIELDS, means, strict=True))
        return cls(means, float(int(min(MOST_SCALE, MOST_FREQUENCIES / max(most, 1.0)))))

    def drift(self, now: Measures) -> float:
        """Return by which share the mean length of a field has moved since these, of all fields the most."""
        return max(abs(new / old - 1) for new, old in zip(now.means, self.means, strict=True))

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
        """Make documents of `segment`; `seen` says when its documents were seen."""
        self._segment, self._measures, self._seen = segment, measures, seen
        self._own = list(own_columns_of(segment))
        searched = [f"{OWN_WORDS}{one.name}" for one in searched_of(from_bytes(segment.own_fields))]
        names = [*TEXT_FIELDS, *searched]
        self._wording = Wording(segment.terms, segment.words, names, len(TEXT_FIELDS), measures.scale)

    def rows(self, documents: NDArray[np.intp]) -> Iterator[tuple[str, Row]]:
        """Yield id and body of some ascending documents, chunk by chunk."""
        for chunk in chunks_of(self._segment, documents, CHUNK):
            yield from self._chunk(chunk)

    def _chunk(self, documents: NDArray[np.intp]) -> Iterator[tuple[str, Row]]:
        turned, codes, first = _turned(self._segment, documents), _codes(self._segment, documents), 0
        for part in chunks_of(self._segment, documents, PART):
            last = first + len(part)
            keys = [codes.get(row, []) for row in range(first, last)]
            yield from self._part(part, turned.of(self._segment, first, last), keys)
            first = last

    def _part(
        self, documents: NDArray[np.intp], found: Occurrences, codes: Sequence[Sequence[str]]
    ) -> Iterator[tuple[str, Row]]:
        """Yield id and body of documents with their occurrences and the keys of their codes."""
        norms = self._measures.norms(self._segment.lengths[:, documents])
        if len(self._wording.names) > len(TEXT_FIELDS):
            found = _with_parts(found, self._segment.own_lengths[:, documents])
            parts = len(self._wording.names) - len(TEXT_FIELDS)
            norms = np.concatenate([norms, np.repeat(norms[[_OWN_TEXTS]], parts, axis=0)])
        texts = self._wording.fields(found, norms)
        projects = self._segment.projects(documents)
        for document, project, own, keys in zip(documents.tolist(), projects, texts, codes, strict=True):
            yield document_id(project.id), self._row(document, project, own, keys)

    def _row(self, document: int, project: Project, texts: Row, codes: Sequence[str]) -> Row:
        segment = self._segment
        start, last = segment.start.item(document), segment.end.item(document)
        first_year, last_year = segment.span_years[segment.spans.item(document)].tolist()
        row = {
            "stored": project.stored().decode(),
            "id": project.id[:LONGEST_VALUE],
            "code": list(codes),
            "span": first_year * 10_000 + last_year,
            "title_order": fold(project.title)[: LONGEST_VALUE // 4],
            **texts,
        }
        if start != UNKNOWN_DAY:
            row["start"], row["start_year"] = start, first_year
        if last != UNKNOWN_DAY:
            row["end"] = last
        if name := segment.grantee_names[segment.grantee.item(document)]:
            row["grantee_name"] = name
            row["grantee_order"] = fold(project.grantee)[: LONGEST_VALUE // 4]
        for name, moments in self._seen.items():
            if moment := moments.item(document):
                row[f"m_{name}"] = moment
                row[f"d_{name}"] = int(days_of(moments[document]))
        for name, column in self._own:
            if (value := column(document)) is not None:
                row[name] = value
        return row


def chunks_of(segment: Segment, documents: NDArray[np.intp], most: int) -> Iterator[NDArray[np.intp]]:
    """Yield documents in order, as many together as have about `most` occurrences; at least one."""
    lengths = np.zeros(len(documents), np.int64)
    for field in segment.lengths:
        lengths += field[documents]
    cuts = np.flatnonzero(np.diff(np.cumsum(lengths + 1) // most)) + 1
    yield from (one for one in np.split(documents, cuts) if len(one))


def _with_parts(found: Occurrences, lengths: NDArray[np.integer]) -> Occurrences:
    """Return occurrences and, of those in own fields, each once more in the own field that it is of.

    `lengths` [own fields, projects] says how the text of all of them is divided.
    """
    inside = np.flatnonzero(found.fields == _OWN_TEXTS)
    rows, positions = found.rows[inside], found.positions[inside]
    ends = np.cumsum(lengths, axis=0, dtype=np.int64)
    part = (ends[:, rows] <= positions).sum(axis=0)
    begin = np.concatenate([np.zeros((1, ends.shape[1]), np.int64), ends])[part, rows]
    return Occurrences(
        np.concatenate([found.rows, rows]),
        np.concatenate([found.fields, len(TEXT_FIELDS) + part]),
        np.concatenate([found.positions, positions - begin]),
        np.concatenate([found.terms, found.terms[inside]]),
        np.concatenate([found.words, found.words[inside]]),
    )


@dataclass(frozen=True, slots=True)
class _Turned:
    """The occurrences of some documents in their order, and where each one's begin."""

    bounds: NDArray[np.int64]
    rows: NDArray[np.int32]
    terms: NDArray[np.int32]
    packed: NDArray[np.unsignedinteger]
    forms: NDArray[np.unsignedinteger]

    def of(self, segment: Segment, first: int, last: int) -> Occurrences:
        """Return the occurrences of rows `first` to `last`, which are counted from 0 then."""
        begin, end = self.bounds[[first, last]].tolist()
        terms = self.terms[begin:end].astype(np.int64)
        slots = segment.term_words_start[terms].astype(np.int64) + self.forms[begin:end]
        bits, packed = segment.field_position_bits, self.packed[begin:end]
        return Occurrences(
            self.rows[begin:end].astype(np.int64) - first,
            bits.fields(packed).astype(np.int64),
            bits.positions(packed).astype(np.int64),
            terms,
            segment.term_words[slots].astype(np.int64),
        )


def _turned(segment: Segment, documents: NDArray[np.intp]) -> _Turned:
    """Return the occurrences of ascending documents."""
    row_of = np.full(len(segment) + 1, -1, np.int32)
    row_of[documents] = np.arange(len(documents))
    parts = list(_blocks(segment, row_of))
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    if not columns:
        columns = [*[np.zeros(0, np.int32)] * 2, segment.field_positions[:0], segment.forms.kept[:0]]
    del parts
    order = np.argsort(columns[0], kind="stable")
    rows, terms, packed, forms = (one[order] for one in columns)
    bounds = np.searchsorted(rows, np.arange(len(documents) + 1)).astype(np.int64)
    return _Turned(bounds, rows, terms, packed, forms)


def _blocks(segment: Segment, row_of: NDArray[np.int32]) -> Iterator[tuple[NDArray[Any], ...]]:
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
            rows[wanted].repeat(repeats),
            terms.astype(np.int32),
            segment.field_positions[slots],
            segment.forms.among(terms, slots),
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
