"""An incremental build's postings: those of the last segment, copied piece by piece, with new ones between.

Where little changes, nearly every piece is copied as it is; and whatever changes, there are never more than a
few pieces in memory. The bytes are those of a full build (`merging`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.inverting.increments import Remaining
from indexer.inverting.lexicon import UnitedNumbers, unite
from indexer.inverting.merging import (
    Shape,
    blocked,
    norms_of,
    united_forms,
    write_vocabulary,
)
from indexer.inverting.runs import Run
from indexer.storage.arrays.listed import AT_ONCE, Listed, blocks_of
from indexer.storage.arrays.mapping import map_array
from indexer.storage.arrays.slices import Splice, ragged, sums_before
from indexer.storage.arrays.sums import begins, flags, smallest
from indexer.storage.field_positions import titled, widened
from indexer.storage.impacts import mean_lengths, weighed
from indexer.storage.segment import I64, Unsigned
from indexer.storage.writer import SegmentWriter


def splice(old: Remaining, new: Run, writer: SegmentWriter) -> None:
    """Write the terms, postings and occurrences of what is left of a segment and of new documents."""
    lexicon, numbers = unite([old, new])
    lengths, own_lengths = old.lengths + new.lengths, old.own_lengths + new.own_lengths
    in_blocks = [old.blocked, blocked(new, blocks_of(lengths.shape[1]))]
    pairs = [*zip((old, new), numbers, strict=True)]
    shape = Shape.of(lexicon, pairs, in_blocks, lengths, own_lengths)
    write_vocabulary([old, new], shape, writer)
    _write_postings(old, numbers[0], _Added.of(new, numbers[1], old, numbers[0].terms), shape, writer)


@dataclass(frozen=True, slots=True)
class _Added:
    """The postings and occurrences of new documents in the order of united terms, and where they go.

    `run` is the run in that order; `terms` int64 [P] the united term of each posting, `forms` [T] the form of
    each occurrence among the words of that. `owners` int64 [P] is the term of the segment among whose
    postings each goes, or the next one if there is none; `postings` and `occurrences` int64, [P] and [T], are
    before which of the old ones.
    """

    run: Run
    terms: I64
    forms: Unsigned
    owners: I64
    postings: I64
    occurrences: I64

    @classmethod
    def of(cls, run: Run, numbers: UnitedNumbers, old: Remaining, old_terms: I64) -> _Added:
        """Return those of a run; `old_terms` are the united numbers of the segment's terms."""
        terms = np.repeat(numbers.terms, run.term_postings)
        order = np.argsort(terms << 32 | run.documents)
        slots = ragged(begins(run.counts)[order], run.counts[order])
        terms, documents, counts = terms[order], run.documents[order], run.counts[order]
        ordered = replace(run, documents=documents, counts=counts, field_positions=run.field_positions[slots])
        # Terms that are gone are numbered out of order; what goes there may as well go before the next one.
        left = np.append(np.flatnonzero(old.term_postings), len(old.terms))
        owners = left[np.searchsorted(old_terms[left[:-1]], terms)]
        is_there = np.append(old_terms, -1)[owners] == terms
        postings = old.segment.documents.before(owners, np.where(is_there, old.before(documents), 0))
        occurrences = sums_before(old.segment.counts, postings).repeat(counts)
        return cls(ordered, terms, united_forms(run, numbers)[slots], owners, postings, occurrences)


def _write_postings(
    old: Remaining, numbers: UnitedNumbers, added: _Added, shape: Shape, writer: SegmentWriter
) -> None:
    segment, run = old.segment, added.run
    postings = Splice(len(segment.documents), old.gone_postings, added.postings)
    occurrences = Splice(len(segment.field_positions), old.gone_occurrences, added.occurrences)
    # The lowest 16 bits of a document are its place in its block.
    places = postings.pieces(old.places, run.documents, _as("<u2"))
    writer.pieces("documents", "<u2", len(postings), places)
    packed = partial(widened, dtype=shape.field_positions)
    pieces = occurrences.pieces(segment.field_positions, run.field_positions, packed)
    writer.pieces("field_positions", shape.field_positions, len(occurrences), pieces)
    wide = postings.pieces(segment.counts, run.counts, _as("<u4"))
    counts = smallest(max((int(piece.max(initial=0)) for piece in wide), default=0))
    writer.pieces("counts", counts, len(postings), postings.pieces(segment.counts, run.counts, _as(counts)))
    _write_forms(old, numbers, added, shape, writer)
    in_title = flags(segment.titled, 0, len(segment.documents)), _in_title(run)
    writer.array("titled", np.packbits(np.concatenate([*postings.pieces(*in_title)]), bitorder="little"))
    norms = norms_of(shape.lengths)
    if mean_lengths(segment.lengths) == mean_lengths(shape.lengths):
        # Impacts that were worked out by the same mean lengths are the same.
        fresh = weighed(norms, run.documents, run.counts, run.field_positions)
        impacts = postings.pieces(segment.impacts, fresh)
    else:
        impacts = _weighed_anew(norms, shape, writer.folder)
    writer.pieces("impacts", "<u2", len(postings), impacts)


