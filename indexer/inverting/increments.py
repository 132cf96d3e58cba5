"""An incremental build in runs: what stays of the last segment, and what is new, numbered as one corpus."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.inverting.counting import DocumentCounter
from indexer.inverting.runs import AT_ONCE, Run, Weighed
from indexer.storage.arrays.mapping import let_go
from indexer.storage.arrays.slices import AllBut, ragged, sums_before
from indexer.storage.impacts import mean_lengths
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import I64, U32, Segment, Unsigned
from indexer.text.stemming import Stemming


def renumbered(run: Run, numbers: I64, documents: int) -> Run:
    """Return a run of documents 0, 1, … as if they had the ascending `numbers` among all `documents`.

    Document 1 of a run becomes document 7 with the numbers [4, 7].
    """
    lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
    lengths[:, numbers] = run.lengths
    own_lengths = np.zeros((len(run.own_lengths), documents), np.uint32)
    own_lengths[:, numbers] = run.own_lengths
    mentions = run.mentions.copy()
    mentions[:, 0] = numbers[mentions[:, 0]]
    return replace(
        run, documents=numbers[run.documents].astype(np.uint32), lengths=lengths, own_lengths=own_lengths,
        mentions=mentions,
    )  # fmt: skip


class Last:
    """The last segment, to be taken over into the next one; its words and terms are read once."""

    def __init__(self, segment: Segment, stemming: Stemming) -> None:
        """Take over from `segment`, whose words have the terms that `stemming` gives."""
        self._segment, self._stemming = segment, stemming
        self._words, self._terms = list(segment.words), list(segment.terms)

    def stems(self, words: Iterable[str]) -> Iterator[str]:
        """Yield the terms of words: those that the segment has as it has them, the others analysed."""
        known, word_terms = self._words, self._segment.word_terms
        for word in words:
            number = bisect_left(known, word)
            if number < len(known) and known[number] == word:
                yield self._terms[word_terms[number]]
            else:
                yield self._stemming.stem(word)

    def remaining(self, new_numbers: I64, documents: int) -> Run:
        """Return what is left of the segment as a run.

        `new_numbers` int64 [N] gives each old document its number among the new `documents`, ascending
        over those that stay, and -1 to those that go.
        """
        segment, stays = self._segment, new_numbers >= 0
        left, gone_postings = _documents_left(segment, new_numbers)
        gone = _gone(segment, gone_postings)
        word_documents = gone.counter.documents()
        postings = AllBut(gone_postings, len(segment.documents))
        occurrences = AllBut(gone.occurrences, len(segment.field_positions))
        lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
        lengths[:, new_numbers[stays]] = segment.lengths[:, stays]
        own_lengths = np.zeros((len(segment.own_lengths), documents), np.uint32)
        own_lengths[:, new_numbers[stays]] = segment.own_lengths[:, stays]
        run = Run(
            terms=self._terms,
            words=[self._words[number] for number in segment.term_words.tolist()],
            word_terms=segment.word_terms[segment.term_words],
            word_documents=segment.word_documents[segment.term_words] - word_documents,
            term_postings=_left(segment.term_postings, gone.counter.terms),
            term_occurrences=_left(
                segment.term_occurrences, np.repeat(gone.counter.terms, gone.counter.counts)
            ),
            documents=left,
            counts=postings.of(segment.counts),
            field_positions=occurrences.of(segment.field_positions),
            forms=occurrences.of(segment.forms.every()),
            lengths=lengths,
            own_lengths=own_lengths,
            acronyms=list(segment.acronyms),
            mentions=_mentions_left(segment, new_numbers),
            weighed=Weighed(mean_lengths(segment.lengths), postings.of(segment.impacts)),
        )
        # All of these are in the run now; what is written next needs the room.
        let_go(
            segment.documents.places, segment.impacts, segment.counts, segment.field_positions,
            segment.forms.kept,
        )  # fmt: skip
        return run


def _documents_left(segment: Segment, new_numbers: I64) -> tuple[U32, I64]:
    """Return the new numbers of the documents of the postings that stay, and which postings go."""
    size, filled = len(segment.documents), 0
    left, gone = np.empty(size, np.uint32), [np.zeros(0, np.int64)]
    for first in range(0, size, AT_ONCE):
        numbers = new_numbers[segment.documents.between(first, min(first + AT_ONCE, size))]
        stays = numbers >= 0
        if not stays.all():
            gone.append(first + np.flatnonzero(~stays))
            numbers = numbers[stays]
        left[filled : filled + len(numbers)] = numbers
        filled += len(numbers)
    return left[:filled], np.concatenate(gone)


@dataclass(frozen=True, slots=True)
class _Gone:
    """What goes of a segment: the numbers of the occurrences, int64 ascending, and what counts them."""

    occurrences: I64
    counter: DocumentCounter


def _gone(segment: Segment, postings: I64) -> _Gone:
    counts = segment.counts[postings]
    occurrences = ragged(sums_before(segment.counts, postings), counts)
    terms = np.searchsorted(segment.term_postings, postings, "right") - 1
    counter = DocumentCounter(
        terms,
        counts,
        segment.forms.among(np.repeat(terms, counts), occurrences),
        segment.term_words_start.astype(np.int64),
    )
    return _Gone(occurrences, counter)


def _left(starts: Unsigned, gone_terms: NDArray[np.integer]) -> U32:
    """Return how many a term has left, uint32 [V], of those that begin at `starts` [V + 1]."""
    counts = np.diff(starts.astype(np.int64)) - np.bincount(gone_terms, minlength=len(starts) - 1)
    return counts.astype(np.uint32)


def _mentions_left(segment: Segment, new_numbers: I64) -> U32:
    numbers = new_numbers[segment.acronym_mentions[:, 0]]
    left = np.stack([numbers, segment.acronym_mentions[:, 1]], axis=1)
    return left[numbers >= 0].astype(np.uint32)
