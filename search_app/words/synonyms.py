"""Groups of words and phrases that mean the same: those of `labour.txt`, and those of a corpus.

Surface forms are compared by the keys of their words without stop words (`forms.key`): "international labour
organisations" and "International Labor Organization" both have the keys international, labor, organization.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, product
from typing import Literal

from indexer.text.stop_words import is_silent
from indexer.text.word_rules import WordRules, folded
from search_app.words.forms import key

# What the words of a surface form are compared by.
WordKeys = tuple[str, ...]
Kind = Literal["spelling", "plural", "acronym", "synonym"]

LABOUR_FILE = "labour.txt"
# A stop word that is a number after another word: World War I.
NUMBER = "i"


@dataclass(frozen=True, slots=True)
class SurfaceForm:
    """One way of saying something; `share` is how much of the use of an acronym has this meaning.

    A form that is not `offered` has other meanings too: it stands for others, but none for it.
    """

    words: tuple[str, ...]
    kind: Kind
    share: float = 1.0
    offered: bool = True

    @classmethod
    def of(cls, text: str) -> SurfaceForm:
        """Return the form that a text is: an acronym if in capitals, not offered if in parentheses."""
        return cls(folded(text), "acronym" if text.isupper() else "synonym", offered=not text.startswith("("))


@dataclass(frozen=True, slots=True)
class Synonym:
    """A surface form of a group, what it is compared by, and the whole group."""

    keys: WordKeys
    form: SurfaceForm
    group: tuple[SurfaceForm, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The surface forms of groups by the first of their keys."""

    by_first_key: Mapping[str, Sequence[Synonym]]

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> Synonyms:
        """Return the surface forms of groups of texts."""
        found: defaultdict[str, list[Synonym]] = defaultdict(list)
        for group in groups:
            forms = tuple(map(SurfaceForm.of, group))
            for form in forms:
                if keys := keys_of(form.words):
                    found[keys[0]].append(Synonym(keys, form, forms))
        return cls(dict(found))

    def beginning(self, first: str) -> Sequence[Synonym]:
        """Return the surface forms whose first key this is."""
        return self.by_first_key.get(first, ())


def keys_of(words: Sequence[str]) -> WordKeys:
    """Return what `words` are compared by: keys of those not silent, and a number at the end."""
    found = [key(word) for word in words if not is_silent(word)]
    return (*found, NUMBER) if found and words[-1] == NUMBER else tuple(found)


def pairs_apart(rules: WordRules) -> Iterator[frozenset[WordKeys]]:
    """Yield what each two forms are compared by that a corpus tells apart."""
    for sides in rules.apart:
        keys = [[keys_of(folded(form)) for form in side] for side in sides]
        for one, other in combinations(keys, 2):
            yield from (frozenset(pair) for pair in product(one, other))


def begins(keys: WordKeys, known: WordKeys) -> bool:
    """Tell whether `keys` begin with a known phrase of two words or more."""
    return len(known) > 1 and keys[: len(known)] == known


def parse_groups(text: str) -> list[tuple[str, ...]]:
    """Return the groups of a file like `labour.txt`, one from each line that has two forms or more."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    groups = (tuple(form.strip() for form in line.split(",") if form.strip()) for line in lines)
    return [group for group in groups if len(group) > 1]


@cache
def shipped() -> Synonyms:
    """Return the groups that come with the product."""
    return Synonyms.of(parse_groups((files("search_app.words") / LABOUR_FILE).read_text(encoding="utf-8")))
