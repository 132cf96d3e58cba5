"""Words and phrases that mean the same in a corpus: groups of synonyms, and the acronyms that it spells out.

An acronym of the corpus may stand for several things: each of them has a share, by how many projects spell
it out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import Segment
from indexer.text.analysis import STOP_WORDS
from indexer.text.word_rules import WordRules
from search_app.words.forms import key
from search_app.words.synonyms import SurfaceForm, Synonym, Synonyms, WordKeys, begins, keys_of, shipped

# A meaning that fewer of the mentions of an acronym have is more likely noise than what was asked for.
SMALLEST_SHARE = 0.2


class Meanings:
    """What means the same as words or phrases, in the corpus of one segment; made when first asked."""

    def __init__(self, segment: Segment, rules: WordRules) -> None:
        """Read nothing yet of `segment`; `rules` are what its corpus says of words."""
        self._acronyms, self._mentions = segment.acronyms, segment.acronym_mentions
        self._own = Synonyms.of(rules.same)

    def of_word(self, word: str) -> list[SurfaceForm]:
        """Return the other surface forms of a single folded word."""
        known = self._synonyms(key(word))
        forms = [other for one in known if len(one.keys) == 1 for other in self._others(one)]
        for acronym in dict.fromkeys((word, key(word))):
            forms += self._spelled_out(acronym)
        return forms

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
        meant = {keys_of(one.words) for one in self._spelled_out(form.words[0])}
        return not meant.isdisjoint(keys_of(one.words) for one in group) if meant else None

    def _mined(self, keys: WordKeys) -> Iterator[tuple[int, list[SurfaceForm]]]:
        for number in self._by_first_keys.get(keys[:2], ()):
            acronym, words = self._row(number)
            if begins(keys, keys_of(words)):
                spelled = [one for one in self._spelled_out(acronym) if one.words == words]
                yield len(keys_of(words)), [SurfaceForm((acronym,), "acronym", one.share) for one in spelled]

    def _row(self, number: int) -> tuple[str, tuple[str, ...]]:
        acronym, _, phrase = self._acronyms[number].partition("\t")
        return acronym.lower(), tuple(phrase.split())

    def _spelled_out(self, acronym: str) -> list[SurfaceForm]:
        """Return the phrases that spell out an acronym, the most usual meaning first."""
        rows = self._rows(f"{acronym.upper()}\t")
        phrases = {self._row(number)[1]: int(self._counts[number]) for number in rows}
        if not phrases:
            return []
        meanings: Counter[WordKeys] = Counter()
        for words, count in phrases.items():
            meanings[keys_of(words)] += count
        total = max(1, meanings.total())
        found = [SurfaceForm(words, "acronym", meanings[keys_of(words)] / total) for words in phrases]
        found.sort(key=lambda one: (-one.share, -phrases[one.words]))
        return [one for one in found if one.share >= SMALLEST_SHARE]

    def _rows(self, beginning: str) -> Iterator[int]:
        number = self._acronyms.lower_bound(beginning.encode())
        while number < len(self._acronyms) and self._acronyms[number].startswith(beginning):
            yield number
            number += 1

    @cached_property
    def _counts(self) -> NDArray[np.intp]:
        """In how many projects each row of the acronyms stands, [A]."""
        return np.bincount(self._mentions.reshape(-1, 2)[:, 1], minlength=len(self._acronyms))

    @cached_property
    def _by_first_keys(self) -> Mapping[WordKeys, list[int]]:
        """The rows of the acronyms by the first two keys of their phrase."""
        found: defaultdict[WordKeys, list[int]] = defaultdict(list)
        for number in range(len(self._acronyms)):
            telling = (word for word in self._row(number)[1] if word not in STOP_WORDS)
            found[keys_of([*islice(telling, 2)])].append(number)
        return dict(found)
