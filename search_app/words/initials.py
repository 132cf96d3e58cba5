"""Initials: letters that are written as one word, with dots or apart: TS, T.S. and T. S. Eliot.

With dots they are one word of the index (*ts*), apart they are several (*t*, *s*). So what is typed in one
way is also looked for in the other, where the index has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from search_app.words.english import is_english
from search_app.words.vocabulary import Variant, Vocabulary

# More letters are no initials but a word, or a name that nobody writes apart.
MOST_LETTERS = 4


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
