"""Runs become the terms, postings and occurrences of a segment, in array passes.

Two ways of merging are needed. A full build has runs one after the other: each holds higher document
numbers than the one before. An incremental build has what is left of the last segment and one run of
new documents, whose numbers interleave. Both come down to one question, where each posting goes, and
then to scattering; so they give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.impacts import field_norms, fill_impacts
from indexer.postings import FIELD_SHIFT, POSITION_MASK, U32, ZERO, Run, documents_per_word, ragged
from indexer.schema import TEXT_FIELDS
from indexer.segment import Segment, SegmentWriter, field_shift, smallest

I64 = NDArray[np.int64]
# Where the postings of a run go: their places, or a mask over all postings if they keep their order.
Destination = I64 | NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms and words of all runs, sorted; arrays as in Segment, plus each word's form [W]."""

    terms: list[str]
    words: list[str]
    word_terms: U32
    word_documents: U32
    term_words: U32
    term_words_start: U32
    word_forms: U32


def unite(runs: Sequence[Run]) -> Vocabulary:
    """Return the vocabulary of runs whose documents are disjoint; words in no document are left out."""
    found: dict[str, int] = {}
    stems: dict[str, str] = {}
    for run in runs:
        for word, term, documents in zip(
            run.words, run.word_terms.tolist(), run.word_documents.tolist(), strict=True
        ):
            if documents:
                found[word] = found.get(word, 0) + documents
                stems[word] = run.terms[term]
    words = sorted(found)
    terms = sorted(set(stems.values()))
    numbers = {term: number for number, term in enumerate(terms)}
    word_terms = np.array([numbers[stems[word]] for word in words], np.uint32)
    term_words = np.argsort(word_terms, kind="stable").astype(np.uint32)
    starts = np.searchsorted(word_terms[term_words], np.arange(len(terms) + 1)).astype(np.uint32)
    word_forms = np.empty(len(words), np.uint32)
    word_forms[term_words] = np.arange(len(words), dtype=np.uint32) - starts[word_terms[term_words]]
    documents_of = np.array([found[word] for word in words], np.uint32)
    return Vocabulary(terms, words, word_terms, documents_of, term_words, starts, word_forms)


def merge(runs: Sequence[Run], writer: SegmentWriter, *, interleaved: bool = False) -> None:
    """Write the terms, postings and occurrences of `runs`, whose documents together are 0 to N - 1.

    `interleaved` says that there are two runs, `remaining` and `placed`, whose document numbers alternate;
    otherwise each run follows the one before.
    """
    vocabulary = unite(runs)
    numbers = _Numbers(vocabulary)
    terms = [numbers.terms(run) for run in runs]
    runs = [numbers.with_forms(run) for run in runs]
    postings = _term_postings(runs, terms, len(vocabulary.terms))
    destinations = _interleaved(runs, terms) if interleaved else _in_sequence(runs, terms, postings)
    _write_vocabulary(vocabulary, writer)
    _write_acronyms(runs, writer)
    writer.array("term_postings", postings.astype(np.uint64))
    lengths = _lengths(runs, interleaved)
    writer.array("lengths", lengths)
    _write_postings(runs, destinations, _Shape(vocabulary, postings, lengths), writer)


def _write_vocabulary(vocabulary: Vocabulary, writer: SegmentWriter) -> None:
    writer.texts("terms", vocabulary.terms)
    writer.texts("words", vocabulary.words)
    for name in ("word_terms", "word_documents", "term_words", "term_words_start"):
        writer.array(name, getattr(vocabulary, name))


def _write_acronyms(runs: Sequence[Run], writer: SegmentWriter) -> None:
    acronyms = sorted({run.acronyms[number] for run in runs for number in set(run.mentions[:, 1].tolist())})
    numbers = {pair: number for number, pair in enumerate(acronyms)}
    rows = [
        (document, numbers[run.acronyms[pair]]) for run in runs for document, pair in run.mentions.tolist()
    ]
    writer.texts("acronyms", acronyms)
    writer.array("acronym_mentions", np.array(sorted(rows), np.uint32).reshape(-1, 2))


