"""What means the same in a corpus: groups of words and phrases, and the acronyms that it spells out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.text.word_rules import WordRules
from search_app.words.acronyms import Acronyms, is_common
from search_app.words.forms import key
from search_app.words.lexicon import Lexicon
from search_app.words.synonyms import SurfaceForm, Synonym, Synonyms, WordKeys, begins, keys_of, shipped

# Words whose letters are cached: each is asked for twice, for its own forms and for what it stands for.
CACHED_LETTERS = 4_096


class Meanings:
    """What means the same as words or phrases, in the corpus of one index; made when first asked."""

    def __init__(self, lexicon: Lexicon, rules: WordRules) -> None:
        """Read nothing yet of `lexicon`; `rules` are what its corpus says of words."""
        self._acronyms = Acronyms(lexicon)
        self._own = Synonyms.of(rules.same)
        self.letters = lru_cache(CACHED_LETTERS)(self._letters)

    def of_word(self, word: str) -> list[SurfaceForm]:
        """Return the other surface forms of a single folded word."""
        letters = self.letters(word)
        known = (one for one in self._synonyms(key(word)) if len(one.keys) == 1)
        meant = (one for one in known if one.form.kind != "acronym" or one.form.words == (letters,))
        forms = [other for one in meant for other in self._others(one)]
        return forms + (self._acronyms.meanings(letters) if letters else [])

    def _letters(self, word: str) -> str | None:
        """Return the acronym that a folded word is, without the "s" of its plural; None for other words."""
        for letters in dict.fromkeys((word, word.removesuffix("s"))):
            if is_common(letters):
                continue
            shipped_ones = (one for one in self._synonyms(letters) if one.form.words == (letters,))
            if self._acronyms.meanings(letters) or any(self._stands_for(one) for one in shipped_ones):
                return letters
        return None

    def _stands_for(self, one: Synonym) -> bool:
        return one.form.kind == "acronym" and self._spelled_as(one.form, one.group) is not False

    def longest(self, keys: WordKeys) -> tuple[int, list[SurfaceForm]]:
        """Return how many of the first `keys` are a known phrase, the most that are, and its other forms.

        Of the keys of "child labor in Peru", 2 and "child work" if a group has both; (0, []) for no phrase.
        """
        found = [*self._listed(keys), *self._mined(keys)]
        longest = max((length for length, _ in found), default=0)
        return longest, [form for length, forms in found if length == longest for form in forms]

    def _listed(self, keys: WordKeys) -> Iterator[tuple[int, list[SurfaceForm]]]:
        for one in self._synonyms(keys[0]):
            if begins(keys, one.keys):
                yield len(one.keys), list(self._others(one))

    def _synonyms(self, first: str) -> Iterator[Synonym]:
        """Yield the surface forms of all groups that begin with a key, those of the corpus first."""
        for synonyms in (self._own, shipped()):
            yield from synonyms.beginning(first)

    def _others(self, one: Synonym) -> Iterator[SurfaceForm]:
        """Yield the other surface forms of a group; whatever an acronym is exchanged for is its meaning."""
        if self._spelled_as(one.form, one.group) is False:
            return
        for other in one.group:
            spelled = self._spelled_as(other, one.group)
            if other != one.form and (other.offered if spelled is None else spelled):
                yield SurfaceForm(
                    other.words, "acronym" if "acronym" in (one.form.kind, other.kind) else "synonym"
                )

    def _spelled_as(self, form: SurfaceForm, group: Sequence[SurfaceForm]) -> bool | None:
        """Tell whether the corpus spells an acronym out as its group does; None if not at all."""
        if form.kind != "acronym" or len(form.words) > 1:
            return None
        meant = {keys_of(one.words) for one in self._acronyms.meanings(form.words[0])}
        return not meant.isdisjoint(keys_of(one.words) for one in group) if meant else None

    def _mined(self, keys: WordKeys) -> Iterator[tuple[int, list[SurfaceForm]]]:
        for acronym, meaning in self._acronyms.beginning(keys):
            known = keys_of(meaning.words)
            if begins(keys, known):
                yield len(known), [SurfaceForm((acronym,), "acronym", meaning.share)]
