"""From a parsed query to what it looks for in texts: the words behind its terms, prefixes and phrases."""

from __future__ import annotations

from collections.abc import Sequence

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD, TEXT_FIELDS
from search_app.query.parsing import Parsed
from search_app.query.written import Code, Leaf, Written, WrittenPhrase, degree, leaves, places
from search_app.results import Degree
from search_app.snippets.highlights import Highlighter, PhraseNeedle
from search_app.words.lexicon import Lexicon
from search_app.words.typos import within

# A leaf of the tree with the number of the part of the query that it belongs to.
Numbered = tuple[int, Leaf]


def highlighters(lexicon: Lexicon, parsed: Parsed) -> dict[str, Highlighter]:
    """Return the marker for each text field; a clause for one field marks nothing in the others."""
    found = [(number, leaf) for number, clause in enumerate(parsed.clauses) for leaf in leaves(clause.query)]
    found += [(run.first, leaf) for run in parsed.runs for leaf in leaves(run.query)]
    if all(leaf.fieldname == ANY_FIELD for _, leaf in found):
        highlighter = _highlighter(lexicon, found)
        return dict.fromkeys(TEXT_FIELDS, highlighter)
    return {
        name: _highlighter(
            lexicon, [(clause, leaf) for clause, leaf in found if leaf.fieldname in (name, ANY_FIELD)]
        )
        for name in TEXT_FIELDS
    }


def _highlighter(lexicon: Lexicon, found: Sequence[Numbered]) -> Highlighter:
    words: dict[int, dict[str, Degree]] = {}
    phrases = []
    for clause, leaf in found:
        reach = degree(leaf)
        if isinstance(leaf, wq.Phrase):
            offsets = leaf.offsets if isinstance(leaf, WrittenPhrase) else ()
            phrases.append(PhraseNeedle(clause, _phrase(lexicon, leaf), reach, offsets))
        else:
            if isinstance(leaf, Code):
                continue
            known = words.setdefault(clause, {})
            for word in _words(lexicon, leaf):
                known[word] = min(reach, known.get(word, reach))
    return Highlighter(words.items(), phrases)


def _phrase(lexicon: Lexicon, phrase: wq.Phrase) -> tuple[frozenset[str], ...]:
    if isinstance(phrase, WrittenPhrase):
        return tuple(frozenset((word,)) for word in phrase.words)
    return tuple(
        frozenset(word for stem in stems for word in _words_of_stem(lexicon, stem))
        for stems in places(phrase)
    )


def _words(lexicon: Lexicon, leaf: wq.Term | wq.Prefix | wq.FuzzyTerm) -> list[str]:
    texts = lexicon.words
    if isinstance(leaf, Written):
        return [leaf.text]
    if isinstance(leaf, wq.Prefix):
        return [texts[number] for number in lexicon.prefixed(leaf.text)]
    if isinstance(leaf, wq.FuzzyTerm):
        return [texts[number] for number in within(lexicon, leaf.text, leaf.maxdist, first_letter=True)]
    return _words_of_stem(lexicon, leaf.text)


def _words_of_stem(lexicon: Lexicon, stem: str) -> list[str]:
    """Return the words of the index that have a stem."""
    term = lexicon.term_of(stem)
    return [] if term < 0 else lexicon.words_of(term)
