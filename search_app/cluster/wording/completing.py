"""What completions take from a cluster: counts, the way words are written, names and titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.cluster.facts import Facts
from indexer.cluster.mappings import written
from indexer.document import Project
from indexer.storage.segment import I64
from indexer.text.analysis import fold
from search_app.backend.interface import MAX_TITLES_READ
from search_app.cluster.asking.ordering_keys import sort_keys
from search_app.cluster.asking.translation import Query, all_of, any_of
from search_app.cluster.found import Row
from search_app.cluster.wording.lexical import ClusterUses
from search_app.query.typed import completes
from search_app.words.lexicon import Lexicon

# What a title begins with is looked up by so many characters at most.
LONGEST_BEGINNING = 256
_DISPLAY = sort_keys("-start_date", ())


class ClusterSources:
    """The sources of completions in one index of a cluster."""

    def __init__(self, uses: ClusterUses, facts: Facts, lexicon: Lexicon) -> None:
        """Count by `uses`; names are in `facts`."""
        self._uses, self._facts, self._lexicon = uses, facts, lexicon

    def with_codes(self, key: str, limit: int) -> Iterator[Project]:
        """Yield projects with a code that begins with a key, by their ids."""
        yield from self._first({"prefix": {"code": key}}, limit, [{"id": {"order": "asc"}}])

    def uses(self, terms: Sequence[int], whole: Sequence[frozenset[int]]) -> list[int]:
        """Return how many projects have each of some terms and one of each set of `whole`."""
        return self._uses.counts([self._uses.term(term) for term in terms], self._with_all(whole))

    def form_uses(self, term: int, whole: Sequence[frozenset[int]]) -> list[int]:
        """Return how many projects have each form of a term and one of each set of `whole`."""
        forms = [{"term": {"impact": written(word)}} for word in self._lexicon.words_of(term)]
        return self._uses.counts(forms, self._with_all(whole))

    def first_with(self, term: int, form: int) -> Project:
        """Return the first project that has a form of a term."""
        word = self._lexicon.words_of(term)[form]
        found = self._first({"term": {"impact": written(word)}}, 1, _DISPLAY)
        return next(found, Project("", ""))

    def grantees(self) -> tuple[Sequence[str], I64]:
        """Return the names of all grantees, sorted, "" for none, and the number of projects of each."""
        return list(self._facts.texts("grantee_names")), self._facts.arrays["grantee_counts"].astype(np.int64)

    def titles(
        self, text: str, whole: Sequence[frozenset[int]], terms: Sequence[int], prefixes: tuple[str, ...]
    ) -> Iterator[tuple[Project, int]]:
        """Yield projects by their titles, each title once, and how many have that title."""
        beginning = fold(text).strip()[:LONGEST_BEGINNING]
        found = list(self._first({"prefix": {"title_order": beginning}}, MAX_TITLES_READ, _DISPLAY))
        parts = [self._titled(one) for one in whole]
        parts += [self._titled(terms)] if prefixes else []
        found += self._first(all_of(parts), MAX_TITLES_READ, _DISPLAY)
        titles = {fold(one.title): one for one in reversed(found) if completes(one.title, prefixes)}
        order = [title for title in dict.fromkeys(fold(one.title) for one in found) if title in titles]
        counts = self._uses.counts(
            [{"term": {"title_order": title[:2_000]}} for title in order], {"match_all": {}}
        )
        yield from ((titles[title], count) for title, count in zip(order, counts, strict=True))

    def _titled(self, terms: Sequence[int] | frozenset[int]) -> Query:
        return any_of({"term": {"title_impact": self._lexicon.terms[term]}} for term in sorted(terms))

    def _with_all(self, whole: Sequence[frozenset[int]]) -> Query:
        return all_of([any_of(self._uses.term(term) for term in sorted(terms)) for terms in whole])

    def _first(self, query: Query, size: int, sort: Sequence[Query]) -> Iterator[Project]:
        body = {"query": all_of([query]), "size": size, "sort": list(sort), "track_total_hits": False}
        yield from (Row(hit).project for hit in self._uses.ask(body)["hits"]["hits"])
