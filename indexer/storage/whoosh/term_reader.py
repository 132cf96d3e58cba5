"""The terms of all fields, as Whoosh reads them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from whoosh.codec import base
from whoosh.fields import Schema
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo

from indexer.storage.segment import Segment
from indexer.storage.whoosh.field_terms import FieldPostings, FieldTerms, terms_of_fields


class FlatTermsReader(base.TermsReader):
    """Terms and postings of each field of a segment; threads may share it."""

    def __init__(self, segment: Segment, schema: Schema) -> None:
        self._fields: dict[str, FieldTerms] = terms_of_fields(segment, schema)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return field in self._fields and self._fields[field].find(text) >= 0

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return the fields that have terms."""
        return tuple(self._fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term, ascending."""
        for field in sorted(self._fields):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field from `prefix` on."""
        return ((fieldname, text) for text in self._fields[fieldname].texts_from(prefix))

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
        found = self._postings(fieldname, text)
        return TermInfo(
            weight=float(found.weights.sum()),
            df=len(found.documents),
            minlength=int(found.lengths.min()),
            maxlength=int(found.lengths.max()),
            maxweight=float(found.weights.max()),
            minid=int(found.documents[0]),
            maxid=int(found.documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the sum of a term's weights in a field."""
        return float(self._postings(fieldname, text).weights.sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term in a field."""
        return len(self._postings(fieldname, text).documents)

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        """Return a cursor over the terms of a field."""
        return TermCursor([fieldobj.from_bytes(text) for text in self._fields[fieldname].texts_from(b"")])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return a matcher over the postings of a term."""
        found = self._postings(fieldname, text)
        documents, weights = found.documents.tolist(), found.weights.tolist()
        return ListMatcher(documents, weights, found.values, format_, scorer=scorer, term=(fieldname, text))

    def _postings(self, field: str, text: bytes) -> FieldPostings:
        terms = self._fields.get(field)
        number = -1 if terms is None else terms.find(text)
        if terms is None or number < 0:
            raise KeyError((field, text))
        return terms.postings(number)


class TermCursor(base.FieldCursor):
    """Walks the terms of a field, for Whoosh's typo search."""

    def __init__(self, texts: list[str]) -> None:
        """Begin at the first of ascending texts."""
        self._texts, self._at = texts, 0

    def first(self) -> str | None:
        """Go to the first term and return it."""
        self._at = 0
        return self.text()

    def find(self, string: str) -> str | None:
        """Go to the first term that is not below `string` and return it."""
        self._at = bisect_left(self._texts, string)
        return self.text()

    def next(self) -> str | None:
        """Go to the next term and return it."""
        self._at += 1
        return self.text()

    def text(self) -> str | None:
        """Return the term, None behind the last one."""
        return self._texts[self._at] if self.is_valid() else None

    def is_valid(self) -> bool:
        """Tell whether there is a term."""
        return self._at < len(self._texts)
