"""The words that tell a grantee apart, and the grantees that have the same, counted in a cluster.

Its terms are those of its projects, some hundred of which are read; where it has more, the heaviest of these
are counted in all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from indexer.cluster.facts import Facts
from indexer.document import Project
from indexer.storage.segment import I64
from indexer.text.analysis import separate
from search_app.cluster.asking.translation import Query, all_of
from search_app.cluster.found import Row
from search_app.cluster.wording.lexical import ClusterUses
from search_app.cluster.wording.weighing import Weights
from search_app.scoring.telling_grantees import Counted, Telling, TellingWords, telling_of
from search_app.words.lexicon import Lexicon

# Projects of a grantee that are read, and the terms of them that are counted where it has more.
READ, MOST_TERMS = 300, 1_000
# Grantees that are counted for each word: a cluster answers with so many counts at most.
MOST_GRANTEES = 2_000


class GranteeWords(TellingWords):
    """Compares the grantees of one index; `weights` gives the stems of a project that is read."""

    def __init__(
        self,
        uses: ClusterUses,
        facts: Facts,
        lexicon: Lexicon,
        weights: Callable[[Row, Project], Weights],
        fields: Query,
    ) -> None:
        """Count by `uses`; `fields` is what has to come with each hit for `weights`."""
        super().__init__(facts.texts("grantee_names"))
        self._facts, self._uses, self._lexicon = facts, uses, lexicon
        self._weights, self._fields = weights, fields

    def _counted_sizes(self) -> I64:
        found: I64 = self._facts.arrays["grantee_counts"].astype(np.int64)
        return found

    def _having(self, telling: Telling) -> I64:
        having = np.zeros((len(telling.terms), len(self._sizes)), np.int64)
        names = {"terms": {"field": "grantee_name", "size": min(len(self._sizes), MOST_GRANTEES)}}
        filters = {str(row): self._uses.term(term) for row, term in enumerate(telling.terms.tolist())}
        if not filters:
            return having
        found = self._uses.ask({"aggs": {"of": {"filters": {"filters": filters}, "aggs": {"by": names}}}})
        for row, one in found["aggregations"]["of"]["buckets"].items():
            for bucket in one["by"]["buckets"]:
                having[int(row), self._names.find(bucket["key"])] = bucket["doc_count"]
        return having

    def _telling(self, grantee: int, limit: int) -> Telling:
        own, size = int(self._sizes[grantee]), self._lexicon.size
        theirs = {"term": {"grantee_name": self._names[grantee]}}
        body = {"query": all_of([theirs]), "size": READ, "sort": [{"id": "asc"}], **self._fields}
        rows = [Row(hit) for hit in self._uses.ask(body)["hits"]["hits"]]
        counts = Counter(stem for row in rows for stem in self._weights(row, row.project))
        found = self._counted(counts, len(rows), size)
        name = set(self._name_terms(self._names[grantee]))
        if own > len(rows):
            likely = telling_of(found, name, self._written, MOST_TERMS).terms
            exact = self._uses.counts([self._uses.term(term) for term in likely.tolist()], theirs)
            found = Counted(likely, np.array(exact, np.int64), self._frequencies(likely), own, size)
        return telling_of(found, name, self._written, limit)

    def _name_terms(self, name: str) -> Iterator[int]:
        numbers = (self._lexicon.word_of(word.text) for word in separate(name))
        return (int(self._lexicon.word_terms[number]) for number in numbers if number >= 0)

    def _counted(self, counts: Counter[str], own: int, size: int) -> Counted:
        numbered = ((self._lexicon.term_of(stem), count) for stem, count in counts.items())
        known = sorted((term, count) for term, count in numbered if term >= 0)
        terms, numbers = np.array(known, np.int64).reshape(-1, 2).T
        return Counted(terms, numbers, self._frequencies(terms), own, size)

    def _frequencies(self, terms: I64) -> I64:
        return np.array([self._lexicon.frequency(term) for term in terms.tolist()], np.int64)

    def _written(self, term: int) -> str:
        words = self._lexicon.forms(term)
        return self._lexicon.words[max(words, key=lambda word: int(self._lexicon.word_documents[word]))]
