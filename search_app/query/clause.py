"""A clause of a query: what a part of the text, as typed, looks for; and the clauses that codes make."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD
from indexer.text.codes import key_of, letters_of
from search_app.query.written import Code, CodeBeginning
from search_app.words.field_names import CODE_FIELD
from search_app.words.vocabulary import Vocabulary

_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_DECADE = re.compile(r"[0-9]0['’]s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as typed: its query, the words it looks for, and how they were typed.

    `word` is the folded word of a clause that is just a word, the words of a compound joined by hyphens.
    `stems` are those of the word as typed and of its one-word variants: what proximity looks at. `written`
    are the texts that are matched as written, `sequence` the stems at each position that a word takes in a
    title, `code` the key of the codes that it finds. `loose` is what a search for any of the words takes: of
    a compound, one of its words is enough.
    """

    text: str
    query: wq.Query
    stems: tuple[str, ...] = ()
    word: str | None = None
    variants: tuple[str, ...] = ()
    written: frozenset[str] = frozenset()
    sequence: tuple[tuple[str, ...], ...] = ()
    code: str = ""
    loose: wq.Query | None = None


def shown_in(text: str, field: str) -> str:
    """Return a text as it is shown where it is for a field: title:courts."""
    return text if field == ANY_FIELD else f"{field}:{text}"


def of_code(text: str, vocabulary: Vocabulary) -> Clause:
    """Return the clause of a code: it finds nothing where there is no digit in it."""
    key = key_of(text)
    query = Code(ANY_FIELD, key, whole=vocabulary.is_code(key)) if key else wq.NullQuery
    return Clause(shown_in(text, CODE_FIELD), query, code=key)


def of_beginning(text: str) -> Clause:
    """Return the clause of all codes that begin as a text does."""
    key = letters_of(text)
    return Clause(shown_in(f"{text}*", CODE_FIELD), CodeBeginning(ANY_FIELD, key), code=key)


def with_code(clause: Clause, text: str, field: str, vocabulary: Vocabulary) -> Clause:
    """Return the clause of a word that codes match as well, if its text may be one."""
    key = key_of(text)
    if not key or field != ANY_FIELD or not vocabulary.may_be_code(key):
        return clause
    # A code is met as a whole, or by its beginning: its parts are numbers like any other.
    whole = vocabulary.is_code(key)
    # Of digits alone too much begins so, and what is meant is a number.
    begun = isinstance(clause.query, wq.Prefix) and not key.isdigit()
    code = CodeBeginning(ANY_FIELD, key) if begun else Code(ANY_FIELD, key, whole=whole)
    query = wq.DisjunctionMax([clause.query, code])
    return replace(clause, query=query, code=key, loose=None if whole else clause.loose)


def is_decade(text: str) -> bool:
    """Tell whether a text is years as the 1920's are, of which no word keeps the apostrophe."""
    return _DECADE.search(text) is not None


def without_year_as_code(clause: Clause) -> Clause:
    """Return the clause of a year without the codes that it finds, another one as it is.

    Beside other words, also those that a search does without ("since 1980"), it is hardly an award number;
    a project that has just its number would come first.
    """
    ways = clause.query.subqueries if isinstance(clause.query, wq.DisjunctionMax) else ()
    if not ways or clause.word != clause.code or not _YEAR.fullmatch(clause.code):
        return clause
    return replace(clause, query=ways[0], code="")
