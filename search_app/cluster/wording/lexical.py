"""What a cluster knows of words: its lexicon, which each server keeps, and what needs its postings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from indexer.cluster.client import Cluster, Json, whole
from indexer.cluster.facts import Facts
from indexer.cluster.mappings import written
from indexer.storage.arrays.sums import begins
from indexer.storage.impacts import idf
from indexer.storage.own_fields import from_bytes
from indexer.storage.schema import ANY_FIELD
from indexer.storage.segment import I64
from search_app.cluster.asking.translation import Codes, Query, all_of, any_of, impact_field, phrase_of
from search_app.query.written import Code, CodeBeginning
from search_app.scoring.weights import CODE_WEIGHT, MAX_CODES, SHORTEST_BEGINNING
from search_app.words.lexicon import Lexicon, Said, WordTables

# Keys of codes whose uses are cached: those of the words with digits that people type; sets of words that a
# beginning or a word with typos stands for.
CACHED_KEYS, CACHED_SETS = 4_096, 256


def lexicon_of(facts: Facts, size: int) -> Lexicon:
    """Return the lexicon of a generation of `size` projects."""
    arrays = facts.arrays
    tables = WordTables(
        facts.texts("words"),
        arrays["word_terms"],
        arrays["word_documents"],
        facts.texts("terms"),
        begins(arrays["term_documents"]),
        arrays["term_words"],
        arrays["term_words_start"],
    )
    said = Said(
        list(facts.texts("word_rules")),
        facts.texts("acronyms"),
        lambda: arrays["acronym_counts"],
        from_bytes(arrays["own_fields"].tobytes()),
    )
    return Lexicon(size, tables, said)


class ClusterUses:
    """The uses of words in one index of a cluster; each question is one request for counts."""

    def __init__(self, cluster: Cluster, index: str, text_of: Callable[[int], str]) -> None:
        """Ask `index`; `text_of` gives the stem of a term."""
        self._cluster, self._index, self._text = cluster, index, text_of
        self._has_code = lru_cache(CACHED_KEYS)(lambda key: self.any({"term": {"code": key}}))
        self._rarity = lru_cache(CACHED_SETS)(self._compared)
        self._begins_code = lru_cache(CACHED_KEYS)(lambda key: self.any({"prefix": {"code": key}}))

    def ask(self, body: Json) -> Json:
        """Return the answer to a search, without hits where no `size` is given.

        Raise ClusterGoneError unless every shard has answered: some answers are kept for good.
        """
        parameters, asked = {"allow_partial_search_results": "false"}, {"size": 0, **body}
        return whole(self._cluster.ask("POST", f"{self._index}/_search", asked, parameters=parameters))

    def count(self, query: Query) -> int:
        """Return how many projects match a query."""
        return int(self.ask({"query": query, "track_total_hits": True})["hits"]["total"]["value"])

    def counts(self, queries: Sequence[Query], over: Query) -> list[int]:
        """Return how many of the projects that match `over` match each of some queries, in one request."""
        if not queries:
            return []
        filters = {str(number): query for number, query in enumerate(queries)}
        body = {"query": all_of([over]), "aggs": {"of": {"filters": {"filters": filters}}}}
        buckets = self.ask(body)["aggregations"]["of"]["buckets"]
        return [int(buckets[str(number)]["doc_count"]) for number in range(len(queries))]

    def any(self, query: Query) -> bool:
        """Tell whether any project matches a query."""
        body = {"query": all_of([query]), "track_total_hits": 1, "terminate_after": 1}
        return int(self.ask(body)["hits"]["total"]["value"]) > 0

    def in_a_row(self, terms: Sequence[int]) -> int:
        """Return in how many documents terms follow each other."""
        return self.count(phrase_of([(self._text(term),) for term in terms], ANY_FIELD))

    def is_apart(self, joined: int, first: int, second: int) -> bool:
        """Tell whether some document has the term `joined` but not both of two others."""
        both = all_of([self.term(first), self.term(second)])
        return self.any({"bool": {"filter": [self.term(joined)], "must_not": [both]}})

    def together(self, terms: Sequence[int], others: Sequence[int]) -> I64:
        """Return how many documents have each of some terms with all `others`, int64 [terms]."""
        over = all_of([self.term(other) for other in others])
        return np.array(self.counts([self.term(term) for term in terms], over), np.int64)

    def term(self, term: int) -> Query:
        """Return the filter of a term (number)."""
        return {"term": {"impact": self._text(term)}} if term >= 0 else {"match_none": {}}

    def rarity(self, field: str, words: Sequence[str], size: int) -> float:
        """Return what the idf of a term of all projects is multiplied by to be that of several words as one.

        `size` are all projects.
        """
        return self._rarity(field, tuple(words), size) if len(words) > 1 else 1.0

    def _compared(self, field: str, words: tuple[str, ...], size: int) -> float:
        each: list[Query] = [{"term": {impact_field(field): written(word)}} for word in words]
        return float(idf(size, self.count(any_of(each))) / idf(size, size))

    def has_code(self, key: str) -> bool:
        """Tell whether a code of some project is found by just this key."""
        return self._has_code(key)

    def begins_code(self, key: str) -> bool:
        """Tell whether some code is found by a key, or begins with it."""
        return self._begins_code(key)

    def codes(self, sought: Code, size: int) -> Codes | None:
        """Return what is found of the codes among `size` projects, None for nothing or too much."""
        key, begun = sought.text, isinstance(sought, CodeBeginning)
        exact = not begun and self.has_code(key)
        if not exact and not begun and len(key) < SHORTEST_BEGINNING:
            return None
        found = self.count({"term" if exact else "prefix": {"code": key}})
        if not found or (not exact and not begun and found > MAX_CODES):
            return None
        return Codes(exact, float(CODE_WEIGHT * idf(size, found)))
