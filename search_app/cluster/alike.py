"""Projects near to one over a cluster: by the words that they share, and by meaning as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from indexer.document import Project, status_on
from search_app.backend.returned import Near
from search_app.cluster.asking.ordering_keys import sort_keys
from search_app.cluster.found import Row
from search_app.cluster.meaning import ClusterMeaning
from search_app.cluster.walking import Walker, only
from search_app.cluster.wording import nearest
from search_app.cluster.wording.weighing import Weights
from search_app.query.meaning.likeness import CANDIDATES, LEAST_ALIKE, together
from search_app.words.vocabulary import Vocabulary

Words = Mapping[str, tuple[float, str]]


class Alike:
    """Compares the projects of one index; `weights` gives the stems of a project that is read."""

    def __init__(
        self,
        walker: Walker,
        vocabulary: Vocabulary,
        scale: float,
        weights: Callable[[Row, Project], Weights],
        stored: Mapping[str, Any],
    ) -> None:
        """Search by `walker`; `stored` is what has to come with each hit for `weights`."""
        self._walker, self._vocabulary, self._scale = walker, vocabulary, scale
        self._weights, self._stored = weights, stored

    def near(self, here: Row, limit: int, as_of: date, meaning: ClusterMeaning | None) -> Iterator[Near]:
        """Yield the projects nearest to one, nearest first."""
        words = nearest.telling_words(here.project, self._weights(here, here.project), self._vocabulary)
        rows = self._by_words(words, here, limit if meaning is None else CANDIDATES)
        if meaning is not None:
            rows = self._with_meaning(words, here, rows, meaning)[:limit]
        for row, score in rows:
            other = row.project
            common = nearest.shared(words, self._weights(row, other), self._vocabulary)
            yield Near(other, status_on(as_of, other.start, other.end), score, tuple(common))

    def _by_words(self, words: Words, here: Row, limit: int) -> list[tuple[Row, float]]:
        query = nearest.query_of(words, self._scale, only([here.project.id]))
        body = {"query": query, "size": limit, "sort": sort_keys("relevance", ()), **self._stored}
        return self._scored(words, body) if words else []

    def _scored(self, words: Words, body: Mapping[str, Any]) -> list[tuple[Row, float]]:
        whole = sum(weight * weight for weight, _ in words.values()) or 1.0
        rows = map(Row, self._walker.ask(body)["hits"]["hits"])
        return [(row, row.score / whole) for row in rows]

    def _with_meaning(
        self, words: Words, here: Row, near: list[tuple[Row, float]], meaning: ClusterMeaning
    ) -> list[tuple[Row, float]]:
        """Return those near by words and those near by meaning, with how near they are by both."""
        own = meaning.row(here.project.id)
        vector = meaning.vector(own)
        others = np.ones(len(meaning), np.bool_)
        others[own] = False
        places, how_near = meaning.nearness.nearest(vector, others, CANDIDATES)
        known = {meaning.row(row.project.id): (row, score) for row, score in near}
        ids = [meaning.id(place) for place in places[how_near >= LEAST_ALIKE].tolist() if place not in known]
        if ids:
            among = nearest.weighing_query(words, self._scale, only(ids))
            body = {"query": among, "size": len(ids), "track_scores": True, **self._stored}
            known |= {meaning.row(row.project.id): (row, score) for row, score in self._scored(words, body)}
        rows = np.array(sorted(known), np.int64)
        by_words = np.array([known[row][1] for row in rows.tolist()])
        scores = together(by_words, meaning.nearness.of(vector, rows))
        order = np.lexsort((rows, -scores))
        return [(known[int(rows[one])][0], float(scores[one])) for one in order.tolist() if scores[one] > 0]
