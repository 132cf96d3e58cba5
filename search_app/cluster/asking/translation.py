"""Query trees as OpenSearch queries: pure functions, held by golden tests.

Every text of a person arrives here as a stem, a folded word or a key of codes, and leaves as a value: of a
term, or of a phrase that is cut at spaces alone. No query language is involved on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from whoosh import query as wq

from indexer.cluster.mappings import BESIDE, EVERYWHERE, GAP, OWN_WORDS, written
from indexer.storage.schema import ANY_FIELD, K1, TEXT_FIELDS
from search_app.query.written import (
    AnyPhrase,
    Code,
    CodeBeginning,
    Synonym,
    SynonymPhrase,
    Written,
    WrittenPhrase,
    places,
)

Query: TypeAlias = dict[str, Any]

NOTHING: Query = {"match_none": {}}
EVERYTHING: Query = {"match_all": {"boost": 0.0}}


@dataclass(frozen=True, slots=True)
class Codes:
    """What a key of codes finds: the exact key or all that begin with it, and what a match is worth."""

    exact: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Translation:
    """What a translation needs to know beside the tree.

    `scale` is what a frequency of 1 is written as; `words` gives the words of a prefix or of a word with
    typos, `rarity` what the idf of a term that all have is multiplied by to be theirs together; `codes` what
    each code finds; `names` what nodes are called, by `id()`, so that an answer tells which a hit has.
    """

    scale: float
    words: Callable[[wq.Prefix | wq.FuzzyTerm], Sequence[str]]
    codes: Mapping[Code, Codes] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    rarity: Callable[[str, Sequence[str]], float] = lambda _field, _words: 1.0

    def query(self, tree: wq.Query) -> Query:
        """Return the query of a tree."""
        found = _NODES[type(tree)](self, tree)
        if (name := self.names.get(id(tree))) is not None and found != NOTHING:
            return {"bool": {"must": [found], "_name": name}}
        return found

    def scored(self, boost: float) -> float:
        """Return the boost at which BM25 there gives our impact: Lucene's is k1 + 1 times as much."""
        return boost / (K1 * self.scale + 1)

    def _term(self, tree: wq.Term) -> Query:
        return self._one(tree, tree.text)

    def _written(self, tree: Written) -> Query:
        return self._one(tree, written(tree.text))

    def _one(self, tree: wq.Term, text: str) -> Query:
        return {"term": {impact_field(tree.fieldname): {"value": text, "boost": self.scored(boost(tree))}}}

    def _any_word(self, tree: wq.Prefix | wq.FuzzyTerm) -> Query:
        words = self.words(tree)
        if not words:
            return NOTHING
        name, together = impact_field(tree.fieldname), BESIDE.join(written(word) for word in words)
        weight = self.scored(boost(tree)) * self.rarity(tree.fieldname, words)
        if len(words) == 1:
            return {"match": {name: {"query": together, "boost": weight}}}
        # Words at one position are one term to Lucene, whose frequencies add up. It takes the idf of the most
        # frequent one in a shard, and they differ: what every project has, once, is that one in all of them.
        with_all = {"query": BESIDE.join((EVERYWHERE, together)), "boost": weight}
        return {"bool": {"must": [{"match": {name: with_all}}], "filter": [{"match": {name: together}}]}}

    def _code(self, tree: Code) -> Query:
        found = self.codes.get(tree)
        if found is None:
            return NOTHING
        kind = "term" if found.exact else "prefix"
        return _constant({kind: {"code": {"value": tree.text}}}, found.weight * boost(tree))

    def _phrase(self, tree: wq.Phrase) -> Query:
        return phrase(tree, boost(tree)) if all(places(tree)) else NOTHING

    def _and(self, tree: wq.And) -> Query:
        wanted = [self.query(one) for one in tree.subqueries if not isinstance(one, wq.Not)]
        unwanted = [self.query(one.query) for one in tree.subqueries if isinstance(one, wq.Not)]
        found: Query = {"must": wanted or [EVERYTHING]}
        return {"bool": {**found, "must_not": unwanted} if unwanted else found}

    def _or(self, tree: wq.Or) -> Query:
        return {"bool": {"should": list(map(self.query, tree.subqueries)), "minimum_should_match": 1}}

    def _best(self, tree: wq.DisjunctionMax) -> Query:
        return {"dis_max": {"queries": list(map(self.query, tree.subqueries)), "boost": boost(tree)}}

    def _not(self, tree: wq.Not) -> Query:
        return {"bool": {"must": [EVERYTHING], "must_not": [self.query(tree.query)]}}

    def _every(self, _tree: wq.Query) -> Query:
        return EVERYTHING

    def _nothing(self, _tree: wq.Query) -> Query:
        return NOTHING


