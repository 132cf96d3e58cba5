"""What completions take from the arrays of a segment: counts, the way words are written, names and titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.document import Project
from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64, Segment
from search_app.embedded.postings.terms import TermReader
from search_app.embedded.titles import Titles, holding

# The documents with the whole words of a text are asked for several times while it is completed.
CACHED_CONTEXTS = 4


class SegmentSources:
    """The sources of completions in one segment; threads may share it."""

    def __init__(self, segment: Segment, reader: TermReader) -> None:
        """Read `segment` by its `reader`."""
        self._segment, self._reader = segment, reader
        self._titles = Titles(segment, reader)
        self._context = lru_cache(CACHED_CONTEXTS)(self._holding)

    def with_codes(self, key: str, limit: int) -> Iterator[Project]:
        """Yield the projects with one of the first `limit` codes that begin with a key."""
        segment = self._segment
        low, high = segment.codes.prefixed(key)
        begin, end = self._reader.code_starts[[low, min(high, low + limit)]].tolist()
        for document in dict.fromkeys(segment.code_documents[begin:end].tolist()):
            yield segment.project(document)

    def uses(self, terms: Sequence[int], whole: Sequence[frozenset[int]]) -> list[int]:
        """Return how many projects have each of some terms and one of each set of `whole`."""
        context = self._context(tuple(whole))
        return [int(np.count_nonzero(context[self._reader.documents_of(term)])) for term in terms]

    def form_uses(self, term: int, whole: Sequence[frozenset[int]]) -> list[int]:
        """Return how often each form of a term stands in projects that have one of each set of `whole`."""
        segment, context = self._segment, self._context(tuple(whole))
        begin, end = segment.term_postings[term : term + 2].tolist()
        forms = int(segment.term_words_start[term + 1]) - int(segment.term_words_start[term])
        inside = np.repeat(context[self._reader.documents_of(term)], segment.counts[begin:end])
        uses: list[int] = np.bincount(segment.forms.of(term)[inside], minlength=forms).tolist()
        return uses

    def first_with(self, term: int, form: int) -> Project:
        """Return the first project that has a form of a term."""
        segment = self._segment
        begin, end = segment.term_postings[term : term + 2].tolist()
        occurrence = int(np.argmax(segment.forms.of(term) == form))
        posting = np.searchsorted(begins(segment.counts[begin:end]), occurrence, "right") - 1
        return segment.project(int(self._reader.documents_of(term)[posting]))

    def grantees(self) -> tuple[Sequence[str], I64]:
        """Return the names of all grantees, sorted, "" for none, and the number of projects of each."""
        names = list(self._segment.grantee_names)
        return names, np.bincount(self._segment.grantee, minlength=len(names))

    def titles(
        self, text: str, whole: Sequence[frozenset[int]], terms: Sequence[int], prefixes: tuple[str, ...]
    ) -> Iterator[tuple[Project, int]]:
        """Yield projects by their titles, each title once, and how many have that title."""
        return self._titles.having(text, whole, terms, prefixes)

    def _holding(self, whole: tuple[frozenset[int], ...]) -> NDArray[np.bool_]:
        return holding(len(self._segment), whole, self._reader.documents_of)
