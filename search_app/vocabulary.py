"""The words of a generation: which term a word is, and in which other forms people mean the same.

Variants are proposed by letters (`forms`) and by meaning (`meanings`) and kept only where the index has
their words. Everything is looked up when first asked and remembered: opening costs nothing, and NLTK is
imported only for words that the corpus does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from indexer.analysis import STOP_WORDS, stem
from indexer.impacts import idf
from indexer.schema import ANY_FIELD
from indexer.segment import Segment
from search_app.forms import other_numbers, respellings
from search_app.matching import Matcher
from search_app.meanings import Form, Kind, Meanings, keys_of

# What a variant is worth beside the word as typed. Another spelling or number is the same word; an
# acronym nearly always means its phrase; a synonym is what the list's maintainer takes it for.
WORTH: dict[Kind, float] = {"spelling": 0.95, "plural": 0.9, "acronym": 0.9, "synonym": 0.6}
# More forms than a page can show; each costs a pass over its postings.
MAX_VARIANTS = 8
# Spellings of one phrase: "labour organisation" in four ways at most.
MAX_PHRASE_SPELLINGS = 4
# Words looked at to find another inflection of a respelled root.
MAX_ROOT_WORDS = 64
# A word with more forms than this beside itself and its plural is an ordinary word ("aids": aid, aided).
MOST_ACRONYM_FORMS = 2
# Both halves of a compound must say something: "in form" is not "inform".
SHORTEST_HALF = 3
# Words remembered; then the memory starts over, which costs a few look-ups.
MEMO = 20_000

_Value = TypeVar("_Value")
_INFLECTION = re.compile("(?:s|e|es|d|ed|er|ers|ing|al|ations?|ational|ments?)?")
# Ordinary words without inflections that are acronyms too: "WHO" must not find every "who".
_ORDINARY = STOP_WORDS | {
    "all",
    "how",
    "may",
    "not",
    "our",
    "out",
    "than",
    "us",
    "what",
    "when",
    "who",
    "will",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """Another form of what was typed: its folded words, several being a phrase, and what it is worth.

    `weight` (below 1) times its own impact is what a match of the variant counts.
    """

    words: tuple[str, ...]
    weight: float
    kind: Kind


class Vocabulary:
    """The terms of one segment and the variants of its words; threads may share it."""

    def __init__(self, segment: Segment) -> None:
        """Look words up in `segment`."""
        self.segment = segment
        self._meanings = Meanings(segment)
        self._matcher = Matcher(segment, segment.terms.find)
        self._terms: dict[str, int] = {}
        self._variants: dict[str, tuple[Variant, ...]] = {}

    def term(self, word: str) -> int:
        """Return the term number of a folded word, -1 if the index has no word of that stem."""
        found = self._terms.get(word)
        if found is None:
            number = self._known_term(word)
            found = number if number >= 0 else self.segment.terms.find(stem(word))
            _keep(self._terms, word, found)
        return found

    def text(self, term: int) -> str:
        """Return the text of a term: a stem."""
        text: str = self.segment.terms[term]
        return text

    def frequency(self, term: int) -> int:
        """Return how many documents have a term."""
        return len(self.documents(term))

    def documents(self, term: int) -> NDArray[np.uint32]:
        """Return the documents that have a term, ascending."""
        begin, end = self.segment.term_postings[term : term + 2]
        return self.segment.documents[int(begin) : int(end)]

    def variants(self, word: str) -> tuple[Variant, ...]:
        """Return the other forms of a folded word that the index has, the worthiest first."""
        found = self._variants.get(word)
        if found is None:
            found = tuple(self._find_variants(word))
            _keep(self._variants, word, found)
        return found

    def spellings(self, word: str) -> Iterator[str]:
        """Yield the words of the index that are a folded word as it is and in other spellings."""
        for one in dict.fromkeys((word, f"{word}s", word.removesuffix("s"))):
            if self._known_term(one) >= 0:
                yield one
                break
        yield from self._respelled(word)

    def phrases(self, words: Sequence[str]) -> list[tuple[int, int, Variant]]:
        """Return the variants of runs of folded words as (first, last, variant), [first, last) of `words`.

        Runs do not overlap; the longest from the left are taken. A run may have several variants, the
        worthiest first. Stop words and inflections in it do not matter; an empty word ends a run.
        """
        found: list[tuple[int, int, Variant]] = []
        places = [place for place, word in enumerate(words) if word not in STOP_WORDS]
        keys = keys_of(words)
        at = 0
        while at < len(places) - 1:
            length, variants = self._run([words[place] for place in places[at:]], keys[at:])
            found += [(places[at], places[at + length - 1] + 1, variant) for variant in variants]
            at += length if variants else 1
        return found

    def _known_term(self, word: str) -> int:
        number = self.segment.words.find(word)
        return int(self.segment.word_terms[number]) if number >= 0 else -1

    def _find_variants(self, word: str) -> list[Variant]:
        if word in STOP_WORDS:
            return []
        own = self.term(word)
        proposed = [Form((other,), "spelling") for other in self._respelled(word)]
        proposed += [Form((other,), "plural") for other in other_numbers(word)]
        proposed += self._meanings.of_word(word)
        if own < 0:
            proposed += self._halves(word)
        return self._chosen((word,), proposed)

    def _run(self, words: Sequence[str], keys: tuple[str, ...]) -> tuple[int, list[Variant]]:
        """Return how many of the first words are a phrase, and its variants."""
        length, forms = self._meanings.longest(keys)
        joined = words[0] + words[1]
        if not length and min(map(len, words[:2])) >= SHORTEST_HALF and self._known_term(joined) >= 0:
            length, forms = 2, [Form((joined,), "spelling")]
        return length, self._chosen(words[:length], forms)

    def _halves(self, word: str) -> Iterator[Form]:
        for cut in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1):
            if self._known_term(word[:cut]) >= 0 and any(self.spellings(word[cut:])):
                yield Form((word[:cut], word[cut:]), "spelling")

    def _respelled(self, word: str) -> Iterator[str]:
        """Yield the words of the index that are `word` in another spelling, maybe differently inflected."""
        for one in respellings(word):
            if self._known_term(one.word) >= 0:
                yield one.word
            elif inflected := self._inflected(one.root):
                yield inflected

    def _inflected(self, root: str) -> str | None:
        """Return the most frequent word that is `root` with a usual ending."""
        words, documents = self.segment.words, self.segment.word_documents
        low, high = words.prefixed(root)
        found = [
            number
            for number in range(low, min(high, low + MAX_ROOT_WORDS))
            if _INFLECTION.fullmatch(words[number].removeprefix(root))
        ]
        return words[max(found, key=documents.__getitem__)] if found else None

    def _chosen(self, typed: Sequence[str], forms: Sequence[Form]) -> list[Variant]:
        """Return the proposed forms that the index has as variants of what was typed, the worthiest first."""
        seen = {tuple(map(self.term, typed))}
        found = []
        for form in forms:
            for words in self._real(form):
                terms = tuple(map(self._known_term, words))
                if terms not in seen:
                    seen.add(terms)
                    found.append(Variant(words, self._weight(typed, words, form), form.kind))
        return sorted(found, key=lambda variant: -variant.weight)[:MAX_VARIANTS]

    def _weight(self, typed: Sequence[str], words: Sequence[str], form: Form) -> float:
        """Return what a variant is worth.

        A rare variant of a common word would outrank that word by its idf, so what it has more than the
        word as typed is taken off.
        """
        return WORTH[form.kind] * form.share * min(1.0, self._idf(typed) / self._idf(words))

    def _idf(self, words: Sequence[str]) -> float:
        """Return the idf of a word or phrase, as the matcher weighs it."""
        unknown = float(idf(len(self.segment), 0))
        terms = map(self.term, words)
        return sum(self._matcher.weight(term) if term >= 0 else unknown for term in terms)

    def _real(self, form: Form) -> Iterator[tuple[str, ...]]:
        """Yield the spellings of a form that the index has."""
        if form.kind == "acronym" and len(form.words) == 1 and self._is_ordinary(form.words[0]):
            return
        for words in islice(product(*map(self.spellings, form.words)), MAX_PHRASE_SPELLINGS):
            if len(words) == 1 or self._stands(words):
                yield words

    def _is_ordinary(self, word: str) -> bool:
        """Tell whether an acronym, written small, is an ordinary word."""
        term = self._known_term(word)
        if word in _ORDINARY or term < 0:
            return word in _ORDINARY
        first, last = self.segment.term_words_start[term : term + 2]
        return int(last) - int(first) > 1 + MOST_ACRONYM_FORMS

    def _stands(self, words: Sequence[str]) -> bool:
        """Tell whether known words follow each other somewhere."""
        stems = [self.text(self._known_term(word)) for word in words]
        return len(self._matcher.match(wq.Phrase(ANY_FIELD, stems))) > 0


def _keep(memo: dict[str, _Value], word: str, value: _Value) -> None:
    if len(memo) >= MEMO:
        memo.clear()
    memo[word] = value
