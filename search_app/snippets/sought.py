"""From a parsed query to what it looks for in texts: the words behind its terms, prefixes and phrases."""

from __future__ import annotations

from collections.abc import Sequence

from whoosh import query as wq

from indexer.storage.own_fields import searched_of
from indexer.storage.schema import ANY_FIELD, OWN_TEXTS, TEXT_FIELDS
from search_app.query.parsing import Parsed
from search_app.query.written import Code, Leaf, Written, WrittenPhrase, degree, leaves, places
from search_app.results import Degree
from search_app.snippets.highlights import Highlighter, PhraseNeedle
from search_app.words.lexicon import Lexicon
from search_app.words.typos import sought

# A leaf of the tree, with the number of the clause of the query that it belongs to.
Numbered = tuple[int, Leaf]
# The texts that every project has; those of own fields have the names of these.
_PROJECT_TEXTS = tuple(name for name in TEXT_FIELDS if name != OWN_TEXTS)


def highlighters(lexicon: Lexicon, parsed: Parsed) -> dict[str, Highlighter]:
    """Return the marker for each text field and each own field that is searched, by its name.

    A clause for one field marks nothing in the others, and one that is the same as another (`Parsed.firsts`)
    nothing beside it.
    """
    own = [one.name for one in searched_of(lexicon.declared)]
    names = (*_PROJECT_TEXTS, *own)
    # A word that stands in the query a hundred times is looked for once.
    numbers = dict.fromkeys(parsed.firsts())
    found = [(number, leaf) for number in numbers for leaf in leaves(parsed.clauses[number].query)]
    found += [(run.first, leaf) for run in parsed.runs for leaf in leaves(run.query)]
    if all(leaf.fieldname == ANY_FIELD for _, leaf in found):
        highlighter = _highlighter(lexicon, found)
        return dict.fromkeys(names, highlighter)
    named = {leaf.fieldname for _, leaf in found}
    others: dict[bool, Highlighter] = {}
    made = {}
    for name in names:
        is_own = name in own
        reading = {ANY_FIELD, name, *([OWN_TEXTS] if is_own else ())}
        # Fields that no clause names have the same words, and share what looks for them.
        shared = None if name in named else others.get(is_own)
        made[name] = shared or _highlighter(lexicon, [one for one in found if one[1].fieldname in reading])
        if name not in named:
            others[is_own] = made[name]
    return made


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


def _words(lexicon: Lexicon, leaf: wq.Term | wq.Prefix | wq.FuzzyTerm) -> Sequence[str]:
    texts = lexicon.words
    if isinstance(leaf, Written):
        return [leaf.text]
    if isinstance(leaf, wq.Prefix):
        return [texts[number] for number in lexicon.prefixed(leaf.text)]
    if isinstance(leaf, wq.FuzzyTerm):
        return [texts[number] for number in sought(lexicon, leaf.text, leaf.maxdist).words]
    return _words_of_stem(lexicon, leaf.text)


def _words_of_stem(lexicon: Lexicon, stem: str) -> Sequence[str]:
    """Return the words of the index that have a stem."""
    term = lexicon.term_of(stem)
    return () if term < 0 else lexicon.words_of(term)
