"""Terms of many documents, inverted into flat arrays: some thousand documents become a run.

A text is only a list of the numbers of its pieces (`pieces`, `dictionary`); what remains is array work:
expand pieces to words at places, and sort. An occurrence is one number of 64 bits, of its term, document,
place and word in this order, so that sorting these numbers is all there is to inverting.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.acronyms import mine
from indexer.counting import Occurrences
from indexer.dictionary import Dictionary
from indexer.document import Project
from indexer.pieces import U32, U64, cut
from indexer.runs import I64, Run, Unsigned, begins, changes, ragged
from indexer.schema import TEXT_FIELDS
from indexer.segment import field_shift, smallest

# Characters that are cut at once: enough to make array passes pay, few enough to stay in the caches.
BATCH = 300_000

# Enough documents to make array passes pay, few enough that the arrays of a run stay near the caches.
CHUNK_DOCUMENTS = 16_000

FIELDS = len(TEXT_FIELDS)
# What NumPy sorts at once.
KEY_BITS = 64


class Inverter:
    """Collects documents and inverts them; the memory of pieces and words seen outlives a run."""

    def __init__(self, other_names: Mapping[str, str] | None = None) -> None:
        """Take the other names under which grantees are to be found, by name."""
        self._other_names = other_names or {}
        self._dictionary = Dictionary()
        self._clear()

    def _clear(self) -> None:
        self._numbers: list[U32] = [np.zeros(0, np.uint32)]
        self._counts: list[I64] = [np.zeros(0, np.int64)]
        self._waiting: list[str] = []
        self._characters = 0
        self._documents = 0
        self._mentions: list[tuple[int, str]] = []

    def add(self, title: str, description: str, grantee: str) -> None:
        """Take the texts of the next document, in final order."""
        if other_names := self._other_names.get(grantee):
            grantee = f"{grantee} {other_names}"
        if "(" in description or "(" in title or "(" in grantee:
            self._mentions += [(self._documents, pair) for pair in mine((title, description, grantee))]
        self._waiting += (title, description, grantee)
        self._documents += 1
        self._characters += len(title) + len(description) + len(grantee)
        if self._characters >= BATCH:
            self._number()

    def _number(self) -> None:
        """Turn the texts that wait into numbers of pieces."""
        pieces = cut(self._waiting)
        self._numbers.append(self._dictionary.numbers(pieces))
        self._counts.append(pieces.counts)
        self._waiting.clear()
        self._characters = 0

    def invert(self, first_document: int) -> Run:
        """Return the run of the documents taken since the last call, numbered from `first_document`."""
        self._number()
        found = _place(np.concatenate(self._numbers), np.concatenate(self._counts), self._dictionary)
        acronyms, mentions = _mentions(self._mentions, first_document)
        self._clear()
        return _invert(found, self._dictionary, _Documents(first_document, acronyms, mentions))


def _mentions(found: list[tuple[int, str]], first_document: int) -> tuple[list[str], U32]:
    acronyms = sorted({pair for _, pair in found})
    numbers = {pair: number for number, pair in enumerate(acronyms)}
    rows = sorted((document + first_document, numbers[pair]) for document, pair in found)
    return acronyms, np.array(rows, np.uint32).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class _Documents:
    first: int
    acronyms: list[str]
    mentions: U32


@dataclass(frozen=True, slots=True)
class _Layout:
    """How many low bits of an occurrence's number are its form, then whether it is a joined word, its
    position, its field and its document; its term is above."""

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
class _Placed:
    """Occurrences in any order: `slots` int64 [T], which word of the dictionary's pieces, and `bases` uint64
    [T], document and place of its piece as in `layout`; `lengths` uint32 [fields, documents]."""

    slots: I64
    bases: U64
    lengths: U32
    layout: _Layout


def _place(numbers: U32, counts: I64, known: Dictionary) -> _Placed:
    """Return the occurrences in pieces with these `numbers`, of which each text has so many."""
    advances = _array(known.advances)[numbers]
    ends = np.cumsum(advances, dtype=np.uint64)
    bounds = np.concatenate((np.zeros(1, np.uint64), ends))[begins(counts)]
    lengths = np.diff(bounds).astype(np.uint32).reshape(-1, FIELDS).T
    layout = _layout(lengths, known)
    # Numbers wrap around on the way (uint64), and come out right.
    fields = np.tile(np.arange(FIELDS, dtype=np.uint64) << np.uint64(layout.position), lengths.shape[1])
    documents = np.repeat(np.arange(lengths.shape[1], dtype=np.uint64), FIELDS) << np.uint64(layout.posting)
    texts = documents + (fields - bounds[:-1] << np.uint64(layout.place))
    bases = (ends - advances << np.uint64(layout.place)) + np.repeat(texts, counts)
    slots, bases = _words(numbers, bases, _array(known.word_counts))
    return _Placed(slots, bases, np.ascontiguousarray(lengths), layout)


def _layout(lengths: U32, known: Dictionary) -> _Layout:
    longest = int(lengths.max(initial=0))
    narrow = field_shift(np.uint16)
    return _Layout(
        max(known.forms, default=1).bit_length(),
        max(longest.bit_length(), narrow),
        lengths.shape[1].bit_length(),
    )


def _words(numbers: U32, bases: U64, word_counts: U32) -> tuple[I64, U64]:
    """Return the slots of the words of pieces and their bases; nearly all pieces have one word."""
    starts = begins(word_counts)[:-1]
    counts = word_counts[numbers]
    slots = starts[numbers]
    several = np.flatnonzero(counts > 1)
    more = counts[several] - 1
    slots_of_more = ragged(slots[several] + 1, more)
    bases_of_more = np.repeat(bases[several], more)
    if counts.min(initial=1) == 0:
        slots, bases = slots[counts > 0], bases[counts > 0]
    return np.concatenate((slots, slots_of_more)), np.concatenate((bases, bases_of_more))


def _sorted(found: _Placed, known: Dictionary) -> tuple[U64, U64]:
    """Return the occurrences in order: each one's term and document, and (in the low bits) place and form."""
    layout, words = found.layout, _array(known.flat_words)
    terms = _array(known.word_terms)[words].astype(np.uint64)
    rest = _array(known.flat_offsets).astype(np.uint64) << np.uint64(layout.place)
    rest |= np.array(known.flat_joined, np.uint64) << np.uint64(layout.form)
    rest |= _array(known.word_forms)[words]
    if layout.term + len(known.terms).bit_length() <= KEY_BITS:
        keys = (terms << np.uint64(layout.term) | rest)[found.slots]
        keys += found.bases
        keys.sort()
        return keys >> np.uint64(layout.posting), keys
    keys = rest[found.slots] + found.bases
    postings = (terms[found.slots] << np.uint64(layout.document)) + (keys >> np.uint64(layout.posting))
    order = np.lexsort((keys, postings))
    return postings[order], keys[order]


