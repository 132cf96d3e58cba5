"""The acronyms that a corpus spells out, as far as they are to be believed, and what they stand for there.

An acronym may stand for several things: each of them has a share, by how many projects spell it out. Letters
that are an ordinary word ("MAP", "PA") are one, unless a good part of its use is explained as the acronym.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice

from indexer.storage.segment import I64
from indexer.text.stop_words import is_silent
from search_app.words.english import frequency
from search_app.words.lexicon import Lexicon
from search_app.words.synonyms import SurfaceForm, WordKeys, keys_of

# A meaning that has a smaller share of the mentions of an acronym is more likely noise than what was asked
# for.
SMALLEST_SHARE = 0.2
# Two letters are initials of too much: so many projects must spell out what they mean.
MIN_LETTERS, PROJECTS_FOR_TWO_LETTERS = 3, 3
# An English word that is an acronym for once ("MAP") has so many uses for each project that says so, or more.
USES_PER_DEFINITION = 3
# What is rarer than this in the list of English is a word that hardly anybody means ("neh").
FREQUENT = 1_500_000
# Written small, these are words or names; states of the U.S. and degrees stand in every address and title.
_ORDINARY = frozenset(
    "all may not out than us will now one "
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd "
    "oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc ba bs bc ad am pm jd mr dr st no vs".split()
)


class Acronyms:
    """The acronyms of one index; read when first asked for."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Read nothing yet of `lexicon`."""
        self._lexicon = lexicon

    def meanings(self, acronym: str) -> list[SurfaceForm]:
        """Return the phrases that spell out folded letters, the most usual meaning first."""
        rows = self._rows(f"{acronym.upper()}\t")
        phrases = {self._row(number)[1]: int(self._counts[number]) for number in rows}
        if not phrases or self.is_ordinary(acronym, sum(phrases.values())):
            return []
        meanings: Counter[WordKeys] = Counter()
        for words, count in phrases.items():
            meanings[keys_of(words)] += count
        least = 1 if len(acronym) >= MIN_LETTERS else PROJECTS_FOR_TWO_LETTERS
        total = max(1, meanings.total())
        known = [words for words in phrases if meanings[keys_of(words)] >= least]
        found = [SurfaceForm(words, "acronym", meanings[keys_of(words)] / total) for words in known]
        found.sort(key=lambda one: (-one.share, -phrases[one.words]))
        return [one for one in found if one.share >= SMALLEST_SHARE]

    def is_ordinary(self, acronym: str, definitions: int) -> bool:
        """Tell whether folded letters that so many projects spell out are an ordinary word all the same."""
        if is_common(acronym):
            return True
        number = self._lexicon.word_of(acronym)
        uses = int(self._lexicon.word_documents[number]) if number >= 0 else 0
        return uses > USES_PER_DEFINITION * definitions and frequency(acronym) >= FREQUENT

    def beginning(self, keys: WordKeys) -> Iterator[tuple[str, SurfaceForm]]:
        """Yield the acronyms with a meaning that begins with the first two keys, and that meaning."""
        for number in self._by_first_keys.get(keys[:2], ()):
            acronym, words = self._row(number)
            yield from ((acronym, one) for one in self.meanings(acronym) if one.words == words)

    def _row(self, number: int) -> tuple[str, tuple[str, ...]]:
        acronym, _, phrase = self._lexicon.acronyms[number].partition("\t")
        return acronym.lower(), tuple(phrase.split())

    def _rows(self, beginning: str) -> Iterator[int]:
        acronyms = self._lexicon.acronyms
        number = acronyms.lower_bound(beginning.encode())
        while number < len(acronyms) and acronyms[number].startswith(beginning):
            yield number
            number += 1

    @cached_property
    def _counts(self) -> I64:
        """In how many projects each row of the acronyms stands, [A]."""
        return self._lexicon.acronym_counts()

    @cached_property
    def _by_first_keys(self) -> Mapping[WordKeys, list[int]]:
        """The rows of the acronyms by the first two keys of their phrase.

        A phrase that ends in a word that is not looked for is left out: World War II is not WWI.
        """
        found: defaultdict[WordKeys, list[int]] = defaultdict(list)
        for number in range(len(self._lexicon.acronyms)):
            words = self._row(number)[1]
            if not is_silent(words[-1]):
                telling = (word for word in words if not is_silent(word))
                found[keys_of([*islice(telling, 2)])].append(number)
        return dict(found)


def is_common(word: str) -> bool:
    """Tell whether folded letters are never an acronym to a search, whatever a list or a corpus says."""
    return word in _ORDINARY or is_silent(word)
