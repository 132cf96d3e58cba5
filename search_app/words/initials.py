"""Initials: letters that are written as one word, with dots or apart: TS, T.S. and T. S. Eliot.

With dots they are one word of the index (*ts*), apart they are several (*t*, *s*). So what is typed in one
way is also looked for in the other, where the index has it. In small letters (*t s eliot*) some of them are
stop words as well; they are initials where the index has them before that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from indexer.text.analysis import fold
from indexer.text.stop_words import is_silent
from search_app.words.english import is_english
from search_app.words.vocabulary import Variant, Vocabulary

# More letters are no initials but a word, or a name that nobody writes apart.
MOST_LETTERS = 4

# In a longer text the rest are read as they stand: each look at the index is a pass over frequent words.
MOST_NAMES = 4
# Letters apart, with dots or without, and the word that follows them.
_BEFORE_A_NAME = re.compile(
    rf"(?<!\S)((?:[^\W\d_]\.?\s+){{2,{MOST_LETTERS}}})([^\W\d_]{{2,}})(?![^\W\d_])", re.DOTALL
)


def apart(word: str, as_acronym: bool, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the letters of a folded word if some project has them one by one, else nothing.

    A word of English that is not typed `as_acronym` is meant as that word: *web* is no *W. E. B.*; and *II*
    is a number.
    """
    if not 1 < len(word) <= MOST_LETTERS or not word.isalpha() or not word.strip("i"):
        return ()
    letters = tuple(word)
    terms = [vocabulary.known_term(letter) for letter in letters]
    if min(terms) < 0 or (is_english(word) and not as_acronym):
        return ()
    return letters if vocabulary.uses.in_a_row(terms) else ()


def joined(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[tuple[int, int, Variant]]:
    """Yield runs of letters among folded words that the index has as a word: (first, last, variant).

    ["t", "s", "eliot"] gives (0, 2, *ts*).
    """
    first = 0
    for is_letter, run in groupby(words, lambda word: len(word) == 1 and word.isalpha()):
        letters = tuple(run)
        last = first + len(letters)
        word = "".join(letters)
        if is_letter and 1 < len(letters) <= MOST_LETTERS and vocabulary.known_term(word) >= 0:
            weight = vocabulary.same_word_weight(letters, (word,))
            yield first, last, Variant((word,), weight, "spelling")
        first = last


def before_names(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the letters of a text that are initials, folded: those that the index has before the same word.

    "plays by t. s. eliot" gives {t, s} if some project has *T. S. Eliot* or *T.S. Eliot*. Where all of it are
    stop words, none is a name: *y a la*.
    """
    found: set[str] = set()
    for match in islice(_BEFORE_A_NAME.finditer(text), MOST_NAMES):
        letters, name = fold(match[1]).replace(".", " ").split(), fold(match[2])
        if not all(map(is_silent, (*letters, name))) and any(
            map(vocabulary.stands, ((*letters, name), ("".join(letters), name)))
        ):
            found.update(letters)
    return frozenset(found)
