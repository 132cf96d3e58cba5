"""Completions of what is being typed: words, grantees and titles, each kind ranked by use.

The last word typed is the beginning of a word, those before it are whole. It runs at each key, so
nothing is gone through from end to end: words come from a range of the sorted table, grantees from one
folded text of all names (`names`), titles from the postings of the newest projects (`titles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import begins
from indexer.text.analysis import STOP_WORDS, Word, normalise, separate, tokens
from search_app.matching.ranking import smallest_keys
from search_app.results import Completion
from search_app.suggest.names import Names
from search_app.suggest.titles import Titles, holding
from search_app.words.forms import respellings
from search_app.words.vocabulary import Vocabulary

# Of each kind at most so many, so that none crowds out the others; titles fill up what is left.
MOST_WORDS, MOST_GRANTEES = 4, 2
# The most frequent words with the beginning typed: the best completions are among them.
MAX_PREFIX_WORDS = 32
# One letter begins too many titles and names to be a wish for one of them.
SHORTEST_NAME_PREFIX = 2


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
        """Take a text apart; after a space or a punctuation mark the last word is whole as well."""
        text = normalise(text)
        # Of a compound the joined form reaches farthest back: "follow-u" begins "followups".
        last = min((word for word in tokens(text) if word.end == len(text)), key=_start, default=None)
        before = f"{text.rstrip()} " if last is None else text[: last.start]
        # A field name ("title:") is no word.
        whole = tuple(word.text for word in separate(before) if before[word.end] != ":")
        prefixes = (last.text, *(other.word for other in respellings(last.text))) if last else ()
        return cls(before, whole, prefixes)


def _start(word: Word) -> int:
    return word.start


class Completer:
    """Completes texts from one segment; threads may share it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Complete from the segment of `vocabulary`."""
        self._vocabulary, self._segment = vocabulary, vocabulary.segment
        self._titles = Titles(vocabulary)

    def complete(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return at most `limit` completions of `text`: words, then grantees, then titles."""
        typed = Typed.of(text)
        whole = [self._terms(word) for word in typed.whole if word not in STOP_WORDS]
        if not (whole or typed.prefixes) or not all(whole):
            return ()
        words = self._prefix_words(typed.prefixes)
        found = [*islice(self._words(typed, whole, words), MOST_WORDS)]
        if whole or len(typed.prefixes[0]) >= SHORTEST_NAME_PREFIX:
            found += islice(self._grantees(typed), MOST_GRANTEES)
            found += islice(self._title_completions(text, typed, whole, words), max(0, limit - len(found)))
        return tuple(found[:limit])

    def _terms(self, word: str) -> set[int]:
        """Return the terms of a whole word in its spellings; unknown words have none, and are not stemmed."""
        segment = self._segment
        return {int(segment.word_terms[segment.words.find(one)]) for one in self._vocabulary.spellings(word)}

    def _prefix_words(self, prefixes: Sequence[str]) -> list[int]:
        """Return the words (numbers) that begin with one of `prefixes`, the most frequent first."""
        if not prefixes:
            return []
        ranges = [self._segment.words.prefixed(prefix) for prefix in prefixes]
        numbers = np.concatenate([np.arange(low, high) for low, high in ranges])
        frequencies = self._segment.word_documents[numbers].astype(np.int64)
        found: list[int] = numbers[smallest_keys(-frequencies, MAX_PREFIX_WORDS)].tolist()
        return found

    def _words(self, typed: Typed, whole: Sequence[set[int]], words: Sequence[int]) -> Iterator[Completion]:
        """Yield completed words, one for each term, by how many projects have them with the whole words."""
        context = holding(len(self._segment), whole, self._vocabulary.documents)
        counts: dict[int, int] = {}
        ranks: dict[int, tuple[float, int]] = {}
        for number in words:
            term = int(self._segment.word_terms[number])
            if term not in counts:
                counts[term] = int(np.count_nonzero(context[self._vocabulary.documents(term)]))
                ranks[term] = (-counts[term] * self._share(term, typed.prefixes), number)
        for term in sorted(counts, key=ranks.__getitem__):
            if counts[term] and ranks[term][0]:
                word = self._likeliest(term, context, typed.prefixes)
                if word != typed.prefixes[0]:
                    yield Completion(typed.before + word, "word", counts[term])

    def _begins(self, number: int, prefixes: tuple[str, ...]) -> bool:
        word = self._segment.words[number]
        return word.startswith(prefixes) and word not in STOP_WORDS

    def _share(self, term: int, prefixes: tuple[str, ...]) -> float:
        """Return how much of a term's use is in words that begin as typed ("the": "theses", not "these")."""
        forms = self._vocabulary.forms(term)
        uses = self._segment.word_documents[forms].tolist()
        fitting = (use for use, form in zip(uses, forms, strict=True) if self._begins(form, prefixes))
        share: float = sum(fitting) / sum(uses)
        return share

    def _likeliest(self, term: int, context: NDArray[np.bool_], prefixes: tuple[str, ...]) -> str:
        """Return the form of a term with a beginning that is the most used in some documents, as written."""
        segment = self._segment
        begin, end = segment.term_postings[term : term + 2].tolist()
        first, last = segment.term_occurrences[term : term + 2].tolist()
        words = self._vocabulary.forms(term)
        inside = np.repeat(context[segment.documents[begin:end]], segment.counts[begin:end])
        uses = np.bincount(segment.forms[first:last][inside], minlength=len(words)).tolist()
        fitting = (form for form, word in enumerate(words) if self._begins(word, prefixes))
        form = max(fitting, key=uses.__getitem__)
        occurrence = int(np.argmax(segment.forms[first:last] == form))
        posting = np.searchsorted(begins(segment.counts[begin:end]), occurrence, "right") - 1
        return self._as_written(segment.words[words[form]], int(segment.documents[begin + posting]))

    def _as_written(self, word: str, document: int) -> str:
        """Return a word of a document as it stands there, in small letters: "follow-ups", "verité"."""
        project = self._segment.project(document)
        for text in (project.title, project.description, project.grantee):
            for one in tokens(text):
                if one.text == word:
                    written = text[one.start : one.end].lower()
                    # A token ends before its last dot: "u.s" is better shown as "us".
                    return word if written.replace(".", "") == word and not word.isdigit() else written
        return word

    def _grantees(self, typed: Typed) -> Iterator[Completion]:
        words = [word for word in typed.whole if word not in STOP_WORDS]
        whole = [{word, *(other.word for other in respellings(word))} for word in words]
        for ordinal, count in self._names.having(whole, typed.prefixes):
            yield Completion(self._segment.grantee_names[ordinal], "grantee", count)

    def _title_completions(
        self, text: str, typed: Typed, whole: Sequence[set[int]], words: Sequence[int]
    ) -> Iterator[Completion]:
        for project, count in self._titles.having(text, whole, words, typed.prefixes):
            yield Completion(project.title, "title", count, project.id)

    @cached_property
    def _names(self) -> Names:
        return Names(self._segment)
