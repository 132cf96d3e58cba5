"""The grantees by their first letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from indexer.analysis import fold

# Where names stand that begin with no letter.
OTHER = "#"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, its place on the page and its grantees with their number of projects."""

    letter: str
    anchor: str
    grantees: list[tuple[str, int]]


def letters(grantees: Iterable[tuple[str, int]]) -> list[Letter]:
    """Group grantees, which come A to Z, by first letter; those that begin with none come first."""
    ordered = sorted(grantees, key=lambda one: (_letter(one[0]) != OTHER, _letter(one[0])))
    groups = ((letter, list(named)) for letter, named in groupby(ordered, key=lambda one: _letter(one[0])))
    return [Letter(letter, f"letter-{place}", named) for place, (letter, named) in enumerate(groups)]


def _letter(name: str) -> str:
    first = fold(name)[:1].upper()
    return first if first.isalpha() else OTHER
