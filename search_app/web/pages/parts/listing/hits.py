"""What a hit says beside its texts: its facts, and the words that it lacks, with searches for these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search_app.request import SearchRequest
from search_app.results import Hit
from search_app.web.answers import LinkedHit
from search_app.web.pages.parts.facts import ListedFact, ListedFacts
from search_app.web.urls import SearchLinks

_PLAIN_WORDS = re.compile(r"[^\W_]+(?:[\s'’.-]+[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word of the query that a hit lacks; `url` requires it, None where the query has operators."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Article:
    """A hit with the words that it lacks, and what it says in own fields."""

    linked: LinkedHit
    missing: tuple[MissingWord, ...]
    facts: list[ListedFact]


def articles(
    hits: list[LinkedHit], request: SearchRequest, links: SearchLinks, listed: ListedFacts
) -> list[Article]:
    """Return the hits of a page, ready for the template."""
    return [
        Article(one, tuple(_missing(one.hit, request, links)), listed.of(one.hit.fields, one.hit.own))
        for one in hits
    ]


def _missing(hit: Hit, request: SearchRequest, links: SearchLinks) -> Iterator[MissingWord]:
    """Yield the words that a hit lacks, each with the search in which it is required.

    The others stay optional: `(labour OR courts) mexico`. A query with operators is left as it is.
    """
    if not hit.matched.missing:
        return
    terms = [term.text for term in hit.matched.terms]
    plain = terms and _PLAIN_WORDS.fullmatch(request.q.strip())
    others = f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)
    for missing in hit.matched.missing:
        yield MissingWord(missing, links.changed(op=None, q=f"{others} {missing}") if plain else None)
