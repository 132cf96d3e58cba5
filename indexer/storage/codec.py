"""The segment behind Whoosh's codec interface: stock `whoosh.searching.Searcher` answers over it.

This is the cross-check, not the query path: term, boolean, phrase, prefix and fuzzy queries of Whoosh run
unchanged over the mapped arrays, and the tests hold our matcher against them. The field `text` stands
for all fields at once; the weight of its postings is the precomputed impact, so that `ImpactWeighting`
scores as our matcher does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, scoring
from whoosh.codec import base
from whoosh.filedb.filestore import RamStorage
from whoosh.matching import ListMatcher
from whoosh.reading import SegmentReader, TermInfo

from indexer.storage.schema import ANY_FIELD, TEXT_FIELDS, FlatPositions, schema
from indexer.storage.segment import Segment

FIELDS = (*TEXT_FIELDS, ANY_FIELD)
_DAYS = {"start": "start", "end": "end"}


def reader(segment: Segment) -> SegmentReader:
    """Return a Whoosh reader over a segment."""
    flat = FlatSegment(segment)
    return SegmentReader(RamStorage(), schema(), flat, codec=FlatCodec(segment))


class FlatSegment(base.Segment):
    """Whoosh's view of a segment: one, without deletions."""

    def __init__(self, segment: Segment) -> None:
        super().__init__("flat")  # type: ignore[no-untyped-call]
        self._segment = segment

    def codec(self) -> FlatCodec:
        """Return the codec that reads it."""
        return FlatCodec(self._segment)

    def doc_count_all(self) -> int:
        """Return the number of documents."""
        return len(self._segment)

    def deleted_count(self) -> int:
        """Return 0: changes are merged, never marked."""
        return 0

    def deleted_docs(self) -> frozenset[int]:
        """Return nothing."""
        return frozenset()

    def is_deleted(self, docnum: int) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Raise: a generation is never changed."""
        raise NotImplementedError("a generation is never changed; run reindex")

    def set_doc_count(self, doccount: int) -> None:
        """Raise: a generation is never changed."""
        raise NotImplementedError("a generation is never changed; run reindex")


class FlatCodec(base.Codec):
    """Reads a segment; the writing half of the interface refuses, for `merging` writes."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def _refuse(self, *_arguments: Any, **_options: Any) -> Any:
        raise NotImplementedError("segments are written by reindex")

    field_writer = new_segment = per_document_writer = postings_reader = postings_writer = _refuse

    def terms_reader(self, storage: Any, segment: Any) -> FlatTermsReader:  # noqa: ARG002
        """Return the reader of terms and postings."""
        return FlatTermsReader(self._segment)

    def per_document_reader(self, storage: Any, segment: Any) -> FlatDocumentReader:  # noqa: ARG002
        """Return the reader of stored projects, lengths and columns."""
        return FlatDocumentReader(self._segment)


