"""Completions of what is being typed: words, grantees and titles, each kind ranked by use.

The last word typed is the beginning of a word, those before it are whole. It runs at each key, so
nothing is gone through from end to end: words come from a range of the sorted table, grantees from one
folded text of all names (`names`), counts and titles from the backend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from indexer.document import Project
from indexer.storage.segment import I64
from indexer.text.analysis import STOP_WORDS, Word, fold, separate, tokens
from indexer.text.codes import SHORTEST_PART, key_of, keys_of
from indexer.text.folding import as_stored
from indexer.text.stop_words import is_silent
from search_app.backend.interface import Sources
from search_app.embedded.matching.ranking import smallest_keys
from search_app.query.operators.marks import NEGATIONS
from search_app.results import Completion
from search_app.suggest.names import Names
from search_app.words.english import is_english
from search_app.words.field_names import CODE_FIELD
from search_app.words.forms import respellings
from search_app.words.vocabulary import Vocabulary

# Of each kind at most so many, so that none crowds out the others; titles fill up what is left.
MOST_WORDS, MOST_GRANTEES = 4, 2
# The most frequent words with the beginning typed: the best completions are among them.
MAX_PREFIX_WORDS = 32
# Stop words that people run into the word before them by a slip ("historyof"); the letters that the word
# before has at least; and how many times as frequent as the slip it must be.
_RUN_INTO = ("of", "and", "the", "for", "with")
SHORTEST_RUN = 4
RUN_TOGETHER_ODDS = 50
# Words of which it is remembered how they stand in texts: those that are offered again at the next key.
CACHED_WORDS = 4_096
# One letter begins too many titles and names to be a wish for one of them.
SHORTEST_NAME_PREFIX = 2

# What may stand right before a code.
_OPENING = f'("{NEGATIONS}'

# What a search leaves out, and the operators beside what it looks for.
_LEFT_OUT = re.compile(
    rf"""(?<!\S)(?:(?:NOT\s+|[{NEGATIONS}])(?:"[^"]*"?|\([^()]*\)?|[^\s"()]+)|(?:AND|OR|NOT)(?!\S))"""
)

# What the word after it is left out by; in quotes and parentheses too.
_LEAVES_OUT = re.compile(rf"""(?<!\S)(?:NOT\s+|[{NEGATIONS}])["(]*\Z""")

