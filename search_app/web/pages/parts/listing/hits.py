"""What a hit says beside its texts: its facts, and the words that it lacks, with searches for these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from indexer.document import Status
from indexer.text.folding import fold
from search_app.request import SearchRequest
from search_app.results import Hit, ScorePart, Snippet, TermMatch
from search_app.web.answers import LinkedHit
from search_app.web.pages.parts.facts import ListedFact, ListedFacts
from search_app.web.urls import SearchLinks, grantee_url

_WORD = re.compile(r"[^\W_]+")
_PLAIN_WORDS = re.compile(r"[^\W_]+(?:[\s'’.-]+[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word of the query that a hit lacks; `url` requires it, None where the query has operators."""

    text: str
    url: str | None


class Article(NamedTuple):
    """A hit as its template takes it apart; `name` is its title without marks, `facts` are of own fields.

    `missing` are the words of the query that it lacks; `grantee_url` is None where it has no grantee.
    """

    url: str
    title: Snippet
    name: str
    grantee: Snippet
    grantee_url: str | None
    start: date | None
    end: date | None
    status: Status
    facts: list[ListedFact]
    description: tuple[Snippet, ...]
    terms: tuple[TermMatch, ...]
    missing: tuple[MissingWord, ...]
    meaning: float | None
    explanation: tuple[ScorePart, ...]
    score: float


def articles(
    hits: list[LinkedHit], request: SearchRequest, links: SearchLinks, listed: ListedFacts
) -> list[Article]:
    """Return the hits of a page, ready for the template."""
    return [
        Article(
            url,
            hit.title,
            project.title,
            hit.grantee,
            grantee_url(project.grantee) if project.grantee else None,
            project.start,
            project.end,
            status,
            listed.of(hit.fields, hit.own),
            hit.description,
            hit.matched.terms,
            tuple(_missing(hit, request, links)) if hit.matched.missing else (),
            hit.meaning,
            hit.explanation,
            hit.score,
        )
        for hit, project, status, url in hits
    ]


def _missing(hit: Hit, request: SearchRequest, links: SearchLinks) -> Iterator[MissingWord]:
    """Yield the words that a hit lacks, each with the search in which it is required.

    The others stay optional: `(labour OR courts) mexico`. A query with operators is left as it is.
    """
    terms = [term.text for term in hit.matched.terms]
    plain = terms and _PLAIN_WORDS.fullmatch(request.q.strip())
    others = f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)
    for missing in hit.matched.missing:
        yield MissingWord(missing, links.changed(op=None, q=f"{others} {missing}") if plain else None)


def is_part(term: TermMatch) -> bool:
    """Tell whether only words of a compound were met, where a search is relaxed: of *pre-war* just *pre*."""
    return term.degree == 2 and {*term.words} < {*_WORD.findall(fold(term.text))}
