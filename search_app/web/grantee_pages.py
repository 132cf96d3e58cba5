"""What is told of a grantee, with its addresses: the same for people and programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from indexer.document import grantee_slug
from search_app.engine.grantee_names import GranteeName, GranteeProfile
from search_app.scoring.telling_grantees import GranteeWord, NearGrantee
from search_app.web.urls import GRANTEES_API, SEARCH_API, grantee_url, search_url, with_parameters


class LinkedGrantee(NamedTuple):
    """A grantee in a list, with the address of its page."""

    name: str
    slug: str
    url: str
    projects: int


class LinkedNear(NamedTuple):
    """A grantee that has the same words as another."""

    grantee: LinkedGrantee
    words: tuple[str, ...]


class LinkedWord(NamedTuple):
    """A word that tells a grantee apart, with the search for it among the grantee's projects."""

    word: GranteeWord
    url: str


@dataclass(frozen=True, slots=True)
class LinkedProfile:
    """A grantee with all its addresses; `search` has all its projects, `data` is this as data."""

    profile: GranteeProfile
    grantee: LinkedGrantee
    words: list[LinkedWord]
    alike: list[LinkedGrantee]
    near: list[LinkedNear]
    search: str
    data: str
    search_data: str


def linked_grantee(one: GranteeName | NearGrantee) -> LinkedGrantee:
    """Link a grantee."""
    return LinkedGrantee(one.name, grantee_slug(one.name), grantee_url(one.name), one.projects)


def linked_profile(profile: GranteeProfile) -> LinkedProfile:
    """Link what is told of a grantee."""
    grantee = linked_grantee(profile.grantee)
    return LinkedProfile(
        profile=profile,
        grantee=grantee,
        words=list(_words(grantee.name, profile.words)),
        alike=[linked_grantee(one) for one in profile.alike],
        near=[LinkedNear(linked_grantee(one), one.words) for one in profile.near],
        search=search_url(grantee=grantee.name),
        data=f"{GRANTEES_API}/{grantee.slug}",
        search_data=with_parameters(SEARCH_API, grantee=grantee.name),
    )


def _words(name: str, words: Iterable[GranteeWord]) -> Iterable[LinkedWord]:
    return (LinkedWord(one, search_url(q=one.word, grantee=name)) for one in words)