class _Numbers:
    """The numbers of texts in the united vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = {word: number for number, word in enumerate(vocabulary.words)}
        self._terms = {term: number for number, term in enumerate(vocabulary.terms)}
        self._forms = np.append(vocabulary.word_forms, np.uint32(0))

    def with_forms(self, run: Run) -> Run:
        """Return the run with the forms of its occurrences in place of their words."""
        # A word that is in no document any more has no occurrences either: any form will do.
        words = np.array([self._words.get(word, -1) for word in run.words], np.intp)
        return replace(run, occurrences=self._forms[words][run.occurrences])

    def terms(self, run: Run) -> I64:
        """Return the united numbers of a run's terms, one past the last for those that are gone."""
        none = len(self._terms)
        return np.array([self._terms.get(term, none) for term in run.terms], np.int64)


def _term_postings(runs: Sequence[Run], terms: Sequence[I64], size: int) -> I64:
    """Return where the postings of each united term begin, int64 [size + 1]."""
    total = np.zeros(size + 1, np.int64)
    for run, numbers in zip(runs, terms, strict=True):
        total[numbers] += run.term_postings
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(total[:-1])))


def _in_sequence(runs: Sequence[Run], terms: Sequence[I64], postings: I64) -> list[Destination]:
    """Return where each posting of each run goes when every run follows the one before."""
    begins = postings.copy()
    destinations: list[Destination] = []
    for run, numbers in zip(runs, terms, strict=True):
        destinations.append(ragged(begins[numbers], run.term_postings))
        begins[numbers] += run.term_postings
    return destinations


def _interleaved(runs: Sequence[Run], terms: Sequence[I64]) -> list[Destination]:
    """Return where the postings of two runs, both in order of terms, go when their documents alternate."""
    old, new = (
        np.repeat(numbers, run.term_postings) << 32 | run.documents
        for run, numbers in zip(runs, terms, strict=True)
    )
    is_old = np.ones(len(old) + len(new), np.bool_)
    is_old[np.searchsorted(old, new) + np.arange(len(new))] = False
    return [is_old, ~is_old]


