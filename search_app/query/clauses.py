"""Words as typed to clauses of a query: what each word looks for, its variants included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD
from indexer.text.codes import key_of, letters_of
from indexer.text.stop_words import is_silent
from search_app.query.clause import Clause, of_beginning, of_code, shown_in, with_code
from search_app.query.repairs import mark_dropped
from search_app.query.typed import EVERY_FORM as EVERY_FORM
from search_app.query.typed import Reading as Reading
from search_app.query.typed import TypedWord, as_written
from search_app.query.written import (
    AnyPhrase,
    Synonym,
    SynonymPhrase,
    Written,
    WrittenPhrase,
    degree,
    leaves,
)
from search_app.words import initials
from search_app.words.field_names import CODE_FIELD
from search_app.words.lexicon import MAX_WORDS
from search_app.words.synonyms import NUMBER
from search_app.words.typos import sought
from search_app.words.vocabulary import Variant, Vocabulary

# One letter stands for a tenth of the vocabulary: it finds nothing in particular and costs the most.
MIN_PREFIX = 2
# Words with typos scan the vocabulary; a sentence of them would add up.
MAX_TYPO_WORDS = 4
# Words up to this length may have one typo, longer ones two: at two, short words have too many neighbours.
ONE_TYPO_LENGTH = 5

# Variants of these kinds are the same word in another form; the others stand for the same thing.
SAME_WORD = ("spelling", "plural")

# What a word counts that is written in another way than it was typed.
OTHER_WAY = 0.95
# Articles and other short words that lose their vowel before another word, in French, Italian and Catalan.
ELIDED = frozenset("l d j m t s n c qu jusqu lorsqu puisqu quoiqu un all dall dell nell sull coll".split())

# The parts of 1,000,000 mean nothing, as those of 1776-1783 do.
_NUMBER = re.compile(r"\d+(?:[.,']\d+)+")

# How many words before an I may be a phrase with it.
_BEFORE_NUMBER = 3

# Called with the code of a repair and the message that describes it.
Warn = Callable[[str, str], None]


class ClauseMaker:
    """Makes the clauses of one query, and counts those of which it may have only a few."""

    def __init__(self, vocabulary: Vocabulary, warn: Warn, reading: Reading) -> None:
        """Look words up in `vocabulary`, as far as `reading` reaches; report repairs to `warn`."""
        self._vocabulary, self._warn, self._reading = vocabulary, warn, reading
        self._typo_words = 0

    def word(self, typed: TypedWord, field: str, suffix: str) -> Clause:
        """Return the clause of one word and of the operator behind it: "*", "~", "~1", "~2" or ""."""
        clause = with_code(self._word(typed, field, suffix), typed.shown, field, self._vocabulary)
        if clause.sequence or (clause.word is None and not (len(typed.words) > 1 and not suffix)):
            return clause
        return replace(clause, sequence=self._sequence(clause.stems, typed))

    def _sequence(self, stems: tuple[str, ...], typed: TypedWord) -> tuple[tuple[str, ...], ...]:
        """Return the stems at each position that a word takes in a title, `stems` or its own at the first."""
        rest = [(self._stem(texts[0]),) for texts in typed.places[1:]]
        return (stems or (self._stem(typed.words[0]),), *rest)

    def is_code(self, key: str) -> bool:
        """Tell whether a code of the index is found by just this key."""
        return self._vocabulary.is_code(key)

    def as_code(self, raw: str, suffix: str, found: Sequence[TypedWord], field: str) -> Clause | None:
        """Return the clause of a raw text that is a code, None for any other.

        In the field of codes each is one, whole or with "*" a beginning; elsewhere what makes several words
        is one if the index has it (GP/77120.4).
        """
        if field != CODE_FIELD:
            known = len(found) > 1 and field == ANY_FIELD and self.is_code(key_of(raw))
            return replace(self._code(raw), text=raw) if known else None
        if suffix.startswith("~"):
            self._warn(*mark_dropped(suffix))
        text = raw[: len(raw) - len(suffix)]
        is_beginning = suffix == "*" and self._prefix_is_long(letters_of(text))
        return of_beginning(text) if is_beginning else self._code(text)

    def _code(self, text: str) -> Clause:
        return of_code(text, self._vocabulary)

    def _word(self, typed: TypedWord, field: str, suffix: str) -> Clause:
        shown = shown_in(typed.shown, field)
        if not suffix and len(typed.words) > 1:
            return self._several(shown, typed, field)
        word = typed.compound or typed.words[0]
        if suffix == "*" and self._prefix_is_long(word):
            self._look_at_beginning(word)
            return Clause(f"{shown}*", wq.Prefix(field, word))
        if suffix.startswith("~") and self._typo_is_allowed():
            distance = 2 if suffix == "~2" or (suffix == "~" and len(word) > ONE_TYPO_LENGTH) else 1
            self._look_at_near(word, distance)
            return Clause(f"{shown}~", wq.FuzzyTerm(field, word, maxdist=distance))
        return self._plain(shown, word, field, typed)

    def _several(self, shown: str, typed: TypedWord, field: str) -> Clause:
        """Return the clause of a compound, or of a text without spaces in pairs."""
        word = "-".join(typed.words) if typed.compound else None
        written = frozenset((typed.compound or " ".join(typed.words),))
        if not self._reading.expand:
            as_written = (
                Written(field, typed.compound) if typed.compound else WrittenPhrase(field, typed.words)
            )
            return Clause(shown, as_written, word=word, written=written)
        ways: list[wq.Query] = [self._in_a_row(typed, field)]
        if typed.compound:
            ways.append(wq.Term(field, self._stem(typed.compound)))
            ways += self._elided(typed, field)
        query = ways[0] if len(ways) == 1 else wq.DisjunctionMax(ways)
        whole = typed.compound is None or _NUMBER.fullmatch(typed.compound)
        telling = [] if whole else [one for one in typed.words if not is_silent(one)]
        loose = wq.DisjunctionMax([query, wq.Or([wq.Term(field, self._stem(one)) for one in telling])])
        return Clause(shown, query, word=word, written=written, loose=loose if telling else None)

    def _in_a_row(self, typed: TypedWord, field: str) -> wq.Query:
        if typed.compound is None or len(typed.words) == len(typed.places):
            return wq.Phrase(field, list(map(self._stem, typed.words)))
        return AnyPhrase(field, [tuple(map(self._stem, texts)) for texts in typed.places])

    def _elided(self, typed: TypedWord, field: str) -> list[wq.Query]:
        """Return the query of a word without the article that it was typed with: l'enfant, enfant."""
        if typed.words[0] not in ELIDED or "'" not in (typed.compound or ""):
            return []
        stems = list(map(self._stem, typed.words[1:]))
        if len(stems) > 1:
            return [wq.Phrase(field, stems, boost=OTHER_WAY)]
        return [wq.Term(field, stems[0], boost=OTHER_WAY)]

    def phrase(self, text: str, typed: Sequence[TypedWord], field: str) -> Clause:
        """Return the clause for the words of the quoted `text`."""
        if field == CODE_FIELD:
            return self._code(text)
        shown = shown_in(f'"{text.strip()}"', field)
        words, offsets = as_written(typed)
        written = frozenset((" ".join(words),))
        if self._reading.quoted_forms:
            return Clause(shown, self._any_forms(typed, field), written=written)
        if len(words) == 1:
            return Clause(shown, Written(field, words[0]), (self._stem(words[0]),), written=written)
        return Clause(shown, WrittenPhrase(field, words, offsets), written=written)

    def _any_forms(self, typed: Sequence[TypedWord], field: str) -> wq.Query:
        """Return the query for quoted words in their other forms; one alone also as one word or in parts."""
        if len(typed) == 1 and not self._reading_of_pairs(typed[0]):
            clause = self.word(typed[0], field, "")
            same = [leaf for leaf in leaves(clause.query) if degree(leaf) == 2]
            return same[0] if len(same) == 1 else wq.DisjunctionMax(same)
        places = [
            tuple(dict.fromkeys(stem for word in texts for stem in self._same_word(word)))
            for one in typed
            for texts in one.places
        ]
        phrase = AnyPhrase(field, places)
        words = [word for one in typed for word in one.words]
        if len(words) != 2 or min(map(len, words)) < 2:
            return phrase
        return wq.DisjunctionMax([phrase, wq.Term(field, self._stem("".join(words)), boost=OTHER_WAY)])

    def _reading_of_pairs(self, typed: TypedWord) -> bool:
        return len(typed.words) > 1 and typed.compound is None

    def _same_word(self, word: str) -> tuple[str, ...]:
        """Return the stems of the forms that are the same word, that of the word itself first."""
        variants = self._vocabulary.variants(word)
        same = [one.words[0] for one in variants if one.kind in SAME_WORD and len(one.words) == 1]
        return tuple(dict.fromkeys(map(self._stem, (word, *same))))

    def is_numbered(self, before: Sequence[str]) -> bool:
        """Tell whether an I after folded words ends a phrase that has other names: world war i."""
        runs = ([*before[-length:], NUMBER] for length in range(1, min(len(before), _BEFORE_NUMBER) + 1))
        return self._reading.expand and any(map(self._vocabulary.is_phrase, runs))

    def runs(self, words: list[str]) -> Iterator[tuple[int, int, wq.Query, tuple[str, ...]]]:
        """Yield (first, last, query, texts) for the variants of each run of words, [first, last)."""
        if not self._reading.expand:
            return
        variants: dict[tuple[int, int], list[Variant]] = {}
        for first, last, variant in (
            *self._vocabulary.phrases(words),
            *initials.joined(words, self._vocabulary),
        ):
            variants.setdefault((first, last), []).append(variant)
        free = 0
        for (first, last), found in sorted(variants.items(), key=lambda one: one[0]):
            if first >= free:
                queries = [self._variant(variant, ANY_FIELD) for variant in found]
                query = queries[0] if len(queries) == 1 else wq.DisjunctionMax(queries)
                yield first, last, query, tuple(" ".join(variant.words) for variant in found)
                free = last

    def _plain(self, shown: str, word: str, field: str, typed: TypedWord) -> Clause:
        stem, written = self._stem(word), frozenset((word,))
        if not self._reading.expand:
            return Clause(shown, Written(field, word), (stem,), word, written=written)
        variants = (
            *self._vocabulary.variants(word),
            *self._vocabulary.with_particle(typed.particle, word),
        )
        ways = [
            self._way(words, field, self._vocabulary.same_word_weight((word,), words))
            for words in other_ways(typed, word, self._vocabulary)
        ]
        others = [*ways, *(self._variant(variant, field) for variant in variants)]
        term = wq.Term(field, stem, boost=self._vocabulary.weight(word) if others else 1.0)
        query = wq.DisjunctionMax([term, *others]) if others else term
        stems = (stem, *[other.text for other in others if isinstance(other, wq.Term)])
        texts = tuple([" ".join(variant.words) for variant in variants])
        sequence = self._sequence(stems, typed)
        return Clause(shown, query, stems, word, texts, written, sequence)

    def _way(self, words: Sequence[str], field: str, weight: float) -> wq.Query:
        stems = list(map(self._stem, words))
        if len(stems) == 1:
            return wq.Term(field, stems[0], boost=weight)
        return wq.Phrase(field, stems, boost=weight)

    def _variant(self, variant: Variant, field: str) -> wq.Query:
        stems = [self._stem(word) for word in variant.words]
        same = variant.kind in SAME_WORD
        if len(stems) == 1:
            return (wq.Term if same else Synonym)(field, stems[0], boost=variant.weight)
        return (wq.Phrase if same else SynonymPhrase)(field, stems, boost=variant.weight)

    def _stem(self, word: str) -> str:
        number = self._vocabulary.term(word)
        return self._vocabulary.text(number) if number >= 0 else self._vocabulary.stem(word)

    def _prefix_is_long(self, word: str) -> bool:
        if len(word) < MIN_PREFIX:
            self._warn("prefix_too_short", f"“*” needs {MIN_PREFIX} letters or more before it.")
        return len(word) >= MIN_PREFIX

    def _look_at_beginning(self, word: str) -> None:
        low, high = self._vocabulary.lexicon.words.prefixed(word)
        if (begun := high - low) > MAX_WORDS:
            self._warn(
                "prefix_too_wide",
                f"Of the {begun:,} words that begin with “{word}” the {MAX_WORDS} most frequent were "
                "searched. More letters before “*” find the others.",
            )

    def _look_at_near(self, word: str, distance: int) -> None:
        near = sought(self._vocabulary.lexicon, word, distance).near
        if near > MAX_WORDS:
            typos = "one typo" if distance == 1 else "two typos"
            self._warn(
                "typos_too_wide",
                f"Of the {near:,} words with the first letter of “{word}” and at most {typos}, {MAX_WORDS} "
                "were searched: the word itself, if it is there, and the most frequent.",
            )

    def _typo_is_allowed(self) -> bool:
        self._typo_words += 1
        if self._typo_words > MAX_TYPO_WORDS:
            self._warn("too_many_typo_words", f"Only {MAX_TYPO_WORDS} words of a query may have “~”.")
        return self._typo_words <= MAX_TYPO_WORDS


def other_ways(typed: TypedWord, word: str, vocabulary: Vocabulary) -> dict[tuple[str, ...], None]:
    """Return the other ways of writing a word as typed, once each: in its parts, letter by letter."""
    ways = dict.fromkeys((*typed.ways, *vocabulary.parted(word)))
    if letters := initials.apart(word, typed.in_capitals, vocabulary):
        ways[letters] = None
    return ways
