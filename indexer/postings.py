"""Terms of many documents, inverted into flat arrays: the documents of a chunk become a run.

A text is split at white space, where no token ever goes on, and every distinct chunk is tokenised and
analysed once. A document is then only a list of chunk numbers, and what remains is array work: expand
chunks to words, words to terms, and one stable sort by term. Documents
arrive in their final order, so that within a term documents and positions come out ascending.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer import analysis
from indexer.acronyms import mine
from indexer.document import Project
from indexer.runs import FIELD_SHIFT, U32, Run, changes, documents_per_word, ragged
from indexer.schema import TEXT_FIELDS

ZERO = np.zeros(1, np.uint32)
# Stands between fields as a chunk without words.
FIELD_BREAK = "\0"
# What may stand around a word without being part of a token.
PUNCTUATION = '.,;:!?()[]"“”'
# Texts that are split at once: a few thousand spare the calls, more would not stay in the caches.
BATCH = 1_500

# Enough documents to make array passes pay, few enough that the arrays of a run stay near the caches:
# a third of the time for inverting 100,000 projects against runs of 50,000.
CHUNK_DOCUMENTS = 16_000


class _Chunks(dict[str, int]):
    """Numbers chunks (texts without white space) as they are met, and the words in them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, int] = {}
        self.word_counts = array("I")
        self.advances = array("I")
        self.flat_words = array("I")
        self.flat_offsets = array("I")

    def __missing__(self, chunk: str) -> int:
        core = chunk.strip(PUNCTUATION)
        if core.isalnum() and core.isascii() and len(core) <= analysis.MAX_WORD_LENGTH:
            # Most chunks are one plain word; they need no tokenising.
            self._take(core.lower(), 0)
            self.word_counts.append(1)
            self.advances.append(1)
        else:
            self._analyse(chunk)
        self[chunk] = number = len(self)
        return number

    def _analyse(self, chunk: str) -> None:
        position = 0
        count = len(self.flat_words)
        for raw in self._tokenize(chunk):
            for word in analysis.words_of(raw):
                self._take(word.text, position + word.position)
            position += analysis.positions_of(raw)
        self.word_counts.append(len(self.flat_words) - count)
        self.advances.append(position)

    def _take(self, word: str, offset: int) -> None:
        self.flat_words.append(self.words.setdefault(word, len(self.words)))
        self.flat_offsets.append(offset)

    @cached_property
    def _tokenize(self) -> Callable[[str], list[str]]:
        tokenize: Callable[[str], list[str]] = analysis.tokenizer().tokenize
        return tokenize