def _lengths(runs: Sequence[Run], interleaved: bool) -> U32:
    if not interleaved:
        return np.concatenate([run.lengths for run in runs], axis=1)
    # Interleaved runs give the lengths of every document, zero for those that are not theirs.
    return np.sum([run.lengths for run in runs], axis=0, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class _Shape:
    vocabulary: Vocabulary
    postings: I64
    lengths: U32


def _write_postings(
    runs: Sequence[Run], destinations: list[Destination], shape: _Shape, writer: SegmentWriter
) -> None:
    size = int(shape.postings[-1])
    documents = writer.allocate("documents", "<u4", size)
    most = max((int(run.counts.max()) for run in runs if len(run.counts)), default=0)
    counts = writer.allocate("counts", smallest(most), size)
    for run, places in zip(runs, destinations, strict=True):
        documents[places] = run.documents
        counts[places] = run.counts
    ends = np.cumsum(counts, dtype=np.int64)
    term_places = np.concatenate(([0], ends))[shape.postings]
    writer.array("term_places", term_places.astype(np.uint64))
    slots = [_slots(run, one, counts, ends) for run, one in zip(runs, destinations, strict=True)]
    places = _write_occurrences(runs, slots, shape, writer)
    shift = field_shift(places.dtype)
    writer.array("field_documents", _field_documents(counts, places >> shift, shape.postings))
    impacts = writer.allocate("impacts", "<f4", size)
    fill_impacts(impacts, field_norms(shape.lengths), (documents, counts, places), shape.postings, shift)


def _slots(run: Run, destination: Destination, counts: NDArray[np.integer], ends: I64) -> Destination:
    """Return where the occurrences of a run go, given where its postings go."""
    if destination.dtype == np.bool_:
        return np.repeat(destination, counts)
    return ragged((ends - counts)[destination], run.counts)


def _write_occurrences(
    runs: Sequence[Run], slots: Sequence[Destination], shape: _Shape, writer: SegmentWriter
) -> NDArray[np.unsignedinteger]:
    """Scatter places and forms of the runs into their slots; return the places [T]."""
    size = sum(len(run.places) for run in runs)
    narrow = int(shape.lengths.max(initial=0)) < 1 << field_shift("<u2")
    places = writer.allocate("places", "<u2" if narrow else "<u4", size)
    most_forms = int(np.diff(shape.vocabulary.term_words_start.astype(np.int64)).max(initial=0))
    forms = writer.allocate("forms", smallest(most_forms), size)
    shift = field_shift(places.dtype)
    for run, slot in zip(runs, slots, strict=True):
        places[slot] = (run.places >> FIELD_SHIFT << shift) | (run.places & POSITION_MASK)
        forms[slot] = run.occurrences
    return places


def _field_documents(counts: NDArray[np.integer], fields: NDArray[np.integer], postings: I64) -> U32:
    """Return how many documents have each term in each field, uint32 [fields, V]."""
    found = np.zeros((len(TEXT_FIELDS), len(postings) - 1), np.uint32)
    if not len(counts):
        return found
    starts = np.cumsum(counts, dtype=np.int64) - counts
    present = np.bitwise_or.reduceat(np.left_shift(1, fields, dtype=np.uint8), starts)
    for field in range(len(TEXT_FIELDS)):
        totals = np.concatenate((ZERO, np.cumsum(present >> field & 1, dtype=np.uint32)))
        found[field] = np.diff(totals[postings])
    return found


def placed(run: Run, numbers: I64, documents: int) -> Run:
    """Return a run of documents 0, 1, … as if they had the ascending `numbers` among all `documents`."""
    lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
    lengths[:, numbers] = run.lengths
    mentions = run.mentions.copy()
    mentions[:, 0] = numbers[mentions[:, 0]]
    moved = replace(run, documents=numbers[run.documents].astype(np.uint32), lengths=lengths, mentions=mentions)
    return _in_term_order(moved)


def _in_term_order(run: Run) -> Run:
    """Return the same run with its terms sorted, so that its postings ascend as those of a segment do."""
    by_text = np.array(sorted(range(len(run.terms)), key=run.terms.__getitem__), np.intp)
    ranks = np.empty(len(by_text), np.uint32)
    ranks[by_text] = np.arange(len(by_text), dtype=np.uint32)
    ends = np.cumsum(run.term_postings, dtype=np.int64)
    postings = ragged((ends - run.term_postings)[by_text], run.term_postings[by_text])
    place_ends = np.cumsum(run.counts, dtype=np.int64)
    slots = ragged((place_ends - run.counts)[postings], run.counts[postings])
    return replace(
        run,
        terms=[run.terms[number] for number in by_text.tolist()],
        word_terms=ranks[run.word_terms],
        term_postings=run.term_postings[by_text],
        documents=run.documents[postings],
        counts=run.counts[postings],
        places=run.places[slots],
        occurrences=run.occurrences[slots],
    )


def remaining(segment: Segment, new_numbers: I64, documents: int) -> Run:
    """Return what is left of a segment as a run.

    `new_numbers` int64 [N] gives each old document its number among the new `documents`, ascending
    over those that stay, and -1 to those that go.
    """
    numbers = new_numbers[segment.documents]
    kept = numbers >= 0
    counts = segment.counts.astype(np.uint32)
    shift = segment.field_shift
    term_words = np.repeat(segment.term_words_start[:-1], np.diff(segment.term_places).astype(np.int64))
    words = segment.term_words[term_words + segment.forms]
    occurrence_kept = np.repeat(kept, counts)
    gone = documents_per_word(
        words[~occurrence_kept], counts[~kept], segment.documents[~kept], len(segment.words)
    )
    places = segment.places[occurrence_kept].astype(np.uint32)
    totals = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))[segment.term_postings.astype(np.int64)]
    lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
    stays = new_numbers >= 0
    lengths[:, new_numbers[stays]] = segment.lengths[:, stays]
    return Run(
        terms=list(segment.terms),
        words=list(segment.words),
        word_terms=segment.word_terms,
        word_documents=segment.word_documents - gone,
        term_postings=np.diff(totals).astype(np.uint32),
        documents=numbers[kept].astype(np.uint32),
        counts=counts[kept],
        places=(places >> shift << FIELD_SHIFT) | (places & ((1 << shift) - 1)),
        occurrences=words[occurrence_kept],
        lengths=lengths,
        acronyms=list(segment.acronyms),
        mentions=_mentions_left(segment, new_numbers),
    )


def _mentions_left(segment: Segment, new_numbers: I64) -> U32:
    numbers = new_numbers[segment.acronym_mentions[:, 0]]
    left = np.stack([numbers, segment.acronym_mentions[:, 1]], axis=1)
    return left[numbers >= 0].astype(np.uint32)
