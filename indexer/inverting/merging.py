"""Runs become the terms, postings and occurrences of a segment, in array passes.

Two ways of merging are needed. A full build has runs one after the other: each holds higher document
numbers than the one before. An incremental build has what is left of the last segment and one run of
new documents, whose numbers alternate. Both come down to one question, where each posting goes
(`destinations`), and the rest is the same; so they give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.inverting.destinations import Destination, alternating, in_sequence, put
from indexer.inverting.lexicon import Lexicon, UnitedNumbers, unite
from indexer.inverting.runs import AT_ONCE, Run
from indexer.storage.arrays.kept_forms import stretches
from indexer.storage.arrays.listed import BLOCK_BITS, blocks_of
from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins, narrowed, smallest
from indexer.storage.field_positions import FieldPositionBits, titled, widened
from indexer.storage.impacts import field_norms, mean_lengths, weighed
from indexer.storage.segment import I64, U32, Unsigned
from indexer.storage.writer import SegmentWriter


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the runs have together.

    `postings` and `occurrences` int64 [V + 1] are where those of each term begin, `starts` int64
    [V * blocks + 1] where its postings in each block of documents do, `lengths` uint32 [fields, N] and
    `own_lengths` uint32 [own, N] the positions that texts take.
    """

    lexicon: Lexicon
    postings: I64
    starts: I64
    occurrences: I64
    lengths: U32
    own_lengths: U32

    @property
    def longest(self) -> int:
        """The positions of the longest text; those between the texts of own fields count as well."""
        own = int(self.own_lengths.sum(axis=0, dtype=np.int64).max(initial=0))
        return max(int(self.lengths.max(initial=0)), own)


def merge(runs: Sequence[Run], writer: SegmentWriter, *, interleaved: bool = False) -> None:
    """Write the terms, postings and occurrences of `runs`, whose documents together are 0 to N - 1.

    `interleaved` says that there are two runs, what is left of the last segment and what is new
    (`increments`), whose document numbers alternate;
    otherwise each run follows the one before.
    """
    lexicon, numbers = unite(runs)
    size = len(lexicon.terms)
    lengths = _lengths([run.lengths for run in runs], interleaved)
    postings = _begins([run.term_postings for run in runs], numbers, size)
    shape = _Shape(
        lexicon,
        postings,
        _posting_starts(runs, numbers, postings, blocks_of(lengths.shape[1])),
        _begins([run.term_occurrences for run in runs], numbers, size),
        lengths,
        _lengths([run.own_lengths for run in runs], interleaved),
    )
    _write_lexicon(lexicon, writer)
    _write_acronyms(runs, writer)
    writer.array("posting_starts", narrowed(shape.starts))
    writer.array("term_occurrences", narrowed(shape.occurrences))
    writer.array("lengths", narrowed(shape.lengths))
    writer.array("own_lengths", narrowed(shape.own_lengths))
    if interleaved:
        where = alternating(runs, numbers)
    else:
        where = in_sequence(runs, numbers, shape.postings, shape.occurrences)
    most = max((int(run.counts.max()) for run in runs if len(run.counts)), default=0)
    _write_postings(zip(runs, numbers, where, strict=True), shape, most, writer)


def _begins(counts: Sequence[U32], numbers: Sequence[UnitedNumbers], size: int) -> I64:
    """Return where what `counts` counts begins for each united term, int64 [size + 1]."""
    total = np.zeros(size + 1, np.int64)
    for of_run, number in zip(counts, numbers, strict=True):
        total[number.terms] += of_run
    return begins(total[:-1])


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


def _posting_starts(runs: Sequence[Run], numbers: Sequence[UnitedNumbers], postings: I64, blocks: int) -> I64:
    """Return where the postings of each term in each block of documents begin (`listed`)."""
    if blocks == 1:
        return postings
    counts = np.zeros((len(postings) - 1) * blocks, np.int64)
    for run, number in zip(runs, numbers, strict=True):
        bounds = begins(run.term_postings)
        for first in range(0, len(run.documents), AT_ONCE):
            last = min(first + AT_ONCE, len(run.documents))
            low, high = np.searchsorted(bounds, first, "right") - 1, np.searchsorted(bounds, last)
            cells = np.repeat(
                number.terms[low:high] * blocks, np.diff(bounds[low : high + 1].clip(first, last))
            )
            cells += run.documents[first:last] >> BLOCK_BITS
            counts += np.bincount(cells, minlength=len(counts))
    return begins(counts)


def _lengths(of_runs: Sequence[U32], interleaved: bool) -> U32:
    if not interleaved:
        return np.concatenate(of_runs, axis=1)
    # Interleaved runs give the lengths of every document, zero for those that are not theirs.
    total: U32 = np.sum(of_runs, axis=0, dtype=np.uint32)
    return total


def _write_postings(
    parts: Iterable[tuple[Run, UnitedNumbers, Destination]], shape: _Shape, most: int, writer: SegmentWriter
) -> None:
    size, all_occurrences = int(shape.postings[-1]), int(shape.occurrences[-1])
    places = writer.allocate("documents", "<u2", size)
    counts = writer.allocate("counts", smallest(most), size)
    narrow = shape.longest <= FieldPositionBits.of("<u2").longest
    field_positions = writer.allocate("field_positions", "<u2" if narrow else "<u4", all_occurrences)
    words_of_terms = np.diff(shape.lexicon.term_words_start.astype(np.int64))
    forms = np.zeros(all_occurrences, smallest(int(words_of_terms.max(initial=0))))
    impacts, means = writer.allocate("impacts", "<u2", size), mean_lengths(shape.lengths)
    norms = np.ascontiguousarray(field_norms(shape.lengths).T)
    for run, numbers, destination in parts:
        # The lowest 16 bits are the place in a block of documents.
        put(run.documents.astype(np.uint16), destination.postings, places)
        put(run.counts, destination.postings, counts)
        put(widened(run.field_positions, field_positions.dtype), destination.occurrences, field_positions)
        put(_united_forms(run, numbers), destination.occurrences, forms)
        # Impacts that were worked out by the same mean lengths are the same.
        known = run.weighed.impacts if run.weighed and run.weighed.means == means else None
        if known is None:
            known = weighed(norms, run.documents, run.counts, run.field_positions)
        put(known, destination.postings, impacts)
    kept = [forms[begin:end] for begin, end in stretches(words_of_terms > 1, shape.occurrences)]
    writer.array("forms", np.concatenate([forms[:0], *kept]))
    writer.finished("documents.npy", "counts.npy", "field_positions.npy", "impacts.npy")
    writer.array("titled", titled(counts, field_positions))


def _united_forms(run: Run, numbers: UnitedNumbers) -> Unsigned:
    """Return which of its united term's words each occurrence of a run is."""
    starts = np.searchsorted(run.word_terms, np.arange(len(run.terms) + 1))
    other = numbers.forms != np.arange(len(run.words)) - starts[run.word_terms]
    terms = np.unique(run.word_terms[other])
    if not len(terms):
        return run.forms
    forms = run.forms.astype(smallest(int(numbers.forms.max())))
    where = ragged(begins(run.term_occurrences)[terms], run.term_occurrences[terms])
    forms[where] = numbers.forms[np.repeat(starts[terms], run.term_occurrences[terms]) + run.forms[where]]
    return forms