def boost(tree: wq.Query) -> float:
    """Return what the scores of a node are multiplied by."""
    return float(getattr(tree, "boost", 1.0))


def impact_field(name: str) -> str:
    """Return the field that scores a term, in all fields or in one."""
    return "impact" if name == ANY_FIELD else f"{text_fields(name)[0]}_impact"


def text_fields(name: str) -> Sequence[str]:
    """Return the fields with positions behind the name of one; what is no text field is an own one."""
    if name == ANY_FIELD:
        return TEXT_FIELDS
    return (name if name in TEXT_FIELDS else f"{OWN_WORDS}{name}",)


def phrase(tree: wq.Phrase, weight: float = 1.0) -> Query:
    """Return the query of words that follow each other, the best of its fields."""
    return phrase_of(slots_of(tree), tree.fieldname, weight)


def phrase_of(slots: Sequence[Sequence[str]], field_name: str, weight: float = 1.0) -> Query:
    """Return the query for texts that follow each other, any of some at each position, none for any."""
    text = " ".join(BESIDE.join(one) or GAP for one in slots)
    # Lucene's is k1 + 1 times as much, and a title's k1 is half that of a text.
    parts = [
        {"match_phrase": {one: {"query": text, "boost": weight / (1 + K1 / (2 if one == "title" else 1))}}}
        for one in text_fields(field_name)
    ]
    return parts[0] if len(parts) == 1 else {"dis_max": {"queries": parts}}


def slots_of(tree: wq.Phrase) -> list[tuple[str, ...]]:
    """Return what may stand at each position of a phrase, () where anything may."""
    if not isinstance(tree, WrittenPhrase):
        return places(tree)
    slots: list[tuple[str, ...]] = [()] * (max(tree.offsets, default=-1) + 1)
    for offset, word in zip(tree.offsets, tree.words, strict=True):
        slots[offset] = (written(word),)
    return slots


def _constant(query: Query, weight: float) -> Query:
    return {"constant_score": {"filter": query, "boost": weight}}


def any_of(queries: Iterable[Query]) -> Query:
    """Return the filter that any of some pass."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def all_of(queries: Iterable[Query]) -> Query:
    """Return the filter that passes all of some."""
    return {"bool": {"filter": list(queries)}}


def none_of(query: Query) -> Query:
    """Return the filter that passes what another one does not."""
    return {"bool": {"must_not": [query]}}


_NODES: dict[type[wq.Query], Callable[[Translation, Any], Query]] = {
    wq.Every: Translation._every,
    wq.Term: Translation._term,
    wq.Phrase: Translation._phrase,
    Synonym: Translation._term,
    SynonymPhrase: Translation._phrase,
    Code: Translation._code,
    CodeBeginning: Translation._code,
    Written: Translation._written,
    WrittenPhrase: Translation._phrase,
    AnyPhrase: Translation._phrase,
    wq.Prefix: Translation._any_word,
    wq.FuzzyTerm: Translation._any_word,
    wq.And: Translation._and,
    wq.Or: Translation._or,
    wq.DisjunctionMax: Translation._best,
    wq.Not: Translation._not,
    type(wq.NullQuery): Translation._nothing,
}
