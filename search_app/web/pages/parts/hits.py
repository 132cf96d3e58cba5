"""Hits as HTML, written in Python: a page has dozens of values in each, and a template is ten times as slow.

Every text goes through `escape` or `html_text` here; addresses are encoded already and need their `&` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from html import escape

from markupsafe import Markup

from indexer.document import Project, Status
from search_app.request import SearchRequest
from search_app.results import Hit, ScorePart, TermMatch
from search_app.web.answers import LinkedHit
from search_app.web.highlighting import html_text
from search_app.web.pages.parts.days import month
from search_app.web.urls import SEARCH_PAGE, SearchLinks, grantee_url

DOT = ' <span aria-hidden="true">·</span> '
# Days kept as they are written: a corpus has some thousands, and they come back with every page.
_KEPT_DAYS = 4096
_PLAIN_WORDS = re.compile(r"[^\W_]+(?:[\s'’.-]+[^\W_]+)*")


def articles(hits: Iterable[LinkedHit], request: SearchRequest) -> Markup:
    """Return the hits of a page."""
    return Markup("\n".join([_article(one, request) for one in hits]))  # noqa: S704


def period(project: Project) -> Markup:
    """Return the months in which a project begins and ends."""
    return Markup(_period(project))  # noqa: S704


def status_tag(status: Status) -> Markup:
    """Return a status as a coloured word."""
    return Markup(_STATUS_TAGS[status])  # noqa: S704


def in_address(url: str) -> str:
    """Return an address of ours as it stands in an attribute: encoded already, but for the `&` between."""
    return url.replace("&", "&amp;")


_STATUS_TAGS: dict[Status, str] = {
    "planned": '<span class="status planned">Planned</span>',
    "active": '<span class="status active">Active</span>',
    "completed": '<span class="status completed">Completed</span>',
    "unknown": '<span class="status unknown">Status unknown</span>',
}


def _article(one: LinkedHit, request: SearchRequest) -> str:
    hit, project = one.hit, one.project
    grantee = ""
    if project.grantee:
        url = in_address(grantee_url(project.grantee))
        grantee = f'<a href="{url}">{html_text(hit.grantee)}</a>{DOT}'
    text = " … ".join([html_text(fragment) for fragment in hit.description])
    prose = f'<p class="text">{text}</p>\n' if hit.description else ""
    return (
        f'<article class="hit">\n<h2><a href="{in_address(one.url)}">{html_text(hit.title)}</a></h2>\n'
        f'<p class="facts">{grantee}{_period(project)}{DOT}{_STATUS_TAGS[one.status]}</p>\n'
        f"{prose}{_why(hit, request)}</article>"
    )


def _period(project: Project) -> str:
    start = _time(project.start) if project.start else "start unknown"
    return f"{start} – {_time(project.end) if project.end else 'end unknown'}"


@lru_cache(_KEPT_DAYS)
def _time(day: date) -> str:
    return f'<time datetime="{day.isoformat()}">{month(day)}</time>'


def _why(hit: Hit, request: SearchRequest) -> str:
    matched = hit.matched
    if not (matched.terms or matched.missing):
        return ""
    lines = [_met(term) for term in matched.terms]
    if matched.missing:
        lines += _lacking(hit, request)
    score = _score(hit) if hit.explanation else ""
    return (
        f'<details class="why">\n<summary>Why this matched<span class="hidden">: {escape(hit.project.title)}'
        f"</span></summary>\n<dl>\n{''.join(lines)}</dl>\n{score}</details>\n"
    )


def _met(term: TermMatch) -> str:
    found = "found"
    if term.words:
        words = ", ".join(map(_word, term.words))
        found = f"found as {words}{_DEGREES[term.degree]} in {', '.join(term.fields)}"
    return f"<div><dt>{_word(term.text)}</dt><dd>{found}</dd></div>\n"


# What is said of the nearest word that was met.
_DEGREES = {1: "", 2: " (another form)", 3: " (for the same thing)"}


def _word(text: str) -> str:
    # Most are plain words, for which asking is faster than escaping.
    return text if text.isalnum() else escape(text)


def _lacking(hit: Hit, request: SearchRequest) -> list[str]:
    """Return the words that a hit lacks, each with the search in which it is required.

    The others stay optional: `(labour OR courts) mexico`. A query with operators is left as it is.
    """
    terms = [term.text for term in hit.matched.terms]
    plain = terms and _PLAIN_WORDS.fullmatch(request.q.strip())
    others = f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)
    links = SearchLinks(replace(request, op="and"), SEARCH_PAGE)
    lines = []
    for missing in hit.matched.missing:
        word, way = escape(missing), ""
        if plain:
            url = in_address(links.changed(q=f"{others} {missing}"))
            way = f': <a href="{url}" rel="nofollow">require {word}</a>'
        lines.append(f"<div><dt><del>{word}</del></dt><dd>missing{way}</dd></div>\n")
    return lines


def _score(hit: Hit) -> str:
    return (
        f"<table>\n<caption>Score {hit.score:.3f}</caption>\n"
        '<thead><tr><th scope="col">Part</th><th scope="col">Field</th>'
        '<th scope="col">Score</th></tr></thead>\n'
        f"<tbody>\n{''.join([_part(part) for part in hit.explanation])}</tbody>\n</table>\n"
    )


def _part(part: ScorePart) -> str:
    return (
        f"<tr><td>{escape(part.name)}</td><td>{escape(part.field or '')}</td><td>{part.score:.3f}</td></tr>\n"
    )
