"""The grantees A to Z: all on one page where they fit, else a letter a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from indexer.text.analysis import fold
from search_app.web.urls import GRANTEES, with_parameters

# More names than a page that is still pleasant to leaf through.
ONE_PAGE = 500
# Where names stand that begin with no letter.
OTHER = "#"

Counted = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its place on the page, the address that leads there, its grantees with their projects."""

    letter: str
    anchor: str
    url: str
    grantees: list[Counted]


@dataclass(frozen=True, slots=True)
class Directory:
    """Every letter there is, and those that are on this page."""

    letters: list[Letter]
    shown: list[Letter]


def directory(grantees: Iterable[Counted], chosen: str | None = None) -> Directory:
    """Return the directory of grantees, which come A to Z; `chosen` is the letter asked for."""
    ordered = sorted(grantees, key=lambda one: (_letter(one[0]) != OTHER, _letter(one[0])))
    paged = len(ordered) > ONE_PAGE
    letters = [
        _entry(letter, place, list(named), paged=paged)
        for place, (letter, named) in enumerate(groupby(ordered, key=lambda one: _letter(one[0])))
    ]
    if not paged:
        return Directory(letters, letters)
    return Directory(letters, [one for one in letters if one.letter == chosen] or letters[:1])


def _entry(letter: str, place: int, named: list[Counted], *, paged: bool) -> Letter:
    anchor = f"letter-{place}"
    return Letter(letter, anchor, with_parameters(GRANTEES, letter=letter) if paged else f"#{anchor}", named)


def _letter(name: str) -> str:
    first = fold(name)[:1].upper()
    return first if first.isalpha() else OTHER
