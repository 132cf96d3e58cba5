"""The list of grantees: by letters, or those that have some words; never more on a page than can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from search_app.engine.grantee_names import GranteeName, GranteeNames, letters_of
from search_app.web.pages.parts.listing.paging import PageLink, page_links
from search_app.web.urls import GRANTEES, PagesAround, grantee_url, pages_around, with_parameters

# As many names as a page has at most.
ONE_PAGE = 200


class Listed(NamedTuple):
    """A grantee with the address of its page and the number of its projects."""

    name: str
    url: str
    projects: int


class Letter(NamedTuple):
    """A letter: its place on the page, the address that leads there, and the grantees that are shown."""

    letter: str
    anchor: str
    url: str
    is_current: bool
    grantees: list[Listed]


@dataclass(frozen=True, slots=True)
class Directory:
    """Every letter there is, and those that are on this page; what was asked for, and how many have it.

    `q` are the words asked for, `typed` the text as it was typed, which may have none; `letter` is the one
    whose grantees alone are listed, "" for all of them; `page` counts from 1.
    """

    letters: list[Letter]
    shown: list[Letter]
    q: str
    typed: str
    letter: str
    page: int
    total: int
    everything: int
    pages: list[PageLink | None]
    around: PagesAround
    canonical: str


def directory(names: GranteeNames, q: str = "", letter: str = "", page: int = 1) -> Directory:
    """Return a page of grantees: all where they fit, those under a letter, or those with the words of `q`."""
    asked: dict[str, str] = {}
    found: Sequence[GranteeName] = names.all
    typed, q = q.strip(), q if letters_of(q) else ""
    if q:
        found, asked = names.with_words(q), {"q": q}
    elif len(names.all) > ONE_PAGE:
        # Names that begin with a number stand first, and are hardly what the list is opened for.
        first = next(filter(str.isalpha, names.letters), names.letters[0])
        letter = letter if letter in names.letters else first
        found, asked = names.under(letter), {"letter": letter}
    pages = -(-len(found) // ONE_PAGE)
    page = min(page, max(pages, 1))

    def address(number: int) -> str:
        """Return the address of another page of the same grantees."""
        return with_parameters(GRANTEES, **asked, **({"page": str(number)} if number > 1 else {}))

    shown = found[(page - 1) * ONE_PAGE : page * ONE_PAGE]
    return Directory(
        letters=[_heading(one, asked, paged=len(names.all) > ONE_PAGE) for one in names.letters],
        shown=[
            _heading(one, asked, paged=False)._replace(grantees=[_listed(name) for name in some])
            for one, some in groupby(shown, key=lambda name: name.letter)
        ],
        q=q,
        typed=typed,
        letter=asked.get("letter", ""),
        page=page,
        total=len(found),
        everything=len(names.all),
        pages=page_links(page, pages, address),
        around=pages_around(page, pages, address),
        canonical=GRANTEES if q else address(page),
    )


def _heading(letter: str, asked: dict[str, str], *, paged: bool) -> Letter:
    anchor = f"letter-{ord(letter):x}"
    url = with_parameters(GRANTEES, letter=letter) if paged else f"#{anchor}"
    return Letter(letter, anchor, url, asked.get("letter") == letter, [])


def _listed(one: GranteeName) -> Listed:
    return Listed(one.name, grantee_url(one.name), one.projects)