def _as(dtype: DTypeLike) -> Callable[[NDArray[Any]], NDArray[Any]]:
    return lambda values: values.astype(dtype, copy=False)


def _in_title(run: Run) -> NDArray[np.bool_]:
    return flags(titled(run.counts, run.field_positions), 0, len(run.counts))


def _weighed_anew(norms: NDArray[np.float32], shape: Shape, folder: Path) -> Iterator[NDArray[np.uint16]]:
    """Yield the impacts of all postings, which are written already, but for these."""
    places, counts, packed = (
        map_array(folder / f"{name}.npy") for name in ("documents", "counts", "field_positions")
    )
    listed, occurrence = Listed(places, shape.starts, blocks_of(len(norms))), 0
    for first in range(0, len(places), AT_ONCE):
        last = min(first + AT_ONCE, len(places))
        end = occurrence + int(counts[first:last].sum(dtype=np.int64))
        yield weighed(norms, listed.between(first, last), counts[first:last], packed[occurrence:end])
        occurrence = end


def _write_forms(
    old: Remaining, numbers: UnitedNumbers, added: _Added, shape: Shape, writer: SegmentWriter
) -> None:
    """Write the forms that are kept (`kept_forms`): those of most terms as they are in the segment."""
    forms, occurrences = old.segment.forms, old.segment.term_occurrences.astype(np.int64)
    # One term past the last stands for those that are gone.
    several = np.append(shape.words > 1, False)
    keeps = several[numbers.terms]
    # Of terms that get or lose words all forms are put in anew.
    anew = (keeps != (forms.starts[1:] > forms.starts[:-1])) | keeps & _are_renumbered(old, numbers)
    of_gone = np.searchsorted(occurrences, old.gone_occurrences, "right") - 1
    stay = keeps[of_gone] & ~anew[of_gone]
    leaving = (old.gone_occurrences + (forms.starts - occurrences)[of_gone])[stay]
    rewritten = np.flatnonzero(anew)
    leaving = np.append(leaving, ragged(forms.starts[rewritten], np.diff(forms.starts)[rewritten]))
    terms, owners = (one.repeat(added.run.counts) for one in (added.terms, added.owners))
    is_rewritten = (np.append(numbers.terms, -1)[owners] == terms) & np.append(anew, False)[owners]
    put = several[terms] & ~is_rewritten
    before = (added.occurrences + (forms.starts - occurrences)[owners])[put]
    parts = [(terms[put], before, added.forms[put])]
    # A term of which nothing is left begins anew: all that it has now was put in just above.
    for term in np.flatnonzero(anew & keeps & (old.term_postings > 0)).tolist():
        found = _forms_anew(
            old, numbers, added, slice(*np.searchsorted(terms, numbers.terms[term] + [0, 1])), term
        )
        parts.append(
            (np.full(len(found), numbers.terms[term]), np.full(len(found), forms.starts[term]), found)
        )
    all_terms, all_before, all_forms = (np.concatenate(one) for one in zip(*parts, strict=True))
    order = np.argsort(all_terms, kind="stable")
    splice = Splice(len(forms.kept), np.sort(leaving), all_before[order])
    pieces = splice.pieces(forms.kept, all_forms[order], _as(shape.forms))
    writer.pieces("forms", shape.forms, len(splice), pieces)


def _are_renumbered(old: Remaining, numbers: UnitedNumbers) -> NDArray[np.bool_]:
    """Tell of which terms of a segment a word has another form now, bool [V]."""
    starts = old.segment.term_words_start.astype(np.int64)
    other = numbers.forms != np.arange(len(old.words)) - starts[old.word_terms]
    found = np.zeros(len(old.terms), np.bool_)
    found[old.word_terms[other]] = True
    return found


def _forms_anew(
    old: Remaining, numbers: UnitedNumbers, added: _Added, put_in: slice, term: int
) -> NDArray[np.uint32]:
    """Return all forms of a term of a segment as they are now, with those of the added ones `put_in`."""
    first, last = old.segment.term_occurrences[term : term + 2].tolist()
    forms = numbers.forms[
        int(old.segment.term_words_start[term]) + old.segment.forms.of(term).astype(np.int64)
    ]
    gone = old.gone_occurrences[slice(*np.searchsorted(old.gone_occurrences, [first, last]))]
    splice = Splice(last - first, gone - first, added.occurrences[put_in] - first)
    return np.concatenate([*splice.pieces(forms, added.forms[put_in], _as(np.uint32))])
