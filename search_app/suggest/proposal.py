"""Which query is proposed instead of the one typed: a correction that finds what that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from search_app.backend.returned import Answer
from search_app.query.clause import Clause
from search_app.results import RelaxedTo, Suggestion
from search_app.suggest.spelling import TYPO_ODDS, corrected_query
from search_app.words.vocabulary import Vocabulary

# A search that finds no more projects than these may have found only others with the same slip.
HARDLY_ANY = 3

# How many projects a query finds, and to what it is relaxed for that.
Found: TypeAlias = tuple[int, RelaxedTo | None]


def proposed(
    vocabulary: Vocabulary, typed: str, answer: Answer, find: Callable[[str], Found]
) -> Suggestion | None:
    """Return the query that was probably meant by the one typed, and what it finds; None if none is better.

    Words that the index does not have are corrected first; where that still finds hardly anything, those
    that it hardly has as well: "histroy of sciance" becomes "histroy of science", as some project has it,
    and that "history of science".
    """
    found, suggestion = (answer.total, answer.relaxed_to), None
    if not _is_plenty(found, 0) or not all(_is_known(vocabulary, one) for one in answer.parsed.clauses):
        corrected = corrected_query(vocabulary, typed)
        if corrected is not None:
            more = find(corrected)
            if more[0] and (more[0] >= found[0] or _is_stricter(more, found)):
                found, suggestion = more, Suggestion(corrected, more[0])
    if _is_plenty(found, HARDLY_ANY):
        return suggestion
    usual = corrected_query(vocabulary, suggestion.q if suggestion else typed, rare=True)
    if usual is None:
        return suggestion
    more = find(usual)
    # What is there as it is typed may be meant: only what finds far more is proposed for it.
    many = more[0] >= TYPO_ODDS * found[0] and more[1] == found[1]
    better = more[0] and (many or _is_stricter(more, found))
    return Suggestion(usual, more[0]) if better else suggestion


def _is_plenty(found: Found, hardly: int) -> bool:
    """Tell whether more than so many projects were found that have all of the words."""
    total, relaxed_to = found
    return total > hardly and relaxed_to != "any"


def _is_stricter(found: Found, before: Found) -> bool:
    return found[1] is None and before[1] is not None


def _is_known(vocabulary: Vocabulary, clause: Clause) -> bool:
    """Tell whether the index has the words of a clause."""
    if clause.code:
        return True
    words = clause.word.split("-") if clause.word and not clause.variants else ()
    return all(vocabulary.known_term(word) >= 0 for word in words)
