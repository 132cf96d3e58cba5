"""How grantees are dumped, as `dumping` does with all else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from search_app.request import PER_PAGE
from search_app.results import IndexInfo
from search_app.web.api.dumping import index_info, money_totals
from search_app.web.api.json_values import Json
from search_app.web.grantee_pages import LinkedGrantee, LinkedProfile
from search_app.web.urls import GRANTEES_API, pages_around, with_parameters


class GranteesAsked(NamedTuple):
    """The page of grantees that is asked for: all, or those with some words in their names."""

    q: str = ""
    page: int = 1
    per_page: int = PER_PAGE

    def address(self, page: int) -> str:
        """Return the address of another page of the same; what is as usual is left out."""
        given = {
            "q": self.q,
            "per_page": str(self.per_page) if self.per_page != PER_PAGE else "",
            "page": str(page) if page > 1 else "",
        }
        return with_parameters(GRANTEES_API, **{name: text for name, text in given.items() if text})


def grantees(asked: GranteesAsked, found: Sequence[LinkedGrantee], index: IndexInfo) -> Json:
    """Return what GranteesSchema dumps: the page that is asked for of those found."""
    page, per_page = asked.page, asked.per_page
    around = pages_around(page, -(-len(found) // per_page), asked.address)
    return {
        "q": asked.q,
        "total": len(found),
        "page": page,
        "per_page": per_page,
        "results": [_grantee(one) for one in found[(page - 1) * per_page : page * per_page]],
        "links": {
            "self": asked.address(page),
            "prev": around.prev,
            "next": around.next,
        },
        "index": index_info(index),
    }


def _grantee(one: LinkedGrantee) -> Json:
    return {"name": one.name, "slug": one.slug, "url": one.url, "projects": one.projects}


def profile(linked: LinkedProfile) -> Json:
    """Return what ProfileSchema dumps."""
    told = linked.profile
    return {
        **_grantee(linked.grantee),
        "first_year": told.first_year,
        "active": told.active,
        "as_of": told.results.as_of,
        "totals": [money_totals(one) for one in told.results.totals],
        "years": [{"year": year, "projects": count} for year, count in told.years()],
        "words": [
            {"word": one.word.word, "projects": one.word.projects, "url": one.url} for one in linked.words
        ],
        "alike": [_grantee(one) for one in linked.alike],
        "similar": [{**_grantee(one.grantee), "words": one.words} for one in linked.near],
        "links": {"html": linked.grantee.url, "search": linked.search_data},
        "index": index_info(told.results.index),
    }
