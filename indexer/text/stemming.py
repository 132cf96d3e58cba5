"""Words to terms: Snowball's English stems, corrected by reviewed lists. The one place where NLTK lives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Protocol

from indexer.text.corrections import Corrections, Line, reviewed
from indexer.text.surface import letters

# Distinct words whose term is kept while serving; a corpus of 100,000 projects has fewer.
TERM_MEMO = 200_000

_DIGIT = re.compile(r"\d")
# Of so many letters, a word that ends in "s" is hardly ever a plural.
LETTERS = 3

# Every suffix of Snowball's rules ends in one of these: a plain word that does not is its own stem, and a
# third of all words need not be asked for.
_SUFFIX_ENDS = tuple("' s ed ing y e al ful ll ci gi li ti er ator ic ant ent ion ism".split())


class Stemmer(Protocol):
    """What gives a word its stem."""

    def stem(self, word: str) -> str:
        """Return the stem of a folded word."""


@cache
def _snowball() -> Stemmer:
    # Importing NLTK costs over a second: only the first unknown word pays for it.
    from nltk.stem.snowball import EnglishStemmer

    stemmer: Stemmer = EnglishStemmer()
    return stemmer


def uncorrected(word: str) -> str:
    """Return the Snowball (English) stem of a folded word."""
    if word.isascii() and not word.endswith(_SUFFIX_ENDS):
        return word
    if not word.isalpha() and _DIGIT.search(word):
        # A code is no word with an ending; of a decade (1990s) only the "s" is one.
        return word[:-1] if word[:-1].isdigit() and word[-1] == "s" else word
    return _snowball().stem(word)


def _stem(word: str) -> str:
    # What is left of an acronym without its last letter is another one: AAS is not AA.
    return word if len(word) <= LETTERS and word.endswith("s") else uncorrected(word)


class Stemming:
    """Gives words their terms: two words are one word to a search if these are the same."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        """Correct the stemmer by the reviewed lines, and by those of a corpus."""
        self._lines = tuple(lines)
        self._corrections: Corrections | None = None
        self._listed: dict[str, str] = {}
        self._terms: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Return the term of a folded word."""
        found = self._terms.get(word)
        if found is None:
            if len(self._terms) >= TERM_MEMO:
                self._terms.clear()
            (found,) = self.stems((word,))
            self._terms[word] = found
        return found

    def stems(self, words: Iterable[str]) -> Iterator[str]:
        """Yield the terms of folded words that are not asked for again: these fill no memory."""
        if self._corrections is None:
            # Made when first needed, for it takes the stems of all listed words.
            self._corrections = Corrections((*reviewed(), *self._lines), self._stem_of_listed)
        term, listed = self._corrections.term, self._listed.get
        return (term(one, listed(one) or _stem(one)) for one in map(letters, words))

    def _stem_of_listed(self, word: str) -> str:
        # Lines name words more than once, and most of them are words of the corpus as well.
        found = self._listed.get(word)
        if found is None:
            found = self._listed[word] = _stem(word)
        return found


@cache
def stemming(lines: tuple[Line, ...] = ()) -> Stemming:
    """Return the stemming of a corpus whose own lines are these; threads may share it."""
    return Stemming(lines)
