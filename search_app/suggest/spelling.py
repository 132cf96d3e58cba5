"""The query as it was probably meant: mistyped words corrected by near words of the index (`typos`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.text.analysis import Word, separate, tokens
from indexer.text.folding import as_stored
from indexer.text.stop_words import is_silent
from indexer.text.surface import letters
from search_app.query.clauses import ONE_TYPO_LENGTH, SAME_WORD
from search_app.query.pasted import unescaped
from search_app.words.english import is_english
from search_app.words.typos import WordNumbers, first_letters, near
from search_app.words.vocabulary import Vocabulary

# Shorter words are names, acronyms and numbers; nearly all of their neighbours are other words.
SHORTEST_CORRECTED = 4
# A word one typo further away must be so many times as frequent to be what was meant.
TYPO_ODDS = 20.0
# A word of the index is a typo of another one only if that is so many times as frequent: of the words of
# 65,834 grants with such a neighbour 336 are slips and hardly one is a word; at 250 *Humean* is *human*.
RARE_ODDS = 500
# Long words differ more from one another: of 270 with a neighbour 50 but not 500 times as frequent five are
# words, of Italian, French or old English.
LONG_WORD, LONG_ODDS = 8, 50
# What stands in so much of what has the other words belongs to them: of 70 projects with *walt* 63 have
# *whitman*. Of those with *history* few have *danger*, so that *darger* beside it is none.
BELONGING = 0.1
# Few errors are made in the first letter: Yannakoudakis & Fawthrop, "The Rules of Spelling Errors" (1983).
FIRST_LETTER_COST = 0.5
# Two typos, or one in the first letter.
MAX_COST = 2.0
# Near words that are weighed against each other, the most frequent ones.
MAX_CANDIDATES = 24
# Words of a query that are corrected: each costs a pass over the vocabulary.
MAX_CORRECTED = 4

# Endings that make no other word; "inspecters" is "inspect" with another ending, and mistyped.
_ENDING = re.compile("(?:ies|y|es|s|ed|ing|d|e)$")
# What stands after a field name and after words that are cut or mistyped on purpose.
_MARKS = (":", "*", "~")


def corrected_query(vocabulary: Vocabulary, text: str, *, rare: bool = False) -> str | None:
    """Return a query with its mistyped words corrected and all else as it was, None if no word was.

    Those are words that the index does not have; with `rare`, those that it hardly has and one near to them
    far more often.
    """
    meant_by = _usual if rare else _meant
    text = as_stored(unescaped(text))
    typed = _typed(text)
    understood = _in_phrases(vocabulary, typed) | _in_compounds(vocabulary, text, typed)
    pieces, end, corrected = [], 0, 0
    for number, word in enumerate(typed):
        others = [other.text for other in typed if other is not word]
        meant = meant_by(vocabulary, word.text, others) if number not in understood else None
        if meant is not None and corrected < MAX_CORRECTED:
            pieces += [text[end : word.start], meant]
            end, corrected = word.end, corrected + 1
    return "".join([*pieces, text[end:]]) if corrected else None


def _in_phrases(vocabulary: Vocabulary, typed: Sequence[Word]) -> set[int]:
    """Return which words are part of a phrase that is also searched as a variant: "sugar cane"."""
    runs = vocabulary.phrases([word.text for word in typed])
    return {number for first, last, _ in runs for number in range(first, last)}


def _in_compounds(vocabulary: Vocabulary, text: str, typed: Sequence[Word]) -> set[int]:
    """Return which words are part of a compound that the index has in some writing: O'Neill, Oneill."""
    compounds = [
        (one.start, one.end)
        for one in tokens(text)
        if one.kind == "compound" and vocabulary.term(one.text) >= 0
    ]
    return {
        number
        for number, word in enumerate(typed)
        if any(start <= word.start < end for start, end in compounds)
    }


def _typed(text: str) -> list[Word]:
    """Return the words of a query but for field names, words before * or ~, and abbreviations (Thos.)."""
    words = [(word, text[word.end : word.end + 1]) for word in separate(text)]
    return [
        word
        for word, mark in words
        if mark not in _MARKS and not (mark == "." and len(word.text) <= ONE_TYPO_LENGTH)
    ]


def _meant(vocabulary: Vocabulary, word: str, others: Sequence[str]) -> str | None:
    """Return the word that was probably meant by a mistyped one, None for a word to be left as it is.

    Near words are weighed by how often they are used, and then by how often together with the others.
    """
    if not _may_be_mistyped(vocabulary, word):
        return None
    lexicon = vocabulary.lexicon
    numbers, costs = _candidates(vocabulary, word, silent=bool(others))
    best = np.argsort(-_score(lexicon.word_documents[numbers], costs), kind="stable")[:MAX_CANDIDATES]
    numbers, costs = numbers[best], costs[best]
    shared = _shared(vocabulary, lexicon.word_terms[numbers].tolist(), others) if others else None
    if shared is not None and shared.any():
        numbers = numbers[np.argsort(-_score(shared, costs), kind="stable")]
    return lexicon.words[int(numbers[0])] if len(numbers) else None


