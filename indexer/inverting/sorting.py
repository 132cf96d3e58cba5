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
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.inverting.dictionary import Dictionary, Stems
from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins, changes, smallest
from indexer.storage.field_positions import FIELD_BITS, FieldPositionBits
from indexer.storage.schema import OWN_TEXTS, TEXT_FIELDS
from indexer.storage.segment import I64, U32, U64, Unsigned

FIELDS = len(TEXT_FIELDS)
# The number of the text field that all own fields share; texts of the first of these have it as well.
OWN = TEXT_FIELDS.index(OWN_TEXTS)
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
        most = (1 << self.form) - 1
        forms: Unsigned = keys.astype(smallest(most))
        forms &= forms.dtype.type(most)
        return forms

    def field_positions(self, keys: U64) -> Unsigned:
        """Return the field positions, in 16 bits if all fit."""
        if self.position == NARROW:
            narrow = np.empty(len(keys), np.uint16)
            return np.right_shift(keys, np.uint64(self.at_position), out=narrow, casting="unsafe")
        values = keys >> np.uint64(self.at_position)
        wide = FieldPositionBits.of(np.uint32)
        fields = _lowest(values >> np.uint64(self.position), FIELD_BITS).astype(np.uint32)
        return wide.pack(fields, _lowest(values, self.position).astype(np.uint32))


@dataclass(frozen=True, slots=True)
class Ordered:
    """Occurrences in order: where those of each posting begin, and what each of them is.

    `firsts` int64 [P + 1] ends with their number; `terms` int64 [P] and `documents` uint32 [P] are those of
    the postings, by the numbers of the dictionary and from 0; `field_positions` [T] and `forms` [T] as in a
    Run, `lengths` uint32 [fields, documents] are positions in a field, `own_lengths` uint32 [own, documents]
    those of each own field.
    """

    firsts: I64
    terms: I64
    documents: U32
    field_positions: Unsigned
    forms: Unsigned
    lengths: U32
    own_lengths: U32


@dataclass(frozen=True, slots=True)
class TextsOf:
    """The texts of documents, in their order: the field of each, int64 [texts], and its number of token runs.

    A document has the fields 0, 1, 2, and then OWN + n for each text in its n-th own field of `own`.
    """

    fields: I64
    counts: I64
    own: int


def in_order(numbers: U32, texts: TextsOf, known: Dictionary, stems: Stems) -> Ordered:
    """Return the occurrences in token runs with these `numbers`."""
    most_forms = int(np.diff(stems.starts).max(initial=1))
    found = _locate(numbers, texts, known, (most_forms - 1).bit_length())
    bits = found.bits
    keys, postings = _sorted(found, known, stems)
    is_first = _changes_above(keys, bits.at_document) if postings is None else changes(postings)
    # A joined form may have the stem of its first word: a term stands once at a position.
    keep = is_first | _changes_above(keys, bits.at_position)
    if not keep.all():
        keys, is_first = keys[keep], is_first[keep]
        postings = None if postings is None else postings[keep]
    firsts = np.flatnonzero(is_first)
    terms, documents = bits.unpack_postings(
        bits.postings(keys[firsts]) if postings is None else postings[firsts]
    )
    return Ordered(
        np.append(firsts, len(keys)),
        terms,
        documents,
        bits.field_positions(keys),
        bits.forms(keys),
        found.lengths,
        found.own_lengths,
    )


@dataclass(frozen=True, slots=True)
class _Located:
    """Token runs by their `numbers` [P]; `bases` [P] are document, field and position of each, packed."""

    numbers: U32
    bases: U64
    lengths: U32
    own_lengths: U32
    bits: SortKeyBits


def _locate(numbers: U32, texts: TextsOf, known: Dictionary, form_bits: int) -> _Located:
    """Return token runs with document, field and position."""
    starts = begins(_array(known.advances)[numbers])
    bounds = starts[begins(texts.counts)].view(np.uint64)
    documents = np.cumsum(texts.fields == 0) - 1
    sizes = np.diff(bounds).astype(np.int64)
    # Behind each text of an own field a position stays free, which no phrase crosses.
    before, own_lengths = _own(sizes + 1, documents, texts)
    fields = np.minimum(texts.fields, OWN)
    total = int(documents[-1]) + 1 if len(documents) else 0
    lengths = np.bincount(documents * FIELDS + fields, sizes, total * FIELDS)
    longest = max(int(sizes.max(initial=0)), int(own_lengths.sum(axis=0, dtype=np.int64).max(initial=0)))
    bits = SortKeyBits(form_bits, max(longest.bit_length(), NARROW), total.bit_length())
    # `starts` counts the positions of all texts; those of a text count from its own beginning.
    bases = bits.pack_text(
        documents.astype(np.uint64), fields.astype(np.uint64), before.astype(np.uint64) - bounds[:-1]
    )
    located = starts[:-1].view(np.uint64)
    located <<= np.uint64(bits.at_position)
    located += np.repeat(bases, texts.counts)
    by_field: U32 = np.ascontiguousarray(lengths.astype(np.uint32).reshape(-1, FIELDS).T)
    return _Located(numbers, located, by_field, own_lengths, bits)


