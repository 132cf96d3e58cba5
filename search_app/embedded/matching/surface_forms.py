"""Through which other forms hits were found: what is "also searched", and nothing that found nothing.

A form is named as it stands in some hit: the words of a term that these hits have, the ways in which a
phrase is written in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from whoosh import query as wq

from indexer.text.folding import fold
from indexer.text.surface import shown, shown_together
from search_app.embedded.matching.evaluation import Matcher
from search_app.postings.matches import Documents, Matches
from search_app.query.parsing import Clause, Parsed
from search_app.query.written import Leaf, degree, leaves
from search_app.results import QueryTerm


def query_terms(
    matcher: Matcher, parsed: Parsed, seen: dict[int, Matches], found: Documents
) -> tuple[QueryTerm, ...]:
    """Return the parts of a query with the forms through which `found`, ascending documents, have them.

    `seen` has the matches of every node of the query, by its `id()`. The forms of a run of words stand with
    its first part.
    """
    runs = {run.first: run.query for run in parsed.runs}
    named = partial(_named, matcher, seen, found)
    return tuple(
        named(clause, [clause.query, *([runs[number]] if number in runs else [])])
        for number, clause in enumerate(parsed.clauses)
    )


def _named(
    matcher: Matcher, seen: dict[int, Matches], found: Documents, clause: Clause, trees: Sequence[wq.Query]
) -> QueryTerm:
    forms: dict[str, None] = {}
    synonyms: dict[str, None] = {}
    for leaf in (leaf for tree in trees for leaf in leaves(tree)):
        reach = degree(leaf)
        if reach > 1 and id(leaf) in seen:
            texts = _texts(matcher, leaf, found, _whole(matcher, clause))
            (forms if reach == 2 else synonyms).update(dict.fromkeys(texts))
    others = [text for text in forms if text not in clause.written and fold(text) not in clause.written]
    return QueryTerm(clause.text, tuple(others), tuple(text for text in synonyms if text not in forms))


def _whole(matcher: Matcher, clause: Clause) -> int:
    """Return the term of a compound or of letters and a number, -1 for any other clause."""
    found = list(leaves(clause.query))
    terms = [leaf for leaf in found if isinstance(leaf, wq.Term)]
    has_parts = any(isinstance(leaf, wq.Phrase) for leaf in found)
    return matcher.term_of(terms[0].text) if terms and has_parts else -1


def _texts(matcher: Matcher, leaf: Leaf, found: Documents, whole: int) -> Iterator[str]:
    """Yield what `found` documents have for a leaf, a word by how many projects have it.

    The words of a phrase that stand where the term `whole` stands are that one word: follow-ups.
    """
    words = matcher.segment.words
    if isinstance(leaf, wq.Phrase):
        terms = matcher.terms_at(leaf)
        ways = matcher.phrases_in(terms, found, leaf.fieldname, whole) if all(terms) else []
        yield from (shown_together(words[number] for number in way) for way in ways)
    elif (term := matcher.term_of(leaf.text)) >= 0:
        numbers = matcher.words_in(term, found, leaf.fieldname)
        frequency = matcher.segment.word_documents
        yield from (shown(words[number]) for number in sorted(numbers, key=lambda one: -int(frequency[one])))
