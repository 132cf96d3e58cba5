"""What a backend returned, as it is shown: hits with their snippets, near projects with short texts."""

from __future__ import annotations

from collections.abc import Iterable

from search_app.backend.returned import Answer, Near, Whole, cut
from search_app.results import Hit, Similar
from search_app.snippets.presentation import Shown, show
from search_app.snippets.sought import highlighters
from search_app.words.lexicon import Lexicon


def hits(answer: Answer, lexicon: Lexicon) -> tuple[Hit, ...]:
    """Return the hits of the page of an answer, with what the query finds in them highlighted."""
    marking = highlighters(lexicon, answer.parsed)
    projects = answer.read(marking["description"].sought)
    missing = [ranked.missing for ranked in answer.page]
    own = [one.own_texts if answer.parsed.clauses else () for one in projects]
    shown = show([one.looked_at for one in projects], marking, answer.parsed, missing, own)
    return tuple(
        [
            Hit(
                one.project,
                ranked.status,
                ranked.score,
                texts.title,
                texts.description,
                texts.grantee,
                texts.matched,
                ranked.explanation,
                one.cut,
                one.fields,
                texts.own,
                one.when,
                ranked.meaning,
            )
            for texts, ranked, one in zip(shown, answer.page, projects, strict=True)
        ]
    )


def similar(near: Iterable[Near]) -> tuple[Similar, ...]:
    """Return near projects as a list has them."""
    pairs = [(one, cut(one.project)) for one in near]
    return tuple(
        Similar(own.project, one.status, one.score, one.words, own.cut, one.sentence) for one, own in pairs
    )


def unhighlighted(one: Whole) -> Hit:
    """Return a hit of a file or feed."""
    return Shown.unhighlighted(one.project).hit(one.status, one.score, one.fields, one.when)
