"""A segment behind Whoosh's codec interface: stock `whoosh.searching.Searcher` answers over it.

Term, boolean, phrase, prefix, range and fuzzy queries of Whoosh run unchanged over the mapped arrays. The
service does not search this way (`search_app.embedded` is two orders of magnitude quicker); the tests hold
its answers against these.
"""

from __future__ import annotations

from typing import Any

from whoosh.codec import base
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.reading import SegmentReader

from indexer.errors import ReadOnlyIndexError
from indexer.storage.schema import schema
from indexer.storage.segment import Segment
from indexer.storage.whoosh.documents import FlatDocumentReader
from indexer.storage.whoosh.term_reader import FlatTermsReader
from indexer.text import word_rules

READ_ONLY = "an index is written by its build alone; change the corpus and run: reindex"


def refuse(*_arguments: Any, **_options: Any) -> Any:
    """Raise ReadOnlyIndexError, whatever was to be written."""
    raise ReadOnlyIndexError(READ_ONLY)


def reader(segment: Segment) -> SegmentReader:
    """Return a Whoosh reader over a segment."""
    return FlatCodec(segment).reader()


class FlatSegment(base.Segment):
    """Whoosh's view of a segment: one, without deletions."""

    def __init__(self, segment: Segment, codec: FlatCodec) -> None:
        super().__init__("flat")  # type: ignore[no-untyped-call]
        self._segment, self._codec = segment, codec

    def codec(self) -> FlatCodec:
        """Return the codec that reads it."""
        return self._codec

    def doc_count_all(self) -> int:
        """Return the number of documents."""
        return len(self._segment)

    def deleted_count(self) -> int:
        """Return 0: a build leaves out what is gone, it does not flag it."""
        return 0

    def deleted_docs(self) -> frozenset[int]:
        """Return nothing."""
        return frozenset()

    def is_deleted(self, docnum: int) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    delete_document = set_doc_count = refuse


class FlatCodec(base.Codec):
    """Reads a segment; the writing half of the interface refuses."""

    def __init__(self, segment: Segment) -> None:
        """Read `segment`, whose terms were made by the word rules of its corpus."""
        self._segment = segment
        rules = word_rules.parse("\n".join(segment.word_rules))
        self.schema: Schema = schema(rules.stem_lines)
        # One for all readers: it remembers what it worked out of the columns.
        self._terms = FlatTermsReader(segment, self.schema)

    field_writer = new_segment = per_document_writer = postings_reader = postings_writer = refuse

    def reader(self) -> SegmentReader:
        """Return a new reader over the segment."""
        return SegmentReader(RamStorage(), self.schema, FlatSegment(self._segment, self), codec=self)

    def terms_reader(self, storage: Any, segment: Any) -> FlatTermsReader:  # noqa: ARG002
        """Return the reader of terms and postings."""
        return self._terms

    def per_document_reader(self, storage: Any, segment: Any) -> FlatDocumentReader:  # noqa: ARG002
        """Return the reader of stored fields, lengths and columns."""
        return FlatDocumentReader(self._segment)
