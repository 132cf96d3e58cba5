"""Runs become the terms, postings and occurrences of a segment, in array passes.

A full build has runs one after the other: each holds higher document numbers than the one before. What an
incremental build does otherwise is in `splicing`; both give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.inverting.lexicon import Lexicon, UnitedNumbers, unite
from indexer.inverting.runs import Run, Vocabulary
from indexer.storage.arrays.kept_forms import stretches
from indexer.storage.arrays.listed import AT_ONCE, BLOCK_BITS, blocks_of
from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins, narrowed, smallest
from indexer.storage.field_positions import FieldPositionBits, titled, widened
from indexer.storage.impacts import field_norms, weighed
from indexer.storage.segment import I64, U32, Unsigned
from indexer.storage.writer import SegmentWriter


@dataclass(frozen=True, slots=True)
class Shape:
    """What the runs have together.

    `postings` and `occurrences` int64 [V + 1] are where those of each term begin, `starts` int64
    [V * blocks + 1] where its postings in each block of documents do, `lengths` uint32 [fields, N] and
    `own_lengths` uint32 [own, N] the positions that texts take.
    """

    lexicon: Lexicon
    starts: I64
    occurrences: I64
    lengths: U32
    own_lengths: U32

    @classmethod
    def of(
        cls,
        lexicon: Lexicon,
        pairs: Sequence[tuple[Vocabulary, UnitedNumbers]],
        in_blocks: Sequence[I64],
        lengths: U32,
        own_lengths: U32,
    ) -> Self:
        """Add up what runs have of each term; `in_blocks` are their postings of each term in each block."""
        numbers, size, blocks = [one for _, one in pairs], len(lexicon.terms), blocks_of(lengths.shape[1])
        postings = _sum_by_term(zip(in_blocks, numbers, strict=True), size, blocks)
        occurrences = _sum_by_term([(run.term_occurrences, one) for run, one in pairs], size)
        return cls(lexicon, begins(postings), begins(occurrences), lengths, own_lengths)

    @property
    def postings(self) -> I64:
        """Where the postings of each term begin, int64 [V + 1]."""
        return self.starts[:: blocks_of(self.lengths.shape[1])]

    @property
    def words(self) -> I64:
        """How many words each term has, int64 [V]."""
        starts = self.lexicon.term_words_start.astype(np.int64)
        return starts[1:] - starts[:-1]

    @property
    def field_positions(self) -> np.dtype[Any]:
        """The type of field positions, narrow where the longest text has room in it."""
        # The positions between the texts of own fields count as well.
        own = int(self.own_lengths.sum(axis=0, dtype=np.int64).max(initial=0))
        longest = max(int(self.lengths.max(initial=0)), own)
        return np.dtype("<u2" if longest <= FieldPositionBits.of("<u2").longest else "<u4")

    @property
    def forms(self) -> np.dtype[Any]:
        """The type of forms."""
        return smallest(int(self.words.max(initial=0)))


def merge(runs: Sequence[Run], writer: SegmentWriter) -> None:
    """Write the terms, postings and occurrences of `runs`, whose documents follow each other from 0 on."""
    lexicon, numbers = unite(runs)
    lengths = np.concatenate([run.lengths for run in runs], axis=1)
    own_lengths = np.concatenate([run.own_lengths for run in runs], axis=1)
    in_blocks = [blocked(run, blocks_of(lengths.shape[1])) for run in runs]
    pairs = [*zip(runs, numbers, strict=True)]
    shape = Shape.of(lexicon, pairs, in_blocks, lengths, own_lengths)
    write_vocabulary(runs, shape, writer)
    most = max((int(run.counts.max()) for run in runs if len(run.counts)), default=0)
    _write_postings(pairs, shape, most, writer)


def _sum_by_term(
    counts: Iterable[tuple[NDArray[np.integer], UnitedNumbers]], size: int, blocks: int = 1
) -> I64:
    """Return what `counts`, [V * blocks] by the terms of each run, come to for `size` united terms."""
    total = np.zeros((size + 1, blocks), np.int64)
    for of_run, number in counts:
        # No run has a term twice.
        total[number.terms] += of_run.reshape(-1, blocks)
    return total[:-1].reshape(-1)


def blocked(run: Run, blocks: int) -> I64:
    """Return how many postings of each term are in each block of documents, int64 [V * blocks]."""
    if blocks == 1:
        return run.term_postings.astype(np.int64)
    counts, bounds = np.zeros(len(run.terms) * blocks, np.int64), begins(run.term_postings)
    for first in range(0, len(run.documents), AT_ONCE):
        last = min(first + AT_ONCE, len(run.documents))
        low, high = int(np.searchsorted(bounds, first, "right")) - 1, int(np.searchsorted(bounds, last))
        cells = np.repeat(
            np.arange(0, (high - low) * blocks, blocks), np.diff(bounds[low : high + 1].clip(first, last))
        )
        cells += run.documents[first:last] >> BLOCK_BITS
        counts[low * blocks : high * blocks] += np.bincount(cells, minlength=(high - low) * blocks)
    return counts


def write_vocabulary(runs: Sequence[Vocabulary], shape: Shape, writer: SegmentWriter) -> None:
    """Write all but postings and occurrences."""
    _write_lexicon(shape.lexicon, writer)
    _write_acronyms(runs, writer)
    writer.array("posting_starts", narrowed(shape.starts))
    writer.array("term_occurrences", narrowed(shape.occurrences))
    writer.array("lengths", narrowed(shape.lengths))
    writer.array("own_lengths", narrowed(shape.own_lengths))


def _write_lexicon(lexicon: Lexicon, writer: SegmentWriter) -> None:
    writer.texts("terms", lexicon.terms)
    writer.texts("words", lexicon.words)
    for name in ("word_terms", "word_documents", "term_words", "term_words_start"):
        writer.array(name, getattr(lexicon, name))


def _write_acronyms(runs: Sequence[Vocabulary], writer: SegmentWriter) -> None:
    acronyms = sorted({run.acronyms[number] for run in runs for number in set(run.mentions[:, 1].tolist())})
    numbers = {pair: number for number, pair in enumerate(acronyms)}
    rows = [
        (document, numbers[run.acronyms[pair]]) for run in runs for document, pair in run.mentions.tolist()
    ]
    writer.texts("acronyms", acronyms)
    writer.array("acronym_mentions", np.array(sorted(rows), np.uint32).reshape(-1, 2))


def _write_postings(
    pairs: Sequence[tuple[Run, UnitedNumbers]], shape: Shape, most: int, writer: SegmentWriter
) -> None:
    size, all_occurrences = int(shape.starts[-1]), int(shape.occurrences[-1])
    places = writer.allocate("documents", "<u2", size)
    counts = writer.allocate("counts", smallest(most), size)
    field_positions = writer.allocate("field_positions", shape.field_positions, all_occurrences)
    forms = np.zeros(all_occurrences, shape.forms)
    impacts = writer.allocate("impacts", "<u2", size)
    norms = norms_of(shape.lengths)
    for (run, numbers), (postings, occurrences) in zip(pairs, _destinations(pairs, shape), strict=True):
        # The lowest 16 bits are the place in a block of documents.
        places[postings] = run.documents.astype(np.uint16)
        counts[postings] = run.counts
        field_positions[occurrences] = widened(run.field_positions, field_positions.dtype)
        forms[occurrences] = united_forms(run, numbers)
        impacts[postings] = weighed(norms, run.documents, run.counts, run.field_positions)
    kept = [forms[begin:end] for begin, end in stretches(shape.words > 1, shape.occurrences)]
    writer.array("forms", np.concatenate([forms[:0], *kept]))
    writer.finished("documents.npy", "counts.npy", "field_positions.npy", "impacts.npy")
    writer.array("titled", titled(counts, field_positions))


def norms_of(lengths: U32) -> NDArray[np.float32]:
    """Return the norms of fields, float32 [documents, fields], those of a document side by side."""
    return np.ascontiguousarray(field_norms(lengths).T)


def _destinations(pairs: Sequence[tuple[Run, UnitedNumbers]], shape: Shape) -> Iterator[tuple[I64, I64]]:
    """Yield where the postings and the occurrences of each run go.

    One run's at a time: these are the largest arrays of a build.
    """
    postings, occurrences = shape.postings.copy(), shape.occurrences.copy()
    for run, number in pairs:
        yield (
            ragged(postings[number.terms], run.term_postings),
            ragged(occurrences[number.terms], run.term_occurrences),
        )
        postings[number.terms] += run.term_postings
        occurrences[number.terms] += run.term_occurrences


def united_forms(run: Run, numbers: UnitedNumbers) -> Unsigned:
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
