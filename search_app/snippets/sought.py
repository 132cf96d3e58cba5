"""From a parsed query to what it looks for in texts: the words behind its terms, prefixes and phrases."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD, TEXT_FIELDS
from search_app.matching.evaluation import Matcher
from search_app.query.parsing import Parsed
from search_app.snippets.highlights import Highlighter, PhraseNeedle

Leaf = wq.Term | wq.Phrase | wq.Prefix | wq.FuzzyTerm
# A leaf of the tree with the number of the clause of the query that it belongs to.
Numbered = tuple[int, Leaf]


def highlighters(matcher: Matcher, parsed: Parsed) -> dict[str, Highlighter]:
    """Return the highlighter of each text field; a clause for one field highlights nothing in the others."""
    leaves = [
        (number, leaf) for number, clause in enumerate(parsed.clauses) for leaf in _leaves(clause.query)
    ]
    leaves += [(run.first, leaf) for run in parsed.runs for leaf in _leaves(run.query)]
    if all(leaf.fieldname == ANY_FIELD for _, leaf in leaves):
        highlighter = _highlighter(matcher, leaves)
        return dict.fromkeys(TEXT_FIELDS, highlighter)
    return {
        name: _highlighter(
            matcher, [(clause, leaf) for clause, leaf in leaves if leaf.fieldname in (name, ANY_FIELD)]
        )
        for name in TEXT_FIELDS
    }


def _leaves(tree: wq.Query) -> Iterator[Leaf]:
    if isinstance(tree, wq.And | wq.Or | wq.DisjunctionMax):
        for one in tree.subqueries:
            yield from _leaves(one)
    elif isinstance(tree, Leaf):
        yield tree


def _highlighter(matcher: Matcher, leaves: list[Numbered]) -> Highlighter:
    words: dict[int, set[str]] = {}
    phrases = []
    for clause, leaf in leaves:
        if isinstance(leaf, wq.Phrase):
            needle = tuple(frozenset(_words_of_stem(matcher, stem)) for stem in leaf.words)
            phrases.append(PhraseNeedle(clause, needle))
        else:
            words.setdefault(clause, set()).update(_words(matcher, leaf))
    return Highlighter(words.items(), phrases)


def _words(matcher: Matcher, leaf: wq.Term | wq.Prefix | wq.FuzzyTerm) -> list[str]:
    texts = matcher.segment.words
    if isinstance(leaf, wq.Prefix):
        return [texts[number] for number in matcher.prefixed(leaf.text)]
    if isinstance(leaf, wq.FuzzyTerm):
        return [texts[number] for number in matcher.similar(leaf.text, leaf.maxdist)]
    return _words_of_stem(matcher, leaf.text)


def _words_of_stem(matcher: Matcher, stem: str) -> list[str]:
    """Return the words of the index that have a stem."""
    term = matcher.term_of(stem)
    return [] if term < 0 else matcher.words_of(term)
