"""Titles by what is typed: those that begin so, from the alphabet, then the newest that have the words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.document import Project
from indexer.storage.segment import Segment
from indexer.text.analysis import fold
from search_app.backend.interface import MAX_TITLES_READ
from search_app.embedded.postings.terms import TermReader
from search_app.query.typed import completes

# Newest projects looked at for each word.
NEWEST = 512

# Above every character that a folded title has.
_LAST = "\U0010ffff"

Listed = NDArray[np.intp]


def holding(
    size: int, whole: Sequence[frozenset[int]], documents_of: Callable[[int], Listed]
) -> NDArray[np.bool_]:
    """Return which of `size` documents have one term of each set, bool [size]."""
    found = np.ones(size, np.bool_)
    for terms in whole:
        has = np.zeros(size, np.bool_)
        for term in terms:
            has[documents_of(term)] = True
        found &= has
    return found


class Titles:
    """The titles of a segment."""

    def __init__(self, segment: Segment, reader: TermReader) -> None:
        """Read nothing yet of `segment`."""
        self._segment, self._reader = segment, reader

    def having(
        self, text: str, whole: Sequence[frozenset[int]], terms: Sequence[int], prefixes: tuple[str, ...]
    ) -> Iterator[tuple[Project, int]]:
        """Yield projects, each title once, and how many have that title.

        The title begins with `text`, or it has one of each set of terms in `whole` and, if there are
        `prefixes`, one of the `terms` of the words that begin with them.
        """
        beginning = self._beginning(fold(text).strip())[:MAX_TITLES_READ]
        others = self._with_terms(whole, terms) if prefixes else np.flatnonzero(self._with_all(whole))
        ranks = self._segment.title_ranks
        shown = set()
        for document in dict.fromkeys([*beginning.tolist(), *others[:MAX_TITLES_READ].tolist()]):
            project = self._segment.project(document)
            if ranks[document] not in shown and completes(project.title, prefixes):
                shown.add(ranks[document])
                yield project, int(np.count_nonzero(ranks == ranks[document]))

    def _beginning(self, text: str) -> NDArray[np.intp]:
        """Return the documents whose folded title begins with `text`, newest first."""
        order = self._by_title
        first, last = (bisect_left(order, key, key=self._folded) for key in (text, text + _LAST))
        return np.sort(order[first:last])

    def _folded(self, document: int) -> str:
        return fold(self._segment.project(document).title)

    @cached_property
    def _by_title(self) -> NDArray[np.intp]:
        """The documents by title, [N]."""
        return np.argsort(self._segment.title_ranks, kind="stable")

    def _with_all(self, whole: Sequence[frozenset[int]]) -> NDArray[np.bool_]:
        return holding(len(self._segment), whole, self._reader.titled)

    def _with_terms(self, whole: Sequence[frozenset[int]], terms: Sequence[int]) -> Listed:
        """Return the newest documents with one of `terms` and all of `whole` in the title."""
        context = self._with_all(whole)
        found = [np.zeros(0, np.intp)]
        for term in dict.fromkeys(terms):
            documents = self._reader.documents_of(term)
            among = np.flatnonzero(context[documents]) if whole else np.arange(min(NEWEST, len(documents)))
            found.append(self._titled(term, among[:NEWEST]))
        return np.unique(np.concatenate(found))

    def _titled(self, term: int, postings: NDArray[np.intp]) -> Listed:
        """Return the documents of some of a term's postings (ascending) that have it in the title."""
        titled = postings[self._reader.in_title(term)[postings]]
        return self._reader.documents_of(term)[titled]
