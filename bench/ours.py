"""Our own engine, measured like its peers: the same write and read path that `reindex` and the server use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.engines import HITS, OURS, Page, Search
from bench.queries import Query
from indexer.build import BuildOptions, reindex
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from search_app.results import SearchResults


class Ours:
    """Our engine, with the cache of answers off."""

    name = OURS
    version = "now"

    def __init__(self, jobs: int = 1) -> None:
        """Build with `jobs` processes."""
        self.jobs = jobs

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder."""
        reindex(corpus, folder, BuildOptions(full=True, jobs=self.jobs))

    def update(self, corpus: Path, folder: Path) -> None:
        """Take over what changed in the corpus folder since `build`."""
        reindex(corpus, folder, BuildOptions(jobs=self.jobs))

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open the current generation for searching."""
        engine = SearchEngine.open(folder, answers=0)
        yield lambda query: _page(engine.search(request(query)))


def request(query: Query) -> SearchRequest:
    """Return a query as a request for a page of the size that is measured."""
    words = " ".join(query.words)
    text = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.way, words)
    return SearchRequest(q=text, op="or" if query.way == "any" else "and", per_page=HITS)


def _page(results: SearchResults) -> Page:
    counts = {facet.name: facet.buckets for facet in results.facets}
    return Page(
        results.total,
        [(hit.project.id, hit.project, hit.title, hit.description) for hit in results.hits],
        {bucket.first.year: bucket.count for bucket in counts["start_year"] if bucket.first},
        {bucket.value: bucket.count for bucket in counts["grantee"]},
    )