def _invert(found: _Placed, known: Dictionary, documents: _Documents) -> Run:
    layout = found.layout
    postings, rest = _sorted(found, known)
    is_first = changes(postings)
    # A joined word may have the stem of its first part: a term stands once at a position.
    keep = is_first | changes(rest >> np.uint64(layout.place))
    if not keep.all():
        postings, rest, is_first = postings[keep], rest[keep], is_first[keep]
    firsts = np.flatnonzero(is_first)
    postings = postings[firsts]
    ends = np.append(firsts, len(rest))
    terms = (postings >> np.uint64(layout.document)).view(np.int64)
    term_postings = np.bincount(terms, minlength=len(known.terms))
    vocabulary = _vocabulary(known, np.flatnonzero(term_postings))
    term_postings = term_postings[vocabulary.used]
    terms = np.repeat(np.arange(len(term_postings)), term_postings)
    counts = np.diff(ends)
    places = _places(rest, layout)
    forms = rest & np.uint64((1 << layout.form) - 1)
    occurrences = Occurrences(
        terms,
        counts.astype(smallest(int(counts.max(initial=0)))),
        (places >> field_shift(places.dtype)).astype(np.uint8),
        forms.astype(smallest((1 << layout.form) - 1)),
        vocabulary.word_starts,
    )
    field_documents, word_documents = occurrences.documents()
    return Run(
        terms=vocabulary.terms,
        words=vocabulary.words,
        word_terms=vocabulary.word_terms,
        word_documents=word_documents,
        term_postings=term_postings.astype(np.uint32),
        term_places=np.diff(ends[begins(term_postings)]).astype(np.uint32),
        field_documents=field_documents,
        documents=_low_bits(postings, layout.document) + np.uint32(documents.first),
        counts=occurrences.counts,
        places=places,
        forms=occurrences.forms,
        lengths=found.lengths,
        acronyms=documents.acronyms,
        mentions=documents.mentions,
    )


def _places(rest: U64, layout: _Layout) -> Unsigned:
    places = rest >> np.uint64(layout.place)
    if layout.position == field_shift(np.uint16):
        return places.astype(np.uint16)
    positions = _low_bits(places, layout.position)
    fields = _low_bits(places >> np.uint64(layout.position), 2)
    return fields << np.uint32(field_shift(np.uint32)) | positions


def _low_bits(values: U64, bits: int) -> U32:
    return (values & np.uint64((1 << bits) - 1)).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    used: NDArray[np.intp]
    terms: list[str]
    words: list[str]
    word_terms: U32
    word_starts: I64


def _vocabulary(known: Dictionary, used: NDArray[np.intp]) -> _Vocabulary:
    """Return the terms that are used, and all their words by term and form."""
    terms, words = list(known.terms), list(known.words)
    ranks = np.full(len(terms), -1, np.int64)
    ranks[used] = np.arange(len(used))
    word_ranks = ranks[_array(known.word_terms)]
    by_term = np.argsort(word_ranks, kind="stable")
    by_term = by_term[np.count_nonzero(word_ranks < 0) :]
    return _Vocabulary(
        used,
        [terms[number] for number in used.tolist()],
        [words[number] for number in by_term.tolist()],
        word_ranks[by_term].astype(np.uint32),
        begins(_array(known.forms)[used]),
    )


def _array(values: array[int]) -> U32:
    # A copy: a buffer that NumPy borrows could not grow any more.
    return np.array(values, np.uint32)


def invert(projects: Iterable[Project], first_document: int = 0) -> Run:
    """Return the run of a few projects given in final order."""
    inverter = Inverter()
    for project in projects:
        inverter.add(project.title, project.description, project.grantee)
    return inverter.invert(first_document)
