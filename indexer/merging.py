"""Runs become the terms, postings and occurrences of a segment, in array passes.

Two ways of merging are needed. A full build has runs one after the other: each holds higher document
numbers than the one before. An incremental build has what is left of the last segment and one run of
new documents, whose numbers interleave. Both come down to one question, where each posting goes, and
then to scattering; so they give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.impacts import Postings, field_norms, fill_impacts
from indexer.lexicon import I64, Lexicon, Numbers, unite
from indexer.runs import FIELD_SHIFT, POSITION_MASK, U32, Run, ragged
from indexer.schema import TEXT_FIELDS
from indexer.segment import SegmentWriter, field_shift, smallest

# Where the postings of a run go: their places, or a mask over all postings if they keep their order.
Destination = I64 | NDArray[np.bool_]


def merge(runs: Sequence[Run], writer: SegmentWriter, *, interleaved: bool = False) -> None:
    """Write the terms, postings and occurrences of `runs`, whose documents together are 0 to N - 1.

    `interleaved` says that there are two runs, `remaining` and `placed`, whose document numbers alternate;
    otherwise each run follows the one before.
    """
    lexicon = unite(runs)
    numbers = Numbers(lexicon)
    terms = [numbers.terms(run) for run in runs]
    runs = [numbers.with_forms(run) for run in runs]
    postings = _term_postings(runs, terms, len(lexicon.terms))
    destinations = _interleaved(runs, terms) if interleaved else _in_sequence(runs, terms, postings)
    _write_lexicon(lexicon, writer)
    _write_acronyms(runs, writer)
    writer.array("term_postings", postings.astype(np.uint64))
    lengths = _lengths(runs, interleaved)
    writer.array("lengths", lengths)
    _write_postings(runs, destinations, _Shape(lexicon, postings, lengths), writer)


def _write_lexicon(lexicon: Lexicon, writer: SegmentWriter) -> None:
    writer.texts("terms", lexicon.terms)
    writer.texts("words", lexicon.words)
    for name in ("word_terms", "word_documents", "term_words", "term_words_start"):
        writer.array(name, getattr(lexicon, name))


def _write_acronyms(runs: Sequence[Run], writer: SegmentWriter) -> None:
    acronyms = sorted({run.acronyms[number] for run in runs for number in set(run.mentions[:, 1].tolist())})
    numbers = {pair: number for number, pair in enumerate(acronyms)}
    rows = [
        (document, numbers[run.acronyms[pair]]) for run in runs for document, pair in run.mentions.tolist()
    ]
    writer.texts("acronyms", acronyms)
    writer.array("acronym_mentions", np.array(sorted(rows), np.uint32).reshape(-1, 2))


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
    total: U32 = np.sum([run.lengths for run in runs], axis=0, dtype=np.uint32)
    return total


@dataclass(frozen=True, slots=True)
class _Shape:
    lexicon: Lexicon
    postings: I64
    lengths: U32


def _write_postings(
    runs: Sequence[Run], destinations: list[Destination], shape: _Shape, writer: SegmentWriter
) -> None:
    size = int(shape.postings[-1])
    documents = writer.allocate("documents", "<u4", size)
    most = max((int(run.counts.max()) for run in runs if len(run.counts)), default=0)
    counts = writer.allocate("counts", smallest(most), size)
    for run, where in zip(runs, destinations, strict=True):
        documents[where] = run.documents
        counts[where] = run.counts
    ends = np.cumsum(counts, dtype=np.int64)
    term_places = np.concatenate(([0], ends))[shape.postings]
    writer.array("term_places", term_places.astype(np.uint64))
    # One run's at a time: they are the largest arrays of a build.
    slots = (_slots(run, where, counts, ends) for run, where in zip(runs, destinations, strict=True))
    places = _write_occurrences(runs, slots, shape, writer)
    shift = field_shift(places.dtype)
    present = _present(counts, places >> shift)
    writer.array("field_documents", _field_documents(present, shape.postings))
    writer.array("title_documents", documents.compress(present & 1))
    impacts = writer.allocate("impacts", "<f4", size)
    postings = Postings(documents, counts, places >> shift)
    fill_impacts(impacts, field_norms(shape.lengths), postings, shape.postings)


def _slots(run: Run, destination: Destination, counts: NDArray[np.integer], ends: I64) -> Destination:
    """Return where the occurrences of a run go, given where its postings go."""
    if destination.dtype == np.bool_:
        mask: NDArray[np.bool_] = np.repeat(destination, counts)
        return mask
    return ragged((ends - counts)[destination], run.counts)


def _write_occurrences(
    runs: Sequence[Run], slots: Iterable[Destination], shape: _Shape, writer: SegmentWriter
) -> NDArray[np.unsignedinteger]:
    """Scatter places and forms of the runs into their slots; return the places [T]."""
    size = sum(len(run.places) for run in runs)
    narrow = int(shape.lengths.max(initial=0)) < 1 << field_shift("<u2")
    places = writer.allocate("places", "<u2" if narrow else "<u4", size)
    most_forms = int(np.diff(shape.lexicon.term_words_start.astype(np.int64)).max(initial=0))
    forms = writer.allocate("forms", smallest(most_forms), size)
    shift = field_shift(places.dtype)
    for run, slot in zip(runs, slots, strict=True):
        places[slot] = (run.places >> FIELD_SHIFT << shift) | (run.places & POSITION_MASK)
        forms[slot] = run.occurrences
    return places


def _present(counts: NDArray[np.integer], fields: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Return in which fields each posting stands, a bit for each, uint8 [P]."""
    if not len(counts):
        return np.zeros(0, np.uint8)
    starts = np.cumsum(counts, dtype=np.int64) - counts
    return np.bitwise_or.reduceat(np.left_shift(1, fields, dtype=np.uint8), starts)


def _field_documents(present: NDArray[np.uint8], postings: I64) -> U32:
    """Return how many documents have each term in each field, uint32 [fields, V]."""
    found = np.zeros((len(TEXT_FIELDS), len(postings) - 1), np.uint32)
    for field in range(len(TEXT_FIELDS)):
        totals = np.concatenate((np.zeros(1, np.uint32), np.cumsum(present >> field & 1, dtype=np.uint32)))
        found[field] = np.diff(totals[postings])
    return found
