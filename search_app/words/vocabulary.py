"""Variants: other forms that mean the same as what was typed, by spelling, number, acronym or synonym.

Variants are proposed by letters (`forms`) and by meaning (`meanings`); only those whose words the index has
are used. "labour" gives *labor* by its spelling, "children" gives *child* by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from indexer.storage.impacts import idf
from indexer.text.stop_words import is_silent
from search_app.words.english import is_english
from search_app.words.field_names import FieldNames
from search_app.words.forms import key, other_numbers
from search_app.words.indexed import Words, remember
from search_app.words.lexicon import Lexicon, Uses
from search_app.words.meanings import Meanings
from search_app.words.synonyms import NUMBER, Kind, SurfaceForm, keys_of, pairs_apart

# What a match of a variant counts beside one of the word as typed. Another spelling or number is the same
# word; an acronym nearly always means its phrase; a synonym is what the list's maintainer takes it for.
KIND_WEIGHTS: dict[Kind, float] = {"spelling": 0.95, "plural": 0.9, "acronym": 0.9, "synonym": 0.6}
# More variants than a page can show; each costs a pass over its postings.
MAX_VARIANTS = 8
# Spellings of one phrase: "labour organisation" in four ways at most.
MAX_PHRASE_SPELLINGS = 4
# At least this share of the uses of its term must be the acronym itself; else its inflections show that it
# is a word.
OWN_TERM = 0.9
# Both halves of a compound must say something: "in form" is not "inform".
SHORTEST_HALF = 3
# What names begin with, written apart or not: Du Bois, LaSalle, MacArthur, Al Jazeera.
NAME_PARTICLES = frozenset("al da de del della des di du el la las le los mac mc van von".split())
LONGEST_PARTICLE = max(map(len, NAME_PARTICLES))
# At least this share of the uses of a word follow the particle where both are one name: *Bois* stands without
# *Du* nowhere, but *mina* without *la* nearly everywhere, so that *la mina* is not *lamina*.
OF_A_NAME = 0.5
# Two words written as one by a slip ("yorkcity") are so many times rarer than either.
RUN_TOGETHER_ODDS = 50

_NOT_OF_A_WORD = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Variant:
    """Another surface form of what was typed: its folded words, several being a phrase, and its weight.

    `weight` (below 1) times its own impact is what a match of the variant counts.
    """

    words: tuple[str, ...]
    weight: float
    kind: Kind


class Vocabulary(Words):
    """The words of one lexicon and their variants; threads may share it."""

    def __init__(self, lexicon: Lexicon, uses: Uses) -> None:
        """Look words up in `lexicon`; ask `uses` what it does not know."""
        super().__init__(lexicon, uses)
        self._meanings = Meanings(lexicon, self.rules)
        self._apart = frozenset(pairs_apart(self.rules))
        self._variants: dict[str, tuple[Variant, ...]] = {}
        self.field_names = FieldNames(lexicon.declared)

    def variants(self, word: str) -> tuple[Variant, ...]:
        """Return the variants of a folded word that the index has, the highest weight first."""
        found = self._variants.get(word)
        if found is None:
            found = tuple(self._find_variants(word))
            remember(self._variants, word, found)
        return found

    def acronym_forms(self, word: str) -> tuple[str, ...]:
        """Return the acronym that a folded word is, and its plural, as far as the index has them.

        Letters that share their stem with a word ("COPIS": copies) are none.
        """
        letters = self._meanings.letters(word)
        if letters is None:
            return ()
        plural = f"{letters}s"
        forms = (letters,) if is_english(plural) else (letters, plural)
        return tuple(form for form in forms if self._has_its_term(form))

    def _has_its_term(self, word: str) -> bool:
        """Tell whether hardly any other word has the term of a word of the index."""
        number = self.lexicon.word_of(word)
        if number < 0:
            return False
        uses = self.lexicon.word_documents
        forms = self.forms(int(self.lexicon.word_terms[number]))
        return bool(uses[number] >= OWN_TERM * uses[forms].sum())

    def weight(self, word: str) -> float:
        """Return what a folded word as typed counts beside its variants, at most 1.

        The spellings and numbers of a word are one word: it is as rare as the most frequent of them, not
        as the one that happened to be typed (as in Lucene's SynonymQuery).
        """
        same = [one.words for one in self.variants(word) if one.kind in ("spelling", "plural")]
        return min([1.0, *(self._idf(words) / self._idf((word,)) for words in same if len(words) == 1)])

    def is_phrase(self, words: Sequence[str]) -> bool:
        """Tell whether folded words are together a phrase that has other names."""
        return self._meanings.longest(tuple(map(key, words)))[0] == len(words)

    def phrases(self, words: Sequence[str]) -> list[tuple[int, int, Variant]]:
        """Return the variants of runs of folded words as (first, last, variant), [first, last) of `words`.

        Runs do not overlap; the longest from the left are taken. A run may have several variants, the
        highest weight first. Stop words and inflections in it do not matter; a compound
        ("states-mexico-canada") counts as its words, an empty word ends a run.
        """
        found: list[tuple[int, int, Variant]] = []
        parts = [(number, part) for number, word in enumerate(words) for part in _NOT_OF_A_WORD.split(word)]
        parts = [(at, part) for at, part in parts if not is_silent(part) or (at and words[at] == NUMBER)]
        at = 0
        while at < len(parts) - 1:
            end, variants = self._run(parts, at)
            found += [(parts[at][0], parts[end - 1][0] + 1, variant) for variant in variants]
            at = end if variants else at + 1
        return found

    def _run(self, parts: Sequence[tuple[int, str]], at: int) -> tuple[int, tuple[Variant, ...]]:
        """Return the end of the phrase beginning with part `at`, and its variants, none within a compound."""
        words = [part for _, part in parts[at:]]
        length, forms = self._meanings.longest(tuple(map(key, words)))
        if not length and self._joins(words[0], words[1]):
            length, forms = 2, [SurfaceForm((words[0] + words[1],), "spelling")]
        end = at + length
        cut = any(0 < edge < len(parts) and parts[edge - 1][0] == parts[edge][0] for edge in (at, end))
        return end, () if cut else self._of_phrase(words[:length], forms)

    def _of_phrase(self, words: Sequence[str], forms: Sequence[SurfaceForm]) -> tuple[Variant, ...]:
        text = " ".join(words)
        found = self._variants.get(text)
        if found is None:
            found = tuple(self._chosen(words, forms))
            remember(self._variants, text, found)
        return found

    def _joins(self, first: str, second: str) -> bool:
        """Tell whether some document writes two words as one and not as two ("sugar cane": sugarcane)."""
        joined, left, right = (self.known_term(word) for word in (first + second, first, second))
        if joined < 0:
            return False
        if self._is_name(first, second):
            return True
        if min(len(first), len(second)) < SHORTEST_HALF:
            return False
        if self.frequency(joined) * RUN_TOGETHER_ODDS < min(self.frequency(left), self.frequency(right)):
            return False
        # A hyphen gives the joined form beside both words: both are found anyway.
        return self.uses.is_apart(joined, left, right)

    def _find_variants(self, word: str) -> list[Variant]:
        if is_silent(word):
            return []
        proposed = list(self._name_parts(word))
        proposed += [SurfaceForm((other,), "spelling") for other in self.respelled(word)]
        proposed += [SurfaceForm((other,), "plural") for other in other_numbers(word)]
        proposed += [SurfaceForm((other,), "plural") for other in self.acronym_forms(word)]
        proposed += self._meanings.of_word(word)
        if self.term(word) < 0:
            proposed += self._halves(word)
        return self._chosen((word,), proposed)

    def with_particle(self, particle: str, word: str) -> list[Variant]:
        """Return the name that a word is together with the one typed before it: "du bois" is *dubois*."""
        joined = particle + word
        if self.known_term(joined) < 0 or not self._is_name(particle, word):
            return []
        return self._chosen((particle, word), [SurfaceForm((joined,), "spelling")])

    def _name_parts(self, word: str) -> Iterator[SurfaceForm]:
        for cut in range(2, min(len(word) - SHORTEST_HALF, LONGEST_PARTICLE) + 1):
            if self._is_name(word[:cut], word[cut:]):
                yield SurfaceForm((word[:cut], word[cut:]), "spelling")

    def _is_name(self, particle: str, word: str) -> bool:
        """Tell whether a word hardly stands without a particle before it, or in it."""
        if particle not in NAME_PARTICLES or len(word) < SHORTEST_HALF:
            return False
        joined, first, second = (self.known_term(one) for one in (particle + word, particle, word))
        if min(first, second) < 0:
            return joined >= 0 > second
        return self.uses.in_a_row([first, second]) >= OF_A_NAME * self.frequency(second)

    def _halves(self, word: str) -> Iterator[SurfaceForm]:
        for cut in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1):
            if self.known_term(word[:cut]) >= 0 and any(self.spellings(word[cut:])):
                yield SurfaceForm((word[:cut], word[cut:]), "spelling")

    def _chosen(self, typed: Sequence[str], forms: Sequence[SurfaceForm]) -> list[Variant]:
        """Return the proposed forms that the index has, as variants, the highest weight first."""
        seen = {tuple(map(self.term, typed))}
        found = []
        for form in forms:
            for words in self._real(form):
                if frozenset((keys_of(typed), keys_of(words))) in self._apart:
                    continue
                terms = tuple(map(self.known_term, words))
                if terms not in seen:
                    seen.add(terms)
                    found.append(Variant(words, self._weight(typed, words, form), form.kind))
        return sorted(found, key=lambda variant: -variant.weight)[:MAX_VARIANTS]

    def _weight(self, typed: Sequence[str], words: Sequence[str], form: SurfaceForm) -> float:
        """Return the weight of a variant.

        A rare variant of a common word would outrank that word by its idf, so what it has more than the
        word as typed is taken off.
        """
        return KIND_WEIGHTS[form.kind] * form.share * min(1.0, self._idf(typed) / self._idf(words))

    def same_word_weight(self, typed: Sequence[str], words: Sequence[str]) -> float:
        """Return what the parts or another spelling of a word as typed are worth beside it."""
        return self._weight(typed, words, SurfaceForm(tuple(words), "spelling"))

    def _idf(self, words: Sequence[str]) -> float:
        """Return the idf of a word or phrase, as matching weighs it."""
        unknown = float(idf(self.lexicon.size, 0))
        terms = map(self.term, words)
        return sum(self.lexicon.weight(term) if term >= 0 else unknown for term in terms)

    def _real(self, form: SurfaceForm) -> Iterator[tuple[str, ...]]:
        """Yield the spellings of a surface form that the index has."""
        if form.kind == "acronym" and len(form.words) == 1:
            # Letters are matched as written, one or many: AAS is not AA, and an NGO is of the NGOs.
            yield from ((word,) for word in self.acronym_forms(form.words[0]))
            return
        for words in islice(product(*map(self.spellings, form.words)), MAX_PHRASE_SPELLINGS):
            if len(words) == 1 or self.stands(words):
                yield words

    def stands(self, words: Sequence[str]) -> bool:
        """Tell whether folded words follow each other somewhere."""
        terms = [self.known_term(word) for word in words]
        return min(terms) >= 0 and self.uses.in_a_row(terms) > 0
