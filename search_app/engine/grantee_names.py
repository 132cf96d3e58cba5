"""The names of grantees: in the order of their letters, found by words or address, and those that are alike.

Two names are alike that differ in case, marks and punctuation alone: one grantee, as a rule, spelled in
several ways by its sources. Each has an address of its own, for a filter by name means exactly that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from indexer.document import grantee_slug
from indexer.text.analysis import fold
from search_app.facets.table import YEARS_OF
from search_app.results import Facet, SearchResults
from search_app.scoring.telling_grantees import GranteeWord, NearGrantee

# Where names stand that begin with no letter, and those in scripts with more letters than can be listed.
NO_LETTER, OTHER_SCRIPT = "#", "…"
# The first character of the scripts in which each sign would be a letter of its own, such as Chinese.
_FIRST_OTHER = "\u2e80"
_NOT_A_WORD = re.compile(r"[\W_]+")


class GranteeName(NamedTuple):
    """A grantee by exactly this name: its projects, and its letters, by which it is ordered and found."""

    name: str
    projects: int
    letters: str

    @property
    def letter(self) -> str:
        """The letter under which it is listed."""
        first = self.letters[:1].upper()[:1]
        if not first.isalpha():
            return NO_LETTER
        return first if first < _FIRST_OTHER else OTHER_SCRIPT


def letters_of(name: str) -> str:
    """Return the words of a name without case, marks and punctuation: “L'École” is `l ecole`."""
    return _NOT_A_WORD.sub(" ", fold(name)).strip()


class GranteeNames:
    """All names of one index."""

    def __init__(self, counted: Iterable[tuple[str, int]]) -> None:
        """Put names, each with the number of its projects, in order: those without a letter first."""
        named = [GranteeName(name, count, letters_of(name)) for name, count in counted if name]
        self.all: Sequence[GranteeName] = sorted(named, key=_place)

    @cached_property
    def _by_slug(self) -> dict[str, int]:
        return {grantee_slug(one.name): number for number, one in enumerate(self.all)}

    def by_slug(self, slug: str) -> GranteeName | None:
        """Return the grantee with an address."""
        number = self._by_slug.get(slug)
        return None if number is None else self.all[number]

    @cached_property
    def _by_letters(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.all):
            found.setdefault(one.letters, []).append(number)
        # A name without letters and digits is not alike to any other.
        return {letters: numbers for letters, numbers in found.items() if letters and len(numbers) > 1}

    def alike(self, name: str) -> list[GranteeName]:
        """Return the other names that differ in case, marks and punctuation alone."""
        numbers = self._by_letters.get(letters_of(name), [])
        return [self.all[number] for number in numbers if self.all[number].name != name]

    def with_words(self, text: str) -> Sequence[GranteeName]:
        """Return the names that have all words of a text, each at the beginning of a word."""
        words = [f" {word}" for word in letters_of(text).split()]
        if not words:
            return self.all
        return [one for one in self.all if all(word in f" {one.letters}" for word in words)]

    @cached_property
    def letters(self) -> list[str]:
        """The letters under which there are any, in order."""
        return list(dict.fromkeys(one.letter for one in self.all))

    def under(self, letter: str) -> list[GranteeName]:
        """Return the names under a letter."""
        return [one for one in self.all if one.letter == letter]


def _place(one: GranteeName) -> tuple[bool, bool, str, str]:
    return one.letter == OTHER_SCRIPT, one.letter != NO_LETTER, one.letters, one.name


@dataclass(frozen=True, slots=True)
class GranteeProfile:
    """What is told of a grantee: a page of its projects with all that is counted over them, and its words."""

    grantee: GranteeName
    results: SearchResults
    words: tuple[GranteeWord, ...]
    alike: tuple[GranteeName, ...]
    near: tuple[NearGrantee, ...]

    def facet(self, name: str) -> Facet:
        """Return a facet over its projects."""
        return next(one for one in self.results.facets if one.name == name)

    @property
    def first_year(self) -> int | None:
        """The year in which its first project started, None where no start is known."""
        counts = self.facet(YEARS_OF["started"]).by_year
        known = counts.known() if counts else None
        return known[0] if known else None

    @property
    def active(self) -> int:
        """How many of its projects are active on the day of the results."""
        return sum(one.count for one in self.facet("status").buckets if one.value == "active")

    def years(self) -> Iterator[tuple[int, int]]:
        """Yield the years in which any of its projects were active, and how many."""
        counts = self.facet(YEARS_OF["active"]).by_year
        known = counts.known() if counts else None
        if counts and known:
            for year in range(known[0], known[1] + 1):
                if count := counts.within(year, year):
                    yield year, count
