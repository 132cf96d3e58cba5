"""The words that tell a grantee apart, and the grantees that have the same, counted in a cluster.

Its terms are those of its projects, some hundred of which are read; where it has more, the heaviest of these
are counted in all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.facts import Facts
from indexer.document import Project
from indexer.storage.segment import I64
from indexer.text.analysis import separate
from search_app.backend import GranteeWord, NearGrantee
from search_app.cluster.asking.translation import Query, all_of
from search_app.cluster.found import Row
from search_app.cluster.wording.lexical import ClusterUses
from search_app.cluster.wording.weighing import Weights
from search_app.scoring.telling_grantees import MAX_WORDS, SHOWN_WORDS, Counted, Telling, nearest, telling_of
from search_app.words.lexicon import Lexicon

# Projects of a grantee that are read, and the terms of them that are counted where it has more.
READ, MOST_TERMS = 300, 1_000
# Grantees that are counted for each word: a cluster answers with so many counts at most.
MOST_GRANTEES = 2_000


class GranteeWords:
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
        self._uses, self._lexicon, self._weights, self._fields = uses, lexicon, weights, fields
        self._names = facts.texts("grantee_names")
        self._sizes: I64 = facts.arrays["grantee_counts"].astype(np.int64)

    def telling(self, name: str) -> tuple[GranteeWord, ...]:
        """Return the words that tell a grantee apart, the heaviest first; nothing for an unknown name."""
        grantee = self._names.find(name)
        if grantee < 0:
            return ()
        found = self._telling(grantee, SHOWN_WORDS)
        return tuple(
            GranteeWord(self._written(term), count)
            for term, count in zip(found.terms.tolist(), found.counts.tolist(), strict=True)
        )

    def near(self, name: str, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words; nothing for an unknown name."""
        grantee, names, sizes = self._names.find(name), self._names, self._sizes
        if grantee < 0:
            return ()
        telling = self._telling(grantee, MAX_WORDS)
        left_out = (grantee, *([0] if not names[0] else []))
        return tuple(
            NearGrantee(names[one.grantee], int(sizes[one.grantee]), tuple(map(self._written, one.terms)))
            for one in nearest(telling, self._having(telling), sizes, left_out, limit)
        )

    def _having(self, telling: Telling) -> NDArray[np.int64]:
        """Return how many projects of each grantee have each term, int64 [n, G]."""
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
        """Return the word of a term that most projects have."""
        words = self._lexicon.forms(term)
        return self._lexicon.words[max(words, key=lambda word: int(self._lexicon.word_documents[word]))]
