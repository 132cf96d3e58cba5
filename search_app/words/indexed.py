"""The words of a generation: which term each is, which documents have it, and how else the index spells it.

Everything is looked up when first asked and remembered: opening costs nothing, and NLTK is imported only
for words that the corpus does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from indexer.text import word_rules
from indexer.text.stemming import stemming
from indexer.text.surface import is_inner, letters
from search_app.words.forms import other_endings, respellings
from search_app.words.lexicon import Lexicon, Uses

# Words looked at to find another inflection of a respelled root.
MAX_ROOT_WORDS = 64
# Words remembered; then the memory starts over, which costs a few look-ups.
MEMO = 20_000

_INFLECTION = re.compile("(?:s|e|es|d|ed|er|ers|ing|al|ations?|ational|ments?)?")
_Value = TypeVar("_Value")


class Words:
    """The words of one lexicon; threads may share it."""

    def __init__(self, lexicon: Lexicon, uses: Uses) -> None:
        """Look words up in `lexicon`; ask `uses` what it does not know."""
        self.lexicon, self.uses = lexicon, uses
        self._terms: dict[str, int] = {}
        self._known_terms: dict[str, int] = {}
        self.rules = word_rules.parse("\n".join(lexicon.rules))

    def stem(self, word: str) -> str:
        """Return the term that a folded word has, or would have, in this index."""
        return stemming(self.rules.stem_lines).stem(word)

    def term(self, word: str) -> int:
        """Return the term number of a folded word, -1 if the index has no word of that stem."""
        found = self._terms.get(word)
        if found is None:
            number = self.known_term(word)
            found = number if number >= 0 else self.lexicon.term_of(self.stem(word))
            remember(self._terms, word, found)
        return found

    def known_term(self, word: str) -> int:
        """Return the term number of a folded word that the index has as it is, else -1."""
        found = self._known_terms.get(word)
        if found is None:
            number = self.lexicon.word_of(word)
            found = int(self.lexicon.word_terms[number]) if number >= 0 else -1
            remember(self._known_terms, word, found)
        return found

    def text(self, term: int) -> str:
        """Return the text of a term: a stem."""
        text: str = self.lexicon.terms[term]
        return text

    def forms(self, term: int) -> list[int]:
        """Return the words (numbers) whose stem a term is, in the order of their `forms` numbers."""
        return self.lexicon.forms(term)

    def parted(self, word: str) -> Iterator[tuple[str, ...]]:
        """Yield the words of which the index writes a word with marks between: followups as follow-ups."""
        term = self.term(word)
        for text in self.lexicon.words_of(term) if term >= 0 else ():
            if not text.isalnum() and not is_inner(text) and letters(text) == word:
                parts = tuple(re.findall(r"\w+", text))
                if len(parts) > 1:
                    yield parts

    def is_code(self, key: str) -> bool:
        """Tell whether a code of the index is found by just this key."""
        return bool(key) and self.uses.has_code(key)

    def may_be_code(self, key: str) -> bool:
        """Tell whether some code of the index is found by a key, or begins with it."""
        return self.uses.begins_code(key)

    def frequency(self, term: int) -> int:
        """Return how many documents have a term."""
        return self.lexicon.frequency(term)

    def spellings(self, word: str) -> Iterator[str]:
        """Yield the words of the index that are a folded word as it is and in other spellings."""
        for one in dict.fromkeys((word, *other_endings(word))):
            if self.known_term(one) >= 0:
                yield one
                break
        yield from self.respelled(word)

    def respelled(self, word: str) -> Iterator[str]:
        """Yield the words of the index that are `word` in another spelling, maybe differently inflected."""
        for one in respellings(word):
            if self.known_term(one.word) >= 0:
                yield one.word
            elif inflected := self._inflected(one.root, word):
                yield inflected

    def _inflected(self, root: str, word: str) -> str | None:
        """Return the most frequent form of `word` that is `root`, its beginning respelled, and an ending."""
        words, documents = self.lexicon.words, self.lexicon.word_documents
        low, high = words.prefixed(root)
        found = [
            number
            for number in range(low, min(high, low + MAX_ROOT_WORDS))
            if _INFLECTION.fullmatch(words[number].removeprefix(root))
        ]
        found.sort(key=documents.__getitem__, reverse=True)
        return next((words[number] for number in found if self._is_form(words[number], word)), None)

    def _is_form(self, respelled: str, word: str) -> bool:
        """Tell whether a word in the other spelling is a form of `word` when spelled as that is."""
        term = self.stem(word)
        return any(self.stem(one.word) == term for one in respellings(respelled))


def remember(memo: dict[str, _Value], word: str, value: _Value) -> None:
    """Remember a value, and forget all others when there are too many."""
    if len(memo) >= MEMO:
        memo.clear()
    memo[word] = value