def _usual(vocabulary: Vocabulary, word: str, others: Sequence[str]) -> str | None:
    """Return the word that was probably meant by one that the index hardly has, None for one to be left.

    It differs in one place, which is neither the first letter nor the last: *madre* is not *made*, nor is
    *cultura* a slip of *culture*. It is far more frequent, or belongs to the other words: *walt witman*.
    """
    lexicon, term = vocabulary.lexicon, vocabulary.known_term(word)
    if term < 0 or len(word) <= ONE_TYPO_LENGTH or not _is_no_word(word):
        return None
    numbers, costs = _candidates(vocabulary, word)
    near_words = [
        number
        for number in numbers[costs <= 1].tolist()
        if not (lexicon.words[number].startswith(word[:-1]) or word.startswith(lexicon.words[number][:-1]))
    ]
    odds = LONG_ODDS if len(word) >= LONG_WORD else RARE_ODDS
    for number in near_words:
        if lexicon.word_documents[number] >= odds * lexicon.frequency(term):
            return str(lexicon.words[number])
    return _usual_with(vocabulary, term, near_words, others) if others else None


def _usual_with(
    vocabulary: Vocabulary, term: int, near_words: Sequence[int], others: Sequence[str]
) -> str | None:
    """Return the near word that belongs to the others, as names do, where a term hardly stands with them."""
    lexicon = vocabulary.lexicon
    known = [vocabulary.known_term(one) for one in others if not is_silent(one)]
    known = [one for one in known if one >= 0]
    if not known or not near_words:
        return None
    terms = [term, known[0], *(int(lexicon.word_terms[one]) for one in near_words)]
    own, every, *shared = vocabulary.uses.together(terms, known).tolist()
    most = max(shared)
    if most < TYPO_ODDS * max(own, 1) or most < BELONGING * every:
        return None
    return str(lexicon.words[near_words[shared.index(most)]])


def _candidates(
    vocabulary: Vocabulary, word: str, *, silent: bool = False
) -> tuple[WordNumbers, NDArray[np.float64]]:
    """Return near words and what their typos cost, without those that are searched for `word` anyway.

    With `silent` words that a search does without are among them where letters are only swapped: *thier*.
    """
    lexicon = vocabulary.lexicon
    distance = 1 if len(word) <= ONE_TYPO_LENGTH else 2
    numbers, distances = near(lexicon, word, distance, first_letter=False)
    forms = [word, *(one.words[0] for one in vocabulary.variants(word) if len(one.words) == 1)]
    searched = np.isin(lexicon.word_terms[numbers], [vocabulary.term(form) for form in forms])
    costs = distances + FIRST_LETTER_COST * (first_letters(lexicon.words, numbers) != ord(word[0]))
    # What is corrected is a word, and so is what was meant: no code, no number. What a search does without
    # is near to too many names.
    near_words = [lexicon.words[number] for number in numbers.tolist()]
    plain = np.array(
        [one.isalpha() and (not is_silent(one) or (silent and _is_swapped(one, word))) for one in near_words],
        np.bool_,
    )
    offered = ~searched & plain & (costs <= MAX_COST)
    return numbers[offered], costs[offered]


def _is_swapped(one: str, other: str) -> bool:
    return len(one) == len(other) and sorted(one) == sorted(other)


def _may_be_mistyped(vocabulary: Vocabulary, word: str) -> bool:
    """Tell whether a word is neither of the index nor of English, and no code, number or symbol."""
    if len(word) < SHORTEST_CORRECTED or vocabulary.known_term(word) >= 0 or not _is_no_word(word):
        return False
    # Found in another spelling, as one word or in parts ("lasalle": La Salle), it is what was meant.
    found = any(variant.kind in SAME_WORD for variant in vocabulary.variants(word))
    return not found and not _is_inflected(vocabulary, word)


def _is_no_word(word: str) -> bool:
    """Tell whether what looks like a word is none of English."""
    return word.isalpha() and not is_silent(word) and not is_english(word)


def _is_inflected(vocabulary: Vocabulary, word: str) -> bool:
    """Tell whether a word that the index does not have is another number or tense of one that it has."""
    term = vocabulary.term(word)
    if term < 0:
        return False
    forms = [letters(vocabulary.lexicon.words[number]) for number in vocabulary.forms(term)]
    known = {_ENDING.sub("", form) for form in (vocabulary.text(term), *forms)}
    return _ENDING.sub("", word) in known


def _score(uses: NDArray[np.integer], costs: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.log1p(uses) - np.log(TYPO_ODDS) * costs, np.float64)


def _shared(vocabulary: Vocabulary, terms: Sequence[int], others: Sequence[str]) -> NDArray[np.int64]:
    """Return in how many projects each term stands with all of the other words that the index knows."""
    known = (vocabulary.known_term(word) for word in others)
    return vocabulary.uses.together(terms, [term for term in known if term >= 0])