def _own(sizes: I64, documents: I64, texts: TextsOf) -> tuple[I64, U32]:
    """Return how many positions stand in own fields before each text, and how many each own field takes.

    `sizes` int64 [texts] are the positions of each text. Where the texts of a document take 2, 5, 1 in the
    fields OWN, OWN and OWN + 1, there are 0, 2 and 7 before them, and the fields take 7 and 1.
    """
    before = np.zeros(len(sizes), np.int64)
    total = int(documents[-1]) + 1 if len(documents) else 0
    is_own = np.flatnonzero(texts.fields >= OWN)
    if not len(is_own):
        return before, np.zeros((texts.own, total), np.uint32)
    sizes, documents = sizes[is_own], documents[is_own]
    passed = begins(sizes)[:-1]
    firsts = np.flatnonzero(np.diff(documents, prepend=-1))
    before[is_own] = passed - np.repeat(passed[firsts], np.diff(firsts, append=len(documents)))
    cells = (texts.fields[is_own] - OWN) * total + documents
    taken = np.bincount(cells, sizes, texts.own * total)
    return before, taken.astype(np.uint32).reshape(texts.own, total)


def _sorted(found: _Located, known: Dictionary, stems: Stems) -> tuple[U64, U64 | None]:
    """Return the number of each occurrence, in order; and term and document where they stand outside it."""
    bits, words = found.bits, _array(known.flat_words)
    terms = stems.word_terms[words].astype(np.uint64)
    offsets, joined = _array(known.flat_offsets).astype(np.uint64), np.array(known.flat_joined, np.uint64)
    rest = bits.pack_word(offsets, joined, stems.word_forms[words].astype(np.uint64))
    if bits.at_term + len(stems.terms).bit_length() <= KEY_BITS:
        keys = _of_words(terms << np.uint64(bits.at_term) | rest, found, known)
        keys.sort()
        return keys, None
    keys = _of_words(rest, found, known)
    no_bases = replace(found, bases=np.zeros_like(found.bases))
    terms = _of_words(terms, no_bases, known)
    postings = (terms << np.uint64(bits.document)) + bits.postings(keys)
    order = np.lexsort((keys, postings))
    return keys[order], postings[order]


def _of_words(values: U64, found: _Located, known: Dictionary) -> U64:
    """Return the value of each word of each token run with the run's base added, in any order.

    `values` are those of the words of all known token runs, end to end. Nearly all have one word. Where run 1
    has the value 7 and run 2 the values 8 and 9, runs [2, 1] with bases [100, 200] give [108, 207, 109].
    """
    word_counts = _array(known.word_counts)
    starts = begins(word_counts)[:-1]
    odd = np.flatnonzero((word_counts != 1)[found.numbers])
    is_several = word_counts[found.numbers[odd]] > 1
    several, without = odd[is_several], odd[~is_several]
    numbers = found.numbers[several]
    more = word_counts[numbers] - 1
    slots = ragged(starts[numbers] + 1, more)
    words = np.empty(len(found.numbers) + len(slots), np.uint64)
    # What a token run without words gets is deleted at the end.
    firsts = np.append(values, np.uint64(0))[starts]
    np.add(firsts[found.numbers], found.bases, out=words[: len(found.numbers)])
    np.add(values[slots], np.repeat(found.bases[several], more), out=words[len(found.numbers) :])
    return np.delete(words, without) if len(without) else words


def _changes_above(keys: U64, bit: int) -> NDArray[np.bool_]:
    """Tell where a number differs from the one before in its bits from `bit` on."""
    found = np.ones(len(keys), np.bool_)
    np.greater_equal(keys[1:] ^ keys[:-1], np.uint64(1 << bit), out=found[1:])
    return found


def _lowest(values: U64, bits: int) -> U64:
    return values & np.uint64((1 << bits) - 1)


def _array(values: array[int]) -> U32:
    # A copy: a buffer that NumPy borrows could not grow any more.
    return np.array(values, np.uint32)
