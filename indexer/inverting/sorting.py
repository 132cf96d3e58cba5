"""The occurrences of some documents in order of term, document and place, by sorting plain numbers.

An occurrence is one number of 64 bits: its term, document, field, position, and form, from the highest bits
to the lowest. So sorting these numbers is all there is to inverting, and nothing has to be moved after it.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from indexer.inverting.dictionary import Dictionary, Stems
from indexer.inverting.runs import changes, ragged
from indexer.inverting.token_runs import U32, U64
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import I64, Unsigned, begins, field_shift, smallest

FIELDS = len(TEXT_FIELDS)
# What NumPy sorts at once.
KEY_BITS = 64
# Positions below 2 to the power of this need only 16 bits for a place.
NARROW = field_shift(np.uint16)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How many bits of an occurrence's number tell the form, the position and the document.

    Between form and position is a bit for a joined word, between position and document are two for the
    field; the term is above all.
    """

    form: int
    position: int
    document: int

    @property
    def place(self) -> int:
        return self.form + 1

    @property
    def posting(self) -> int:
        return self.place + self.position + 2

    @property
    def term(self) -> int:
        return self.posting + self.document


@dataclass(frozen=True, slots=True)
class Ordered:
    """Occurrences in order: where those of each posting begin, and what each of them is.

    `firsts` int64 [P + 1] ends with their number; `terms` int64 [P] and `documents` uint32 [P] are those of
    the postings, by the numbers of the dictionary and from 0; `field_positions` [T] and `forms` [T] as in a
    Run, `lengths` uint32 [fields, documents] are positions in a field.
    """

    firsts: I64
    terms: I64
    documents: U32
    field_positions: Unsigned
    forms: Unsigned
    lengths: U32


def in_order(numbers: U32, counts: I64, known: Dictionary, stems: Stems) -> Ordered:
    """Return the occurrences in pieces with these `numbers`, of which each text has so many."""
    most_forms = int(np.diff(stems.starts).max(initial=1))
    found = _place(numbers, counts, known, (most_forms - 1).bit_length())
    layout = found.layout
    postings, rest = _sorted(found, known, stems)
    is_first = changes(postings)
    # A joined word may have the stem of its first part: a term stands once at a position.
    keep = is_first | changes(rest >> np.uint64(layout.place))
    if not keep.all():
        postings, rest, is_first = postings[keep], rest[keep], is_first[keep]
    firsts = np.flatnonzero(is_first)
    postings = postings[firsts]
    forms = _lowest(rest, layout.form).astype(smallest((1 << layout.form) - 1))
    return Ordered(
        np.append(firsts, len(rest)),
        (postings >> np.uint64(layout.document)).view(np.int64),
        _lowest(postings, layout.document).astype(np.uint32),
        _places(rest >> np.uint64(layout.place), layout),
        forms,
        found.lengths,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """Pieces by their numbers, each with its document, field and position, laid out."""

    numbers: U32
    bases: U64
    lengths: U32
    layout: _Layout


def _place(numbers: U32, counts: I64, known: Dictionary, form_bits: int) -> _Placed:
    """Return pieces with their places; each text has so many of them."""
    starts = begins(_array(known.advances)[numbers])
    bounds = starts[begins(counts)].view(np.uint64)
    lengths = np.diff(bounds).astype(np.uint32).reshape(-1, FIELDS).T
    position_bits = max(int(lengths.max(initial=0)).bit_length(), NARROW)
    layout = _Layout(form_bits, position_bits, lengths.shape[1].bit_length())
    # Numbers wrap around on the way (uint64), and come out right.
    fields = np.tile(np.arange(FIELDS, dtype=np.uint64) << np.uint64(layout.position), lengths.shape[1])
    documents = np.repeat(np.arange(lengths.shape[1], dtype=np.uint64), FIELDS) << np.uint64(layout.posting)
    texts = documents + (fields - bounds[:-1] << np.uint64(layout.place))
    bases = starts[:-1].view(np.uint64)
    bases <<= np.uint64(layout.place)
    bases += np.repeat(texts, counts)
    return _Placed(numbers, bases, np.ascontiguousarray(lengths), layout)


def _sorted(found: _Placed, known: Dictionary, stems: Stems) -> tuple[U64, U64]:
    """Return the occurrences in order: each one's term and document, and (in the low bits) place and form."""
    layout, words = found.layout, _array(known.flat_words)
    terms = stems.word_terms[words].astype(np.uint64)
    rest = _array(known.flat_offsets).astype(np.uint64) << np.uint64(layout.place)
    rest |= np.array(known.flat_joined, np.uint64) << np.uint64(layout.form)
    rest |= stems.word_forms[words]
    if layout.term + len(stems.terms).bit_length() <= KEY_BITS:
        keys = _of_words(terms << np.uint64(layout.term) | rest, found, known)
        keys.sort()
        return keys >> np.uint64(layout.posting), keys
    keys = _of_words(rest, found, known)
    no_bases = _Placed(found.numbers, np.zeros_like(found.bases), found.lengths, layout)
    terms = _of_words(terms, no_bases, known)
    postings = (terms << np.uint64(layout.document)) + (keys >> np.uint64(layout.posting))
    order = np.lexsort((keys, postings))
    return postings[order], keys[order]


def _of_words(values: U64, found: _Placed, known: Dictionary) -> U64:
    """Return the value of each word of each piece with the piece's base added, in any order.

    `values` are those of the words of all known pieces, end to end. Nearly all pieces have one word.
    """
    word_counts = _array(known.word_counts)
    starts = begins(word_counts)[:-1]
    several = np.flatnonzero((word_counts > 1)[found.numbers])
    numbers = found.numbers[several]
    more = word_counts[numbers] - 1
    slots = ragged(starts[numbers] + 1, more)
    words = np.empty(len(found.numbers) + len(slots), np.uint64)
    # What a piece without words gets is not used.
    firsts = np.append(values, np.uint64(0))[starts]
    np.add(firsts[found.numbers], found.bases, out=words[: len(found.numbers)])
    np.add(values[slots], np.repeat(found.bases[several], more), out=words[len(found.numbers) :])
    without = np.flatnonzero((word_counts == 0)[found.numbers])
    return np.delete(words, without) if len(without) else words


def _places(field_positions: U64, layout: _Layout) -> Unsigned:
    if layout.position == NARROW:
        return field_positions.astype(np.uint16)
    fields = _lowest(field_positions >> np.uint64(layout.position), 2) << np.uint64(field_shift(np.uint32))
    return (fields | _lowest(field_positions, layout.position)).astype(np.uint32)


def _lowest(values: U64, bits: int) -> U64:
    return values & np.uint64((1 << bits) - 1)


def _array(values: array[int]) -> U32:
    # A copy: a buffer that NumPy borrows could not grow any more.
    return np.array(values, np.uint32)
