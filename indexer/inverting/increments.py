"""An incremental build: what stays of the last segment, and what is new, numbered as one corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.inverting.counting import DocumentCounter
from indexer.inverting.dictionary import StemsOf
from indexer.inverting.runs import Run, Vocabulary
from indexer.storage.arrays.listed import AT_ONCE, BLOCK_BITS, Listed, blocks_of
from indexer.storage.arrays.slices import ragged, sums_before
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


@dataclass(frozen=True, slots=True)
class Remaining(Vocabulary):
    """What is left of a segment of N documents: its postings stay as they are, but for those that are gone.

    `new_numbers` int64 [N] gives each of its documents its number now, ascending over those that stay, and
    -1 to those that go. `gone_postings` and `gone_occurrences` int64, ascending, are those of the segment
    that go, `places` uint16 [P] the places in their blocks that the documents of its postings have now, and
    `blocked` int64 [V * blocks] how many postings each term has left in each block of documents.
    """

    segment: Segment
    new_numbers: I64
    gone_postings: I64
    gone_occurrences: I64
    places: NDArray[np.uint16]
    blocked: I64

    def before(self, documents: NDArray[np.integer]) -> I64:
        """Return before which old document each of some new ones stands, int64 [n], N for the end."""
        stays = np.flatnonzero(self.new_numbers >= 0)
        numbers = np.searchsorted(self.new_numbers[stays], documents)
        return np.append(stays, len(self.new_numbers))[numbers]


def stems_of(segment: Segment, stemming: Stemming) -> StemsOf:
    """Return what gives words their terms: those of a segment as it has them, the others by `stemming`.

    So an update without new words need not import NLTK.
    """

    def _stems(words: Iterable[str]) -> Iterator[str]:
        for word in words:
            number = segment.words.find(word)
            yield segment.terms[int(segment.word_terms[number])] if number >= 0 else stemming.stem(word)

    return _stems


def remaining(segment: Segment, new_numbers: I64, documents: int) -> Remaining:
    """Return what is left of a segment among so many new `documents`, numbered as in Remaining."""
    stays, words = new_numbers >= 0, list(segment.words)
    postings = segment.documents.having(np.flatnonzero(~stays))
    gone = _gone(segment, postings)
    # What goes has the number of what stays before it.
    numbers = np.maximum.accumulate(new_numbers).clip(0)
    lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
    lengths[:, new_numbers[stays]] = segment.lengths[:, stays]
    own_lengths = np.zeros((len(segment.own_lengths), documents), np.uint32)
    own_lengths[:, new_numbers[stays]] = segment.own_lengths[:, stays]
    return Remaining(
        terms=list(segment.terms),
        words=[words[number] for number in segment.term_words.tolist()],
        word_terms=segment.word_terms[segment.term_words],
        word_documents=segment.word_documents[segment.term_words] - gone.counter.documents(),
        term_postings=_left(segment.term_postings, gone.counter.terms),
        term_occurrences=_left(segment.term_occurrences, np.repeat(gone.counter.terms, gone.counter.counts)),
        lengths=lengths,
        own_lengths=own_lengths,
        acronyms=list(segment.acronyms),
        mentions=_mentions_left(segment, new_numbers),
        segment=segment,
        new_numbers=new_numbers,
        gone_postings=postings,
        gone_occurrences=gone.occurrences,
        places=_places(segment.documents, numbers, stays),
        blocked=_blocked(segment.documents, numbers, postings, blocks_of(documents)),
    )


def _places(listed: Listed, numbers: I64, stays: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Return the new places of the documents of all postings, uint16 [P], given the new `numbers` of all."""
    if not ((numbers != np.arange(len(numbers))) & stays).any():
        # What changed has kept its place in the order.
        return listed.places
    places, places_of = np.empty(len(listed), np.uint16), numbers.astype(np.uint16)
    for first in range(0, len(listed), AT_ONCE):
        last = min(first + AT_ONCE, len(listed))
        places[first:last] = places_of.take(listed.between(first, last))
    return places


def _blocked(listed: Listed, numbers: I64, gone: I64, blocks: int) -> I64:
    """Return how many postings each term has left in each of so many blocks, int64 [V * blocks].

    `numbers` int64 [N] are the new ones of all documents, ascending; what goes has that of a neighbour.
    """
    terms = np.arange(len(listed.terms) - 1)
    firsts = np.searchsorted(numbers, np.arange(blocks) << BLOCK_BITS)
    starts = np.stack([listed.before(terms, np.full(len(terms), first)) for first in firsts.tolist()], axis=1)
    starts = np.append(starts.reshape(-1), len(listed))
    return np.diff(starts) - np.bincount(
        np.searchsorted(starts, gone, "right") - 1, minlength=len(starts) - 1
    )


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