# The terms of each whole word, in its spellings.
Whole = Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: `before` stands before the word to be completed and has the `whole` words.

    `prefixes` are the beginning of that word and, as it may be complete, its other spelling; none after
    a space.
    """

    before: str
    whole: tuple[str, ...]
    prefixes: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Typed:
        """Take apart what was typed, `as_stored`; after a space or a mark the last word is whole as well."""
        # Of a compound the joined form reaches farthest back: "follow-u" begins "followups".
        last = min((word for word in tokens(text) if word.end == len(text)), key=_start, default=None)
        before = f"{text.rstrip()} " if last is None else text[: last.start]
        there = _LEFT_OUT.sub(" ", before)
        # A field name ("title:") is no word.
        whole = tuple(word.text for word in separate(there) if there[word.end : word.end + 1] != ":")
        prefixes = (last.text, *(other.word for other in respellings(last.text))) if last else ()
        return cls(before, whole, prefixes)

    @property
    def is_left_out(self) -> bool:
        """Whether the word to be completed is one that must not be there."""
        return bool(self.prefixes) and _LEAVES_OUT.search(self.before) is not None


def _start(word: Word) -> int:
    return word.start


class Completer:
    """Completes texts from one index; threads may share it."""

    def __init__(self, vocabulary: Vocabulary, sources: Sources) -> None:
        """Complete with the words of `vocabulary`, and what `sources` knows of their use."""
        self._vocabulary, self._lexicon, self._sources = vocabulary, vocabulary.lexicon, sources
        self._as_it_stands = lru_cache(CACHED_WORDS)(self._written_first)

    def complete(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return at most `limit` completions of `text`: words, then grantees, then titles."""
        text = as_stored(text)
        typed = Typed.of(text)
        codes = tuple(islice(self._codes(text), MOST_WORDS))
        whole = [self._terms(word) for word in typed.whole if word not in STOP_WORDS]
        if not (whole or typed.prefixes) or not all(whole):
            return codes
        words = self._prefix_words(typed.prefixes)
        found = [*codes, *islice(self._words(typed, whole, words), MOST_WORDS)]
        # A name or a title with what is to be left out is not wanted.
        if not typed.is_left_out and (whole or len(typed.prefixes[0]) >= SHORTEST_NAME_PREFIX):
            found += islice(self._grantees(typed), MOST_GRANTEES)
            found += islice(self._title_completions(text, typed, whole, words), max(0, limit - len(found)))
        return tuple(found[:limit])

    def _codes(self, text: str) -> Iterator[Completion]:
        """Yield the codes that begin as the last of what is typed does, or whose longest part does."""
        typed = text.split()[-1].lstrip(_OPENING) if text[-1:].strip() else ""
        name, _, rest = typed.rpartition(":")
        if self._vocabulary.field_names.field(fold(name)) == CODE_FIELD:
            typed = rest
        key = key_of(typed)
        if len(key) < SHORTEST_PART:
            return
        before = text[: len(text) - len(typed)]
        for project in self._sources.with_codes(key, MAX_PREFIX_WORDS):
            for code in (project.id, *(text for _, text in project.extra)):
                if any(one.startswith(key) for one in keys_of(code)):
                    yield Completion(before + code, "word", 1)

    def _terms(self, word: str) -> frozenset[int]:
        """Return the terms of a whole word in its spellings; unknown words have none, and are not stemmed."""
        return frozenset(map(self._vocabulary.known_term, self._vocabulary.spellings(word)))

    def _prefix_words(self, prefixes: Sequence[str]) -> list[int]:
        """Return the words (numbers) that begin with one of `prefixes`, the most frequent first."""
        if not prefixes:
            return []
        ranges = [self._lexicon.words.prefixed(prefix) for prefix in prefixes]
        numbers = np.concatenate([np.arange(low, high) for low, high in ranges])
        frequencies = self._lexicon.word_documents[numbers].astype(np.int64)
        found: list[int] = numbers[smallest_keys(-frequencies, MAX_PREFIX_WORDS)].tolist()
        return found

    def _words(self, typed: Typed, whole: Whole, words: Sequence[int]) -> Iterator[Completion]:
        """Yield the word typed, then completed ones by use, one for each term.

        Use is in how many projects they stand with the whole words.
        """
        own = self._vocabulary.known_term(typed.prefixes[0]) if typed.prefixes else -1
        first: dict[int, int] = {}
        for number in words:
            first.setdefault(int(self._lexicon.word_terms[number]), number)
        terms = list(dict.fromkeys([own, *first] if own >= 0 else first))
        counts = dict(zip(terms, self._sources.uses(terms, whole), strict=True))
        if own >= 0 and counts[own] and not is_silent(typed.prefixes[0]):
            yield self._typed_word(typed, own, counts[own])
        ranks = {
            term: (-counts[term] * self._share(term, typed.prefixes), number)
            for term, number in first.items()
        }
        for term in sorted(ranks, key=ranks.__getitem__):
            if counts[term] and ranks[term][0]:
                form = self._likeliest(term, whole, typed.prefixes)
                if self._form(term, form) != typed.prefixes[0]:
                    yield Completion(typed.before + self._as_it_stands(term, form), "word", counts[term])

    def _typed_word(self, typed: Typed, term: int, count: int) -> Completion:
        form = self._lexicon.words_of(term).index(typed.prefixes[0])
        return Completion(typed.before + self._as_it_stands(term, form), "word", count)

    def _begins(self, number: int, prefixes: tuple[str, ...]) -> bool:
        word = self._lexicon.words[number]
        return word.startswith(prefixes) and not is_silent(word) and not self._runs_into_next(word)

    def _runs_into_next(self, word: str) -> bool:
        """Tell whether a word is two that were written as one by a slip: "historyof"."""
        for stop_word in _RUN_INTO:
            head = word.removesuffix(stop_word)
            if head != word and len(head) >= SHORTEST_RUN:
                uses, slips = (
                    self._vocabulary.frequency(self._vocabulary.known_term(one)) for one in (head, word)
                )
                return uses >= RUN_TOGETHER_ODDS * slips and not is_english(word)
        return False

    def _form(self, term: int, form: int) -> str:
        return self._lexicon.words[self._vocabulary.forms(term)[form]]

    def _share(self, term: int, prefixes: tuple[str, ...]) -> float:
        """Return how much of a term's use is in words that begin as typed ("the": "theses", not "these")."""
        forms = self._vocabulary.forms(term)
        uses = self._lexicon.word_documents[forms].tolist()
        fitting = (use for use, form in zip(uses, forms, strict=True) if self._begins(form, prefixes))
        share: float = sum(fitting) / sum(uses)
        return share

    def _likeliest(self, term: int, whole: Whole, prefixes: tuple[str, ...]) -> int:
        """Return which form of a term, of those with a beginning, is the most used with whole words."""
        words, uses = self._vocabulary.forms(term), self._sources.form_uses(term, whole)
        fitting = (form for form, word in enumerate(words) if self._begins(word, prefixes))
        return max(fitting, key=uses.__getitem__)

    def _written_first(self, term: int, form: int) -> str:
        """Return a form of a term as the first project that has it writes it, in small letters."""
        return _as_written(self._form(term, form), self._sources.first_with(term, form))

    def _grantees(self, typed: Typed) -> Iterator[Completion]:
        words = [word for word in typed.whole if word not in STOP_WORDS]
        whole = [{word, *(other.word for other in respellings(word))} for word in words]
        for ordinal, count in self._names.having(whole, typed.prefixes):
            yield Completion(self._grantee_names[0][ordinal], "grantee", count)

    def _title_completions(
        self, text: str, typed: Typed, whole: Whole, words: Sequence[int]
    ) -> Iterator[Completion]:
        terms = list(dict.fromkeys(self._lexicon.word_terms.take(words).tolist()))
        for project, count in self._sources.titles(text, whole, terms, typed.prefixes):
            yield Completion(project.title, "title", count, project.id)

    @cached_property
    def _names(self) -> Names:
        return Names(*self._grantee_names)

    @cached_property
    def _grantee_names(self) -> tuple[Sequence[str], I64]:
        return self._sources.grantees()


def _as_written(word: str, project: Project) -> str:
    """Return a word of a project as it stands there, in small letters: "follow-ups", "verité"."""
    own = (text for _, text in project.extra)
    for text in (project.title, project.description, project.grantee, *own):
        for one in tokens(text):
            if one.text == word:
                written = text[one.start : one.end].lower()
                # A token ends before its last dot: "u.s" is better shown as "us".
                return word if written.replace(".", "") == word and not word.isdigit() else written
    return word
