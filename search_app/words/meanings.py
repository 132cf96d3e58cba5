"""Words and phrases that mean the same: the groups of `labour.txt` and the acronyms the corpus spells out.

Forms are compared by the keys of their words without stop words (`forms.key`), so "international labour
organisations" is known by "International Labor Organization". An acronym of the corpus may stand for
several things: each of them has a share, by how many projects spell it out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import Segment
from indexer.text.analysis import STOP_WORDS, normalise, separate
from search_app.words.forms import key

Keys = tuple[str, ...]
Kind = Literal["spelling", "plural", "acronym", "synonym"]

LABOUR_FILE = "labour.txt"
# A meaning that fewer of the mentions of an acronym have is more likely noise than what was asked for.
SMALLEST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class SurfaceForm:
    """One way of saying something; `share` is how much of the use of an acronym has this meaning."""

    words: tuple[str, ...]
    kind: Kind
    share: float = 1.0


def keys_of(words: Sequence[str]) -> Keys:
    """Return what `words` are compared by: the keys of those that are no stop words."""
    return tuple(key(word) for word in words if word not in STOP_WORDS)


def parse_groups(text: str) -> list[tuple[SurfaceForm, ...]]:
    """Return the groups of a file like `labour.txt`, one from each line that has two forms or more."""
    groups = []
    for line in text.splitlines():
        forms = [] if line.startswith("#") else [_form(part) for part in line.split(",") if part.strip()]
        if len(forms) > 1:
            groups.append(tuple(forms))
    return groups


def _form(text: str) -> SurfaceForm:
    words = tuple(word.text for word in separate(normalise(text)))
    return SurfaceForm(words, "acronym" if text.strip().isupper() else "synonym")


@dataclass(frozen=True, slots=True)
class _Curated:
    """A form of a group of `labour.txt`, what it is compared by, and the whole group."""

    keys: Keys
    form: SurfaceForm
    group: tuple[SurfaceForm, ...]


@cache
def _curated() -> Mapping[str, list[_Curated]]:
    """Return the forms of `labour.txt` by their first key."""
    text = (files("search_app.words") / LABOUR_FILE).read_text(encoding="utf-8")
    found = defaultdict(list)
    for group in parse_groups(text):
        for form in group:
            if keys := keys_of(form.words):
                found[keys[0]].append(_Curated(keys, form, group))
    return dict(found)


def _begins(keys: Keys, known: Keys) -> bool:
    return len(known) > 1 and keys[: len(known)] == known


class Meanings:
    """What means the same as words or phrases, in the corpus of one segment; made when first asked."""

    def __init__(self, segment: Segment) -> None:
        """Read nothing yet of `segment`."""
        self._acronyms, self._mentions = segment.acronyms, segment.acronym_mentions

    def of_word(self, word: str) -> list[SurfaceForm]:
        """Return the other forms of a single folded word."""
        known = _curated().get(key(word), ())
        forms = [other for one in known if len(one.keys) == 1 for other in self._others(one)]
        for acronym in dict.fromkeys((word, key(word))):
            forms += self._spelled_out(acronym)
        return forms

    def longest(self, keys: Keys) -> tuple[int, list[SurfaceForm]]:
        """Return how many of the first `keys` are a known phrase, the most that are, and its other forms.

        (0, []) if they are none.
        """
        found = [*self._listed(keys), *self._mined(keys)]
        longest = max((length for length, _ in found), default=0)
        return longest, [form for length, forms in found if length == longest for form in forms]

    def _listed(self, keys: Keys) -> Iterator[tuple[int, list[SurfaceForm]]]:
        for one in _curated().get(keys[0], ()):
            if _begins(keys, one.keys):
                yield len(one.keys), list(self._others(one))

    def _others(self, one: _Curated) -> Iterator[SurfaceForm]:
        """Yield the other forms of a group; whatever an acronym is exchanged for is its meaning."""
        for other in one.group:
            if other != one.form and not self._means_otherwise(other, one.group):
                yield SurfaceForm(
                    other.words, "acronym" if "acronym" in (one.form.kind, other.kind) else "synonym"
                )

    def _means_otherwise(self, form: SurfaceForm, group: Sequence[SurfaceForm]) -> bool:
        """Tell whether the corpus spells an acronym out, and never as the group has it."""
        if form.kind != "acronym" or len(form.words) > 1:
            return False
        meant = {keys_of(one.words) for one in self._spelled_out(form.words[0])}
        return bool(meant) and meant.isdisjoint(keys_of(one.words) for one in group)

    def _mined(self, keys: Keys) -> Iterator[tuple[int, list[SurfaceForm]]]:
        for number in self._by_first_keys.get(keys[:2], ()):
            acronym, words = self._row(number)
            if _begins(keys, keys_of(words)):
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
        meanings: Counter[Keys] = Counter()
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
    def _by_first_keys(self) -> Mapping[Keys, list[int]]:
        """The rows of the acronyms by the first two keys of their phrase."""
        found: defaultdict[Keys, list[int]] = defaultdict(list)
        for number in range(len(self._acronyms)):
            telling = (word for word in self._row(number)[1] if word not in STOP_WORDS)
            found[keys_of([*islice(telling, 2)])].append(number)
        return dict(found)
