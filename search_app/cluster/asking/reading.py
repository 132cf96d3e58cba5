"""How a text is read over a cluster: the first way in which anything has it, and its translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from whoosh import query as wq

from search_app.cluster.asking.translation import EVERYTHING, Codes, Translation
from search_app.cluster.found import Read
from search_app.cluster.wording.lexical import ClusterUses
from search_app.query.parsing import Parsed, Reading, parse
from search_app.query.relaxing import asked, ways
from search_app.query.written import Code, leaves
from search_app.request import Operator
from search_app.words.typos import sought
from search_app.words.vocabulary import Vocabulary

# Readings of texts that are cached: paging and filtering read the same one again.
CACHED_READINGS = 256


class TextReader:
    """Reads texts for one index of a cluster; threads may share it."""

    def __init__(self, vocabulary: Vocabulary, uses: ClusterUses, scale: float) -> None:
        """Look words up in `vocabulary`, and ask `uses` whether anything has a text."""
        self._vocabulary, self._uses, self._scale = vocabulary, uses, scale
        self.read = lru_cache(CACHED_READINGS)(self._read)

    def _read(self, q: str, op: Operator, expand: bool) -> Read:
        """Return how a text is read: if several ways are left, the first in which anything has it."""
        tries = list(self._ways(q, op, expand))
        for read in tries:
            if len(tries) == 1 or self._matches(read.tree):
                return read
        return Read(tries[-1].parsed, tries[-1].tree, None)

    def _ways(self, q: str, op: Operator, expand: bool) -> Iterator[Read]:
        first = parse(q, self._vocabulary, Reading(expand))
        if first.hyphens and not self._matches(asked(first, op)):
            as_text = parse(q, self._vocabulary, Reading(expand, hyphens=False))
            first = as_text if self._matches(asked(as_text, op)) else first
        for parsed, tree, relaxed_to in ways([first], q, op, self._vocabulary):
            yield Read(parsed.loosened() if tree is parsed.relaxed else parsed, tree, relaxed_to)

    def counts_of_all(self, texts: Sequence[str]) -> list[int]:
        """Return how many projects have all that each of some texts asks for, in one request."""
        readings = [list(self._first_readings(text)) for text in texts]
        trees = [parsed.strict for found in readings for parsed in found]
        counts = iter(self._uses.counts([self.translation(tree).query(tree) for tree in trees], EVERYTHING))
        # Hyphens are text where only so anything is found.
        return [next(filter(None, list(islice(counts, len(found)))), 0) for found in readings]

    def _first_readings(self, q: str) -> Iterator[Parsed]:
        parsed = parse(q, self._vocabulary)
        yield parsed
        if parsed.hyphens:
            yield parse(q, self._vocabulary, Reading(hyphens=False))

    def _matches(self, tree: wq.Query) -> bool:
        return self._uses.any({"bool": {"filter": [self.translation(tree).query(tree)]}})

    def translation(self, tree: wq.Query, names: Mapping[int, str] | None = None) -> Translation:
        """Return what translates a tree, its codes looked up; `names` are those of its nodes."""
        found = {leaf: self._uses.codes(leaf, self._vocabulary.lexicon.size) for leaf in set(_codes_in(tree))}
        codes: dict[Code, Codes] = {leaf: one for leaf, one in found.items() if one is not None}
        return Translation(self._scale, self._words, codes, names or {}, self._rarity)

    def _rarity(self, field: str, words: Sequence[str]) -> float:
        return self._uses.rarity(field, words, self._vocabulary.lexicon.size)

    def _words(self, leaf: wq.Prefix | wq.FuzzyTerm) -> list[str]:
        lexicon = self._vocabulary.lexicon
        if isinstance(leaf, wq.FuzzyTerm):
            numbers = sought(lexicon, leaf.text, leaf.maxdist).words
        else:
            numbers = lexicon.prefixed(leaf.text)
        return [lexicon.words[number] for number in numbers]


def _codes_in(tree: wq.Query) -> Iterator[Code]:
    """Yield the codes that a tree looks for, those that must not be there as well."""
    if isinstance(tree, wq.Not):
        yield from _codes_in(tree.query)
    elif isinstance(tree, wq.And | wq.Or | wq.DisjunctionMax):
        for one in tree.subqueries:
            yield from _codes_in(one)
    else:
        yield from (leaf for leaf in leaves(tree) if isinstance(leaf, Code))
