"""Through which other forms hits were found: what is "also searched", and nothing that found nothing.

A form is named as it stands in some hit: the words of a term that these hits have, the ways in which a
phrase is written in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import starmap
from typing import TypeGuard

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD
from indexer.text.folding import fold
from indexer.text.surface import shown, shown_together, with_last_dots
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.finding import Found
from search_app.embedded.postings.matches import Documents, Matches, Sampled, in_sorted
from search_app.query.clause import Clause
from search_app.query.written import Leaf, alternatives, degree, leaves
from search_app.results import QueryTerm


@dataclass(frozen=True, slots=True)
class _Forms:
    """The documents that were found, ascending, and the words (numbers) through which they have each term.

    `seen` has the matches of every node of the query, found or not, by its `id()`.
    """

    matcher: Matcher
    documents: Documents
    words: dict[int, list[int]]
    seen: dict[int, Matches]

    def having(self, leaf: Leaf) -> Documents:
        """Return the documents that were found and match a leaf."""
        documents = self.seen[id(leaf)].documents
        return documents.compress(in_sorted(documents, self.documents))


def query_terms(
    matcher: Matcher, found: Found, documents: Documents, whole: wq.Query | None, sampled: Sampled
) -> tuple[QueryTerm, ...]:
    """Return the parts of a query with the forms through which some of what was found has them.

    `whole` is the node of which these `documents`, ascending, are all matches, if there is one; `sampled` is
    where terms stand in some of them. The forms of a run of words stand with its first part.
    """
    parsed, seen = found.parsed, found.seen
    runs = {run.first: run.query for run in parsed.runs}
    sought = [
        [leaf for tree in (clause.query, runs.get(number)) if tree is not None for leaf in leaves(tree)]
        for number, clause in enumerate(parsed.clauses)
    ]
    sought = [[leaf for leaf in own if degree(leaf) > 1 and id(leaf) in seen] for own in sought]
    words = _words_of_each(matcher, [leaf for own in sought for leaf in own], documents, whole, sampled)
    hits = _Forms(matcher, documents, words, seen)
    return tuple(starmap(partial(_named, hits), zip(parsed.clauses, sought, strict=True)))


def _words_of_each(
    matcher: Matcher, sought: Sequence[Leaf], found: Documents, whole: wq.Query | None, sampled: Sampled
) -> dict[int, list[int]]:
    """Return the words (numbers) through which documents have each term that is looked for in all fields."""
    terms = {id(leaf): matcher.term_of(leaf.text) for leaf in sought if _is_word(leaf)}
    # Of what is enough by itself every document was found, and so every word.
    enough = {terms.get(id(leaf), -1) for leaf in alternatives(whole)} if whole is not None else set()
    others = {*terms.values()} - enough - {-1}
    words = matcher.words_of_each(others, found, sampled) if others else {}
    return words | {term: matcher.every_word(term) for term in enough if term >= 0}


def _is_word(leaf: Leaf) -> TypeGuard[wq.Term]:
    return isinstance(leaf, wq.Term) and leaf.fieldname == ANY_FIELD


def _named(hits: _Forms, clause: Clause, sought: Sequence[Leaf]) -> QueryTerm:
    forms: dict[str, None] = {}
    synonyms: dict[str, None] = {}
    for leaf in sought:
        texts = _phrases(hits, leaf, clause) if isinstance(leaf, wq.Phrase) else _words(hits, leaf)
        (forms if degree(leaf) == 2 else synonyms).update(dict.fromkeys(texts))
    others = [text for text in forms if text not in clause.written and fold(text) not in clause.written]
    apart = [text for text in synonyms if text not in forms]
    return QueryTerm(clause.text, tuple(map(with_last_dots, others)), tuple(map(with_last_dots, apart)))


def _words(hits: _Forms, leaf: wq.Term | wq.Prefix | wq.FuzzyTerm) -> Iterator[str]:
    """Yield the words that documents have for a leaf, by how many projects have them."""
    matcher, term = hits.matcher, hits.matcher.term_of(leaf.text)
    if term < 0:
        return
    numbers = hits.words[term] if _is_word(leaf) else matcher.words_in(term, hits.documents, leaf.fieldname)
    if len(numbers) > 1:
        frequency = matcher.segment.word_documents.take(numbers).tolist()
        numbers = [number for _, number in sorted(zip((-one for one in frequency), numbers, strict=True))]
    yield from (shown(matcher.segment.words[number]) for number in numbers)


def _phrases(hits: _Forms, leaf: wq.Phrase, clause: Clause) -> Iterator[str]:
    """Yield how documents write a phrase.

    The words of a compound that stand where its term stands are that one word: follow-ups.
    """
    matcher, terms = hits.matcher, hits.matcher.terms_at(leaf)
    if all(terms):
        # Whole terms stand in far more documents than the phrase.
        ways = matcher.phrases_in(terms, hits.having(leaf), leaf.fieldname, _whole(matcher, clause))
        yield from (shown_together(matcher.segment.words[number] for number in way) for way in ways)


def _whole(matcher: Matcher, clause: Clause) -> int:
    """Return the term of a compound or of letters and a number, -1 for any other clause."""
    found = list(leaves(clause.query))
    terms = [leaf for leaf in found if isinstance(leaf, wq.Term)]
    has_parts = any(isinstance(leaf, wq.Phrase) for leaf in found)
    return matcher.term_of(terms[0].text) if terms and has_parts else -1
