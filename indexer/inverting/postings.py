"""Terms of many documents, inverted into flat arrays: some thousand documents become a run.

A text becomes a list of the numbers of its token runs (`token_runs`, `dictionary`); what remains is array
work: `sorting` gives their words in order of term, document, field and position, and `counting` counts the
documents that have each. Documents with the titles "Mines" and "Mine safety" become

    terms [mine, safeti]   words [mines, mine, safety]   documents [0, 1, 1]   forms [0, 1, 0]
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from indexer.document import Project
from indexer.inverting.counting import DocumentCounter
from indexer.inverting.dictionary import Dictionary, Stems, StemsOf
from indexer.inverting.runs import Run
from indexer.inverting.sorting import OWN, Ordered, TextsOf, in_order
from indexer.inverting.token_runs import cut
from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins, smallest
from indexer.storage.segment import I64, U32, Segment
from indexer.text.acronyms import mine

# The fields of the texts that every document has.
_EVERY_DOCUMENT = array("H", range(OWN))
# Characters that are cut at once: enough to make array passes pay, few enough to stay in the caches.
BATCH = 200_000

# Enough documents that merging runs costs little, few enough that a run is made in half a gigabyte.
CHUNK_DOCUMENTS = 50_000


class Inverter:
    """Collects documents and inverts them; the dictionary of token runs and words seen outlives a run."""

    def __init__(
        self, other_names: Mapping[str, str] | None = None, stems: StemsOf | None = None, own: int = 0
    ) -> None:
        """Take the other names under which grantees are to be found, by name, and what stems words.

        `own` is how many own fields are searched.
        """
        self._other_names, self._own = other_names or {}, own
        self._dictionary = Dictionary(stems)
        self._clear()

    def _clear(self) -> None:
        self._numbers: list[U32] = [np.zeros(0, np.uint32)]
        self._counts: list[I64] = [np.zeros(0, np.int64)]
        self._waiting: list[str] = []
        self._fields = array("H")
        self._characters = 0
        self._documents = 0
        self._mentions: list[tuple[int, str]] = []

    def add(self, title: str, description: str, grantee: str, own: Sequence[tuple[int, str]] = ()) -> None:
        """Take the texts of the next document, in final order.

        `own` are its texts in own fields, each with the number of its field, ascending.
        """
        if other_names := self._other_names.get(grantee):
            grantee = f"{grantee} {other_names}"
        texts = (title, description, grantee)
        if "(" in description or "(" in title or "(" in grantee:
            self._mentions += [(self._documents, pair) for pair in mine(texts)]
        self._waiting += texts
        self._fields.extend(_EVERY_DOCUMENT)
        if own:
            numbers, own_texts = zip(*own, strict=True)
            self._waiting += own_texts
            self._fields.extend([OWN + number for number in numbers])
            self._characters += sum(map(len, own_texts))
        self._documents += 1
        self._characters += len(title) + len(description) + len(grantee)
        if self._characters >= BATCH:
            self._number()

    def _number(self) -> None:
        """Turn the texts that wait into numbers of token runs."""
        token_runs = cut(self._waiting)
        self._numbers.append(self._dictionary.numbers(token_runs))
        self._counts.append(token_runs.counts)
        self._waiting.clear()
        self._characters = 0

    def invert(self, first_document: int) -> Run:
        """Return the run of the documents taken since the last call, numbered from `first_document`."""
        self._number()
        stems = self._dictionary.stem()
        numbers, counts = np.concatenate(self._numbers), np.concatenate(self._counts)
        texts = TextsOf(np.array(self._fields, np.int64), counts, self._own)
        run = _run(in_order(numbers, texts, self._dictionary, stems), stems, first_document)
        acronyms, mentions = _mentions(self._mentions, first_document)
        self._clear()
        return replace(run, acronyms=acronyms, mentions=mentions)


def is_found(segment: Segment, document: int, stems: StemsOf) -> bool:
    """Tell whether a segment finds a project by its id and by the first word of its texts."""
    project = segment.project(document)
    if segment.find(project.id) != document:
        return False
    for term in invert([project], stems=stems).terms[:1]:
        number = segment.terms.find(term)
        if number < 0 or segment.documents.posting(number, document) < 0:
            return False
    return True


def _mentions(found: list[tuple[int, str]], first_document: int) -> tuple[list[str], U32]:
    acronyms = sorted({pair for _, pair in found})
    numbers = {pair: number for number, pair in enumerate(acronyms)}
    rows = sorted((document + first_document, numbers[pair]) for document, pair in found)
    return acronyms, np.array(rows, np.uint32).reshape(-1, 2)


def _run(found: Ordered, known: Stems, first_document: int) -> Run:
    postings_of = np.bincount(found.terms, minlength=len(known.terms))
    used = np.flatnonzero(postings_of)
    term_postings = postings_of[used]
    vocabulary = _vocabulary(known, used)
    counts = np.diff(found.firsts)
    counter = DocumentCounter(
        np.repeat(np.arange(len(used)), term_postings),
        counts.astype(smallest(int(counts.max(initial=0)))),
        found.forms,
        vocabulary.word_starts,
    )
    word_documents = counter.documents()
    return Run(
        terms=vocabulary.terms,
        words=vocabulary.words,
        word_terms=vocabulary.word_terms,
        word_documents=word_documents,
        term_postings=term_postings.astype(np.uint32),
        term_occurrences=np.diff(found.firsts[begins(term_postings)]).astype(np.uint32),
        documents=found.documents + np.uint32(first_document),
        counts=counter.counts,
        field_positions=found.field_positions,
        forms=found.forms,
        lengths=found.lengths,
        own_lengths=found.own_lengths,
        acronyms=[],
        mentions=np.zeros((0, 2), np.uint32),
    )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    terms: list[str]
    words: list[str]
    word_terms: U32
    word_starts: I64


def _vocabulary(known: Stems, used: I64) -> _Vocabulary:
    """Return the terms that are used, and all their words by term and form."""
    counts = np.diff(known.starts)[used]
    words = known.by_term[ragged(known.starts[used], counts)]
    return _Vocabulary(
        [known.terms[number] for number in used.tolist()],
        [known.words[number] for number in words.tolist()],
        np.repeat(np.arange(len(used), dtype=np.uint32), counts),
        begins(counts),
    )


def invert(projects: Iterable[Project], first_document: int = 0, stems: StemsOf | None = None) -> Run:
    """Return the run of a few projects given in final order."""
    inverter = Inverter(stems=stems)
    for project in projects:
        inverter.add(project.title, project.description, project.grantee)
    return inverter.invert(first_document)
