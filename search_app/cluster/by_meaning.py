"""What meaning does to an answer from a cluster: its order, how near each hit is, what is beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from indexer.document import Project, status_on
from indexer.text.meaning.models import F32
from search_app.backend.returned import Near, Ranked
from search_app.cluster.asking.reading import TextReader
from search_app.cluster.asking.translation import Query
from search_app.cluster.found import Read
from search_app.cluster.meaning import ClusterMeaning, Order
from search_app.cluster.walking import Body
from search_app.query.meaning.comparing import looks_beside, says_something
from search_app.query.parsing import Parsed
from search_app.request import SearchRequest
from search_app.words.vocabulary import Vocabulary


class ByMeaning:
    """Goes by the meaning of one generation; without one it does nothing."""

    def __init__(self, meaning: ClusterMeaning | None, vocabulary: Vocabulary, texts: TextReader) -> None:
        """Ask `meaning`; `texts` makes queries of what was read."""
        self._meaning, self._vocabulary, self._texts = meaning, vocabulary, texts

    def _vector(self, request: SearchRequest, parsed: Parsed) -> F32 | None:
        return self._meaning.asked(request, parsed) if self._meaning else None

    def order(self, request: SearchRequest, parsed: Parsed, body: Callable[[], Body]) -> Order | None:
        """Return the best hits of a body in order by meaning as well, None where only words count."""
        vector = self._vector(request, parsed) if request.order == "relevance" else None
        if self._meaning is None or vector is None:
            return None
        return self._meaning.order(body(), vector, scored=request.explain)

    def marked(
        self, page: tuple[Ranked, ...], projects: Sequence[Project], order: Order | None
    ) -> tuple[Ranked, ...]:
        """Return a page with how near each of its hits is, where that counts."""
        if self._meaning is None or order is None:
            return page
        near = self._meaning.near(order.vector, [project.id for project in projects])
        return tuple(one._replace(meaning=how_near) for one, how_near in zip(page, near, strict=True))

    def related(
        self, request: SearchRequest, read: Read, as_of: date, total: int, allowed: Sequence[Query]
    ) -> tuple[Near, ...]:
        """Return what is near in meaning and not found by words, where words find less than a page."""
        few = looks_beside(request, total, read.relaxed_to)
        vector = self._vector(request, read.parsed) if few else None
        if self._meaning is None or vector is None or not says_something(read.parsed, self._vocabulary):
            return ()
        words = self._texts.translation(read.tree).query(read.tree)
        return tuple(
            Near(project, status_on(as_of, project.start, project.end), near, sentence=sentence)
            for _, project, near, sentence in self._meaning.beside(vector, allowed, words)
        )
