"""Examples of a search from the words of the index: whoever tries one finds something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indexer.document import Project
from indexer.text.analysis import STOP_WORDS, tokens
from search_app.words.english import is_english
from search_app.words.vocabulary import Vocabulary

# Shorter words say little, and cannot be cut.
SHORTEST = 6
# The most frequent words, among which there are enough that say something.
LOOKED_AT = 200
# Letters at the end of a word that its beginning is shown without.
_CUT = 3


@dataclass(frozen=True, slots=True)
class Examples:
    """Two frequent words, a beginning of the first and a slip in it, and two words side by side."""

    word: str
    other: str
    beginning: str
    slip: str
    phrase: str


def examples(vocabulary: Vocabulary, projects: Iterable[Project]) -> Examples | None:
    """Return examples, a phrase from the titles of some `projects`; None where words are too few."""
    words = list(_frequent(vocabulary))
    if len(words) < 2:
        return None
    word, other = words[0], words[1]
    phrase = next((found for one in projects for found in _phrases(one.title)), f"{word} {other}")
    return Examples(word, other, word[:-_CUT], word[:2] + word[3:], phrase)


def _frequent(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield frequent English words, each of another term."""
    lexicon, seen = vocabulary.lexicon, set()
    order = np.argsort(-lexicon.word_documents.astype(np.int64), kind="stable")
    for number in order[:LOOKED_AT].tolist():
        word, term = lexicon.words[number], int(lexicon.word_terms[number])
        if len(word) >= SHORTEST and word not in STOP_WORDS and term not in seen and is_english(word):
            seen.add(term)
            yield word


def _phrases(title: str) -> Iterator[str]:
    words = list(tokens(title))
    for one, after in pairwise(words):
        between = title[one.end : after.start]
        if between == " " and all(
            len(each.text) >= SHORTEST and is_english(each.text) for each in (one, after)
        ):
            yield title[one.start : after.end].lower()