class FlatTermsReader(base.TermsReader):
    """Terms of each field and of all fields together."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._number(*term) >= 0

    def _number(self, field: str, text: bytes) -> int:
        number = self._segment.terms.find(text.decode())
        return number if number >= 0 and self._in_field(field, number) else -1

    def _in_field(self, field: str, number: int) -> bool:
        return field == ANY_FIELD or bool(self._segment.field_documents[TEXT_FIELDS.index(field), number])

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return the fields that have terms."""
        return FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term, ascending."""
        for field in sorted(FIELDS):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field from `prefix` on."""
        for number in range(self._segment.terms.lower_bound(prefix), len(self._segment.terms)):
            if self._in_field(fieldname, number):
                yield fieldname, self._segment.terms.encoded(number)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its statistics."""
        for field, text in self.terms():
            yield (field, text), self.term_info(field, text)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the terms of a field from `prefix` on with their statistics."""
        for field, text in self.terms_from(fieldname, prefix):
            yield (field, text), self.term_info(field, text)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term; raise KeyError for an unknown one."""
        documents, weights, _ = self._postings(fieldname, text)
        lengths = _lengths(self._segment, fieldname)[documents]
        return TermInfo(
            weight=float(weights.sum()),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the sum of a term's weights in a field."""
        return float(self._postings(fieldname, text)[1].sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term in a field."""
        return len(self._postings(fieldname, text)[0])

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:  # noqa: ARG002
        """Return a cursor over the terms of a field."""
        return _Cursor([text.decode() for _, text in self.terms_from(fieldname, b"")])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return a matcher over the postings of a term."""
        documents, weights, values = self._postings(fieldname, text)
        return ListMatcher(
            documents.tolist(), weights.tolist(), values, format_, scorer=scorer, term=(fieldname, text)
        )

    def _postings(self, field: str, text: bytes) -> tuple[NDArray[np.uint32], NDArray[Any], list[bytes]]:
        """Return documents, weights and encoded positions of the postings of a term in a field."""
        segment, number = self._segment, self._number(field, text)
        if number < 0:
            raise KeyError((field, text))
        begin, end = (int(one) for one in segment.term_postings[number : number + 2])
        documents, counts = segment.documents[begin:end], segment.counts[begin:end]
        first, last = (int(one) for one in segment.term_occurrences[number : number + 2])
        field_positions = segment.field_positions[first:last].astype(np.uint32)
        rows = np.repeat(np.arange(len(documents)), counts)
        if field == ANY_FIELD:
            return documents, segment.impacts[begin:end], _encoded(rows, field_positions, len(documents))
        bits = segment.field_position_bits
        inside = bits.fields(field_positions) == TEXT_FIELDS.index(field)
        rows, positions = rows[inside], bits.positions(field_positions[inside])
        present, weights = np.unique(rows, return_counts=True)
        return (
            documents[present],
            weights.astype(float),
            _encoded(np.searchsorted(present, rows), positions, len(present)),
        )


def _encoded(rows: NDArray[np.intp], positions: NDArray[np.uint32], size: int) -> list[bytes]:
    encode = FlatPositions().encode
    return [encode(own) for own in np.split(positions, np.searchsorted(rows, np.arange(1, size)).tolist())]


def _lengths(segment: Segment, field: str) -> NDArray[np.uint32]:
    if field == ANY_FIELD:
        total: NDArray[np.uint32] = np.sum(segment.lengths, axis=0, dtype=np.uint32)
        return total
    lengths: NDArray[np.uint32] = segment.lengths[TEXT_FIELDS.index(field)]
    return lengths


class _Cursor(base.FieldCursor):
    """Walks the terms of a field, for Whoosh's typo search."""

    def __init__(self, texts: list[str]) -> None:
        self._texts, self._at = texts, 0

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def find(self, string: str) -> str | None:
        self._at = int(np.searchsorted(np.array(self._texts, object), string)) if self._texts else 0
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def text(self) -> str | None:
        return self._texts[self._at] if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._at < len(self._texts)


class FlatDocumentReader(base.PerDocumentReader):
    """Stored projects, field lengths and the date columns."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def doc_count(self) -> int:
        """Return the number of documents."""
        return len(self._segment)

    doc_count_all = doc_count

    def has_deletions(self) -> bool:
        """Return False."""
        return False

    def is_deleted(self, docnum: int) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def deleted_docs(self) -> frozenset[int]:
        """Return nothing."""
        return frozenset()

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field has a column."""
        return fieldname in _DAYS

    def list_columns(self) -> tuple[str, ...]:
        """Return the fields that have columns."""
        return tuple(_DAYS)

    def column_reader(self, fieldname: str, column: Any) -> columns.ColumnReader:
        """Return the reader of a date column, in days since 1970-01-01."""
        return _DayColumn(
            getattr(self._segment, _DAYS[fieldname]), schema()[fieldname].to_column_value, column
        )

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:  # noqa: ARG002
        """Return the positions in a field of a document."""
        return int(_lengths(self._segment, fieldname)[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return the positions in a field of all documents."""
        return int(_lengths(self._segment, fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return the positions in a field of the shortest document."""
        return int(_lengths(self._segment, fieldname).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        """Return the positions in a field of the longest document."""
        return int(_lengths(self._segment, fieldname).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return a stored project by field."""
        project = self._segment.project(docnum)
        days = (int(self._segment.start[docnum]), int(self._segment.end[docnum]))
        return {
            "id": project.id,
            "title": project.title,
            "description": project.description,
            "grantee": project.grantee,
            "start": days[0],
            "end": days[1],
        }


class _DayColumn(columns.ColumnReader):
    def __init__(self, days: NDArray[np.int32], encode: Any, column: Any) -> None:
        self._days, self._encode, self._column = days, encode, column

    def __len__(self) -> int:
        return len(self._days)

    def __getitem__(self, docnum: int) -> Any:
        return self._encode(int(self._days[docnum]))

    def sort_key(self, docnum: int) -> Any:
        return self[docnum]

    def set_reverse(self) -> None:
        self._days = -self._days


class ImpactWeighting(scoring.WeightingModel):
    """Scores a posting by its weight: in the field `text`, the precomputed BM25F impact."""

    def scorer(self, searcher: Any, fieldname: str, text: Any, qf: int = 1) -> scoring.BaseScorer:  # noqa: ARG002
        """Return a scorer that hands the weight through."""
        return _WeightScorer()


class _WeightScorer(scoring.BaseScorer):
    def supports_block_quality(self) -> bool:
        return False

    def score(self, matcher: ListMatcher) -> float:
        return float(matcher.weight())

    def max_quality(self) -> float:
        return float("inf")
