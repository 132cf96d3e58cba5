"""The occurrences of some documents in order of term, document, field and position, by sorting plain numbers.

An occurrence is one number of 64 bits. So sorting these numbers is all there is to inverting, and nothing
has to be moved after it. From the highest bits to the lowest:

    term | document | field (2) | position | joined (1) | form

`joined` is 1 for the joined form of a compound (*followups* for "follow-ups"), which stands at the position
of its first word; `form` tells which of the term's words it is. How many bits term, document, position and
form get is decided for each run by the largest of each (`SortKeyBits`). Where all do not fit into 64 bits,
term and document go into a number of their own.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from indexer.inverting.dictionary import Dictionary, Stems
from indexer.inverting.runs import changes
from indexer.storage.field_positions import FIELD_BITS, FieldPositionBits
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import I64, U32, U64, Unsigned, begins, smallest
from indexer.storage.slices import ragged

FIELDS = len(TEXT_FIELDS)
# What NumPy sorts at once.
KEY_BITS = 64
# Positions of so many bits fit into field positions of 16 bits.
NARROW = FieldPositionBits.of(np.uint16).position


@dataclass(frozen=True, slots=True)
class SortKeyBits:
    """How many bits of an occurrence's number are the form's, the position's and the document's.

    The properties tell from which bit on each part stands; see the module for their order.
    """

    form: int
    position: int
    document: int

    @property
    def at_position(self) -> int:
        """The lowest bit of the position: the form and the bit for a joined form are below it."""
        return self.form + 1

    @property
    def at_field(self) -> int:
        """The lowest bit of the field."""
        return self.at_position + self.position

    @property
    def at_document(self) -> int:
        """The lowest bit of the document."""
        return self.at_field + FIELD_BITS

    @property
    def at_term(self) -> int:
        """The lowest bit of the term."""
        return self.at_document + self.document

    def pack_text(self, documents: U64, fields: U64, positions: U64) -> U64:
        """Return the part of a number that all occurrences in a text share: where it begins.

        Numbers wrap around where a position is below 0, and come out right when another is added.
        """
        field_positions = (fields << np.uint64(self.position)) + positions
        return (documents << np.uint64(self.at_document)) + (field_positions << np.uint64(self.at_position))

    def pack_word(self, offsets: U64, joined: U64, forms: U64) -> U64:
        """Return the part that tells of a word: its offset in positions, whether it is joined, its form."""
        return offsets << np.uint64(self.at_position) | joined << np.uint64(self.form) | forms

    def postings(self, keys: U64) -> U64:
        """Return term and document of whole numbers, the document in the low bits."""
        return keys >> np.uint64(self.at_document)

    def unpack_postings(self, postings: U64) -> tuple[I64, U32]:
        """Return the terms and the documents of what `postings` returns."""
        terms = (postings >> np.uint64(self.document)).view(np.int64)
        return terms, _lowest(postings, self.document).astype(np.uint32)

    def forms(self, keys: U64) -> Unsigned:
        """Return the forms, in the smallest type for them."""
        return _lowest(keys, self.form).astype(smallest((1 << self.form) - 1))

    def field_positions(self, keys: U64) -> Unsigned:
        """Return the field positions, in 16 bits if all fit."""
        values = keys >> np.uint64(self.at_position)
        if self.position == NARROW:
            return values.astype(np.uint16)
        wide = FieldPositionBits.of(np.uint32)
        fields = _lowest(values >> np.uint64(self.position), FIELD_BITS).astype(np.uint32)
        return wide.pack(fields, _lowest(values, self.position).astype(np.uint32))


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
    """Return the occurrences in token runs with these `numbers`, of which each text has so many."""
    most_forms = int(np.diff(stems.starts).max(initial=1))
    found = _locate(numbers, counts, known, (most_forms - 1).bit_length())
    bits = found.bits
    postings, rest = _sorted(found, known, stems)
    is_first = changes(postings)
    # A joined form may have the stem of its first word: a term stands once at a position.
    keep = is_first | changes(rest >> np.uint64(bits.at_position))
    if not keep.all():
        postings, rest, is_first = postings[keep], rest[keep], is_first[keep]
    firsts = np.flatnonzero(is_first)
    terms, documents = bits.unpack_postings(postings[firsts])
    return Ordered(
        np.append(firsts, len(rest)),
        terms,
        documents,
        bits.field_positions(rest),
        bits.forms(rest),
        found.lengths,
    )


@dataclass(frozen=True, slots=True)
class _Located:
    """Token runs by their `numbers` [P]; `bases` [P] are document, field and position of each, packed."""

    numbers: U32
    bases: U64
    lengths: U32
    bits: SortKeyBits


def _locate(numbers: U32, counts: I64, known: Dictionary, form_bits: int) -> _Located:
    """Return token runs with document, field and position; each text has `counts` of them."""
    starts = begins(_array(known.advances)[numbers])
    bounds = starts[begins(counts)].view(np.uint64)
    lengths = np.diff(bounds).astype(np.uint32).reshape(-1, FIELDS).T
    position_bits = max(int(lengths.max(initial=0)).bit_length(), NARROW)
    bits = SortKeyBits(form_bits, position_bits, lengths.shape[1].bit_length())
    fields = np.tile(np.arange(FIELDS, dtype=np.uint64), lengths.shape[1])
    documents = np.repeat(np.arange(lengths.shape[1], dtype=np.uint64), FIELDS)
    # `starts` counts the positions of all texts; those of a text count from its own beginning.
    texts = bits.pack_text(documents, fields, np.uint64(0) - bounds[:-1])
    bases = starts[:-1].view(np.uint64)
    bases <<= np.uint64(bits.at_position)
    bases += np.repeat(texts, counts)
    return _Located(numbers, bases, np.ascontiguousarray(lengths), bits)


def _sorted(found: _Located, known: Dictionary, stems: Stems) -> tuple[U64, U64]:
    """Return term and document of each occurrence, in order, and its number, whole or without the term."""
    bits, words = found.bits, _array(known.flat_words)
    terms = stems.word_terms[words].astype(np.uint64)
    offsets, joined = _array(known.flat_offsets).astype(np.uint64), np.array(known.flat_joined, np.uint64)
    rest = bits.pack_word(offsets, joined, stems.word_forms[words].astype(np.uint64))
    if bits.at_term + len(stems.terms).bit_length() <= KEY_BITS:
        keys = _of_words(terms << np.uint64(bits.at_term) | rest, found, known)
        keys.sort()
        return bits.postings(keys), keys
    keys = _of_words(rest, found, known)
    no_bases = _Located(found.numbers, np.zeros_like(found.bases), found.lengths, bits)
    terms = _of_words(terms, no_bases, known)
    postings = (terms << np.uint64(bits.document)) + bits.postings(keys)
    order = np.lexsort((keys, postings))
    return postings[order], keys[order]


def _of_words(values: U64, found: _Located, known: Dictionary) -> U64:
    """Return the value of each word of each token run with the run's base added, in any order.

    `values` are those of the words of all known token runs, end to end. Nearly all have one word. Where run 1
    has the value 7 and run 2 the values 8 and 9, runs [2, 1] with bases [100, 200] give [108, 207, 109].
    """
    word_counts = _array(known.word_counts)
    starts = begins(word_counts)[:-1]
    several = np.flatnonzero((word_counts > 1)[found.numbers])
    numbers = found.numbers[several]
    more = word_counts[numbers] - 1
    slots = ragged(starts[numbers] + 1, more)
    words = np.empty(len(found.numbers) + len(slots), np.uint64)
    # What a token run without words gets is deleted at the end.
    firsts = np.append(values, np.uint64(0))[starts]
    np.add(firsts[found.numbers], found.bases, out=words[: len(found.numbers)])
    np.add(values[slots], np.repeat(found.bases[several], more), out=words[len(found.numbers) :])
    without = np.flatnonzero((word_counts == 0)[found.numbers])
    return np.delete(words, without) if len(without) else words


def _lowest(values: U64, bits: int) -> U64:
    return values & np.uint64((1 << bits) - 1)


def _array(values: array[int]) -> U32:
    # A copy: a buffer that NumPy borrows could not grow any more.
    return np.array(values, np.uint32)
