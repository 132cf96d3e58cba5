"""From a parsed query to what it looks for in texts: the words behind its terms, prefixes and phrases."""

from __future__ import annotations

from collections.abc import Sequence

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD, OWN_TEXTS, TEXT_FIELDS
from search_app.postings.terms import TermReader
from search_app.query.parsing import Parsed
from search_app.query.written import Code, Leaf, Written, WrittenPhrase, degree, leaves, places
from search_app.results import Degree
from search_app.snippets.highlights import Highlighter, PhraseNeedle

# A leaf of the tree with the number of the part of the query that it belongs to.
Numbered = tuple[int, Leaf]
# The texts that every project has; those of own fields have the names of these.
_PROJECT_TEXTS = tuple(name for name in TEXT_FIELDS if name != OWN_TEXTS)


def highlighters(reader: TermReader, parsed: Parsed) -> dict[str, Highlighter]:
    """Return the marker for each text field and each own field that is searched, by its name.

    A clause for one field marks nothing in the others.
    """
    names = (*_PROJECT_TEXTS, *reader.own_fields)
    found = [(number, leaf) for number, clause in enumerate(parsed.clauses) for leaf in leaves(clause.query)]
    found += [(run.first, leaf) for run in parsed.runs for leaf in leaves(run.query)]
    if all(leaf.fieldname == ANY_FIELD for _, leaf in found):
        highlighter = _highlighter(reader, found)
        return dict.fromkeys(names, highlighter)
    named = {leaf.fieldname for _, leaf in found}
    others: dict[bool, Highlighter] = {}
    made = {}
    for name in names:
        is_own = name in reader.own_fields
        reading = {ANY_FIELD, name, *([OWN_TEXTS] if is_own else ())}
        # Fields that no clause names have the same words, and share what looks for them.
        shared = None if name in named else others.get(is_own)
        made[name] = shared or _highlighter(reader, [one for one in found if one[1].fieldname in reading])
        if name not in named:
            others[is_own] = made[name]
    return made


def _highlighter(reader: TermReader, found: Sequence[Numbered]) -> Highlighter:
    words: dict[int, dict[str, Degree]] = {}
    phrases = []
    for clause, leaf in found:
        reach = degree(leaf)
        if isinstance(leaf, wq.Phrase):
            offsets = leaf.offsets if isinstance(leaf, WrittenPhrase) else ()
            phrases.append(PhraseNeedle(clause, _phrase(reader, leaf), reach, offsets))
        else:
            if isinstance(leaf, Code):
                continue
            known = words.setdefault(clause, {})
            for word in _words(reader, leaf):
                known[word] = min(reach, known.get(word, reach))
    return Highlighter(words.items(), phrases)


def _phrase(reader: TermReader, phrase: wq.Phrase) -> tuple[frozenset[str], ...]:
    if isinstance(phrase, WrittenPhrase):
        return tuple(frozenset((word,)) for word in phrase.words)
    return tuple(
        frozenset(word for stem in stems for word in _words_of_stem(reader, stem)) for stems in places(phrase)
    )


def _words(reader: TermReader, leaf: wq.Term | wq.Prefix | wq.FuzzyTerm) -> list[str]:
    texts = reader.segment.words
    if isinstance(leaf, Written):
        return [leaf.text]
    if isinstance(leaf, wq.Prefix):
        return [texts[number] for number in reader.prefixed(leaf.text)]
    if isinstance(leaf, wq.FuzzyTerm):
        return [texts[number] for number in reader.similar(leaf.text, leaf.maxdist)]
    return _words_of_stem(reader, leaf.text)


def _words_of_stem(reader: TermReader, stem: str) -> list[str]:
    """Return the words of the index that have a stem."""
    term = reader.term_of(stem)
    return [] if term < 0 else reader.words_of(term)
