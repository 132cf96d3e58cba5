"""Texts without a small letter: a title in capitals, or acronyms, codes and scripts that have no case.

In a title in capitals ("WOMEN NEED NOT APPLY") AND, OR and NOT are words like the others. In "NAFTA OR
USMCA", "IL-30345 OR IL-31000" and "童工 NOT 学校" there is no other way to write what stands beside them.
"""

from __future__ import annotations

from search_app.query.operators.marks import OPERATORS
from search_app.query.typed import typed_words
from search_app.words.acronyms import FREQUENT, MIN_LETTERS, is_common
from search_app.words.english import frequency
from search_app.words.forms import respellings
from search_app.words.vocabulary import Vocabulary


def is_in_capitals(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text is words in capitals, so that capitals tell no operator in it."""
    if text.upper() != text:
        return False
    raws = text.replace("(", " ").replace(")", " ").split()
    if OPERATORS.keys().isdisjoint(raws):
        return True
    words = [word for raw in raws if raw not in OPERATORS for word in _words(raw) if not is_common(word)]
    return not words or any(_is_ordinary(word, vocabulary) for word in words)


def _words(raw: str) -> list[str]:
    """Return the folded words of a raw text; all of it where its digits or dots tell that it is no word."""
    return [word for typed in typed_words(raw) for word in ((raw,) if typed.is_acronym else typed.words)]


def _is_ordinary(word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a folded word is an English one that is often used, and no acronym of the index."""
    if len(word) < MIN_LETTERS or vocabulary.acronym_forms(word):
        return False
    return max(map(frequency, (word, *(other.word for other in respellings(word))))) >= FREQUENT