class Inverter:
    """Collects documents and inverts them; the memory of chunks seen outlives a run."""

    def __init__(self, other_names: Mapping[str, str] | None = None) -> None:
        """Take the other names under which grantees are to be found, by name."""
        self._other_names = other_names or {}
        self._chunks = _Chunks()
        self._field_break = self._chunks[FIELD_BREAK]
        self._terms: dict[str, int] = {}
        self._word_terms = array("I")
        self._clear()

    def _clear(self) -> None:
        self._numbers: list[U32] = []
        self._waiting: list[str] = []
        self._documents = 0
        self._mentions: list[tuple[int, str]] = []

    def add(self, title: str, description: str, grantee: str) -> None:
        """Take the texts of the next document, in final order."""
        if other_names := self._other_names.get(grantee):
            grantee = f"{grantee} {other_names}"
        texts = [text.replace(FIELD_BREAK, " ") for text in (title, description, grantee)]
        if "(" in description or "(" in title or "(" in grantee:
            self._mentions += [(self._documents, pair) for pair in mine(texts)]
        self._waiting += texts
        self._documents += 1
        if len(self._waiting) >= BATCH:
            self._number()

    def _number(self) -> None:
        """Turn the texts that wait into numbers of chunks, with one split and one pass of look-ups."""
        text = f" {FIELD_BREAK} ".join((*self._waiting, ""))
        self._numbers.append(np.array(list(map(self._chunks.__getitem__, text.split())), np.uint32))
        self._waiting.clear()

    def invert(self, first_document: int) -> Run:
        """Return the run of the documents taken since the last call, numbered from `first_document`."""
        self._number()
        found, lengths = self._occurrences()
        acronyms, mentions = _mentions(self._mentions, first_document)
        self._clear()
        vocabulary, found = self._vocabulary(found)
        run = _invert(found, vocabulary, lengths)
        documents = run.documents + np.uint32(first_document)
        return replace(run, documents=documents, acronyms=acronyms, mentions=mentions)

    def _vocabulary(self, found: _Occurrences) -> tuple[_Vocabulary, _Occurrences]:
        """Return the words and terms that occur, and the occurrences by the numbers of words there."""
        words, terms = list(self._chunks.words), self._terms
        for word in words[len(self._word_terms) :]:
            self._word_terms.append(terms.setdefault(analysis.stem(word), len(terms)))
        used, occurring = _renumber(found.words, len(words))
        used_terms, word_terms = _renumber(_array(self._word_terms)[used], len(terms))
        term_texts = list(terms)
        vocabulary = _Vocabulary(
            [term_texts[number] for number in used_terms.tolist()],
            [words[number] for number in used.tolist()],
            word_terms,
        )
        return vocabulary, replace(found, words=occurring)

    def _occurrences(self) -> tuple[_Occurrences, U32]:
        """Return the occurrences in order of document and place, and the lengths [fields, documents]."""
        known, fields = self._chunks, len(TEXT_FIELDS)
        numbers = np.concatenate((*self._numbers, np.zeros(0, np.uint32)))
        breaks = np.flatnonzero(numbers == self._field_break)
        sizes = np.diff(breaks, prepend=-1)
        advances = _array(known.advances)[numbers]
        ends = np.cumsum(advances, dtype=np.uint32)
        bounds = np.concatenate((ZERO, ends[breaks]))
        # Places wrap around on the way (uint32), and come out right.
        tags = np.tile(np.arange(fields, dtype=np.uint32) << FIELD_SHIFT, len(breaks) // fields)
        places = ends - advances + np.repeat(tags - bounds[:-1], sizes)
        chunks_per_document = sizes.reshape(-1, fields).sum(axis=1)
        documents = np.repeat(np.arange(len(chunks_per_document), dtype=np.uint32), chunks_per_document)
        word_counts = _array(known.word_counts)
        counts = word_counts[numbers]
        slots = ragged(_starts(word_counts)[numbers], counts)
        places = np.repeat(places, counts) + _array(known.flat_offsets)[slots]
        found = _Occurrences(places, _array(known.flat_words)[slots], np.repeat(documents, counts))
        return found, np.ascontiguousarray(np.diff(bounds).reshape(-1, fields).T)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    places: U32
    words: U32
    documents: U32


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    terms: list[str]
    words: list[str]
    word_terms: U32


def _renumber(numbers: U32, size: int) -> tuple[NDArray[np.intp], U32]:
    """Return which numbers below `size` occur, ascending, and the place of each of `numbers` among them."""
    used = np.flatnonzero(np.bincount(numbers, minlength=size))
    places = np.zeros(size, np.uint32)
    places[used] = np.arange(len(used), dtype=np.uint32)
    return used, places[numbers]


def _mentions(found: list[tuple[int, str]], first_document: int) -> tuple[list[str], U32]:
    acronyms = sorted({pair for _, pair in found})
    numbers = {pair: number for number, pair in enumerate(acronyms)}
    rows = sorted((document + first_document, numbers[pair]) for document, pair in found)
    return acronyms, np.array(rows, np.uint32).reshape(-1, 2)


def _invert(found: _Occurrences, vocabulary: _Vocabulary, lengths: U32) -> Run:
    unsorted_terms = vocabulary.word_terms[found.words]
    order = stable_order(unsorted_terms)
    sizes = np.bincount(unsorted_terms, minlength=len(vocabulary.terms))
    terms = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    # One gather for both: most of the time goes into fetching from all over the memory.
    keys = (found.documents.astype(np.uint64) << np.uint64(32) | found.places)[order]
    words = found.words[order]
    # A joined form may have the stem of its first part: a term stands once at a position.
    keep = np.flatnonzero(changes(terms) | changes(keys))
    if len(keep) < len(keys):
        terms, keys, words = terms[keep], keys[keep], words[keep]
    documents = (keys >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(changes(terms) | changes(documents))
    counts = np.diff(np.append(first, len(terms))).astype(np.uint32)
    return Run(
        terms=vocabulary.terms,
        words=vocabulary.words,
        word_terms=vocabulary.word_terms,
        word_documents=documents_per_word(words, counts, documents[first], len(vocabulary.words)),
        term_postings=np.bincount(terms[first], minlength=len(vocabulary.terms)).astype(np.uint32),
        documents=documents[first],
        counts=counts,
        places=keys.astype(np.uint32),
        occurrences=words,
        lengths=lengths,
        acronyms=[],
        mentions=np.zeros((0, 2), np.uint32),
    )


def stable_order(keys: U32) -> NDArray[np.intp]:
    """Return the stable sorting order of uint32 keys, by two radix passes over 16 bits each.

    NumPy sorts 16-bit keys by radix in linear time and wider ones by comparison, some four times slower.
    """
    order = np.argsort((keys & np.uint32(0xFFFF)).astype(np.uint16), kind="stable")
    if len(keys) and int(keys.max()) > 0xFFFF:
        high = (keys >> np.uint32(16)).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order


def _starts(counts: U32) -> U32:
    return np.concatenate((ZERO, np.cumsum(counts, dtype=np.uint32)))[:-1]


def _array(values: array[int]) -> U32:
    # A copy: a buffer that NumPy borrows could not grow any more.
    return np.array(values, np.uint32)


def invert(projects: Iterable[Project], first_document: int = 0) -> Run:
    """Return the run of a few projects given in final order."""
    inverter = Inverter()
    for project in projects:
        inverter.add(project.title, project.description, project.grantee)
    return inverter.invert(first_document)
