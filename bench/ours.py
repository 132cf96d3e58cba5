"""Our own engine, measured like its peers: the same write and read path that `reindex` and the server use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.engines import GRANTEES, HITS, OURS, Page, Search
from bench.queries import Query
from indexer.build import BuildOptions, reindex
from indexer.corpus.files.settings_names import FIELDS_FILE
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from search_app.results import SearchResults

# The facets that every engine counts.
EQUAL = ("start_year", "grantee")
# Own fields that every corpus has, by the countries that its texts name: no peer has any.
NO_OWN_FIELDS = "".join(
    f'[fields.{name}]\ntype = "none"\n' for name in ("countries_mentioned", "world_region")
)


class Ours:
    """Our engine, with the cache of answers off."""

    name = OURS
    version = "now"

    def __init__(self, jobs: int = 1, equal: bool = False) -> None:
        """Build with `jobs` processes; count only what every engine does if the work is to be `equal`."""
        self.jobs, self.equal = jobs, equal

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder."""
        with self._sources(corpus) as sources:
            reindex(sources, folder, BuildOptions(full=True, jobs=self.jobs))

    @contextmanager
    def _sources(self, corpus: Path) -> Iterator[Path]:
        """Give the corpus folder, for equal work one with the same files and no own fields."""
        if not self.equal:
            yield corpus
            return
        with TemporaryDirectory(dir=corpus.parent) as name:
            for path in corpus.iterdir():
                os.link(path, Path(name) / path.name)
            (Path(name) / FIELDS_FILE).write_text(NO_OWN_FIELDS)
            yield Path(name)

    def update(self, corpus: Path, folder: Path) -> None:
        """Take over what changed in the corpus folder since `build`."""
        reindex(corpus, folder, BuildOptions(jobs=self.jobs))

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open the current generation for searching."""
        engine = self._engine = SearchEngine.open(folder, answers=0)
        asked = partial(replace, facets=EQUAL, listed=GRANTEES) if self.equal else replace
        yield lambda query: page_of(engine.search(asked(request(query))))

    def warm(self) -> None:
        """Do what a worker of the server does before it answers, once it is open."""
        self._engine.warm()


def request(query: Query) -> SearchRequest:
    """Return a query as a request for a page of the size that is measured."""
    words = " ".join(query.words)
    text = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.way, words)
    return SearchRequest(q=text, op="or" if query.way == "any" else "and", per_page=HITS)


def page_of(results: SearchResults) -> Page:
    """Return what a search of ours found as a page."""
    counts = {facet.name: facet.buckets for facet in results.facets}
    return Page(
        results.total,
        [(hit.project.id, hit.project, hit.title, hit.description) for hit in results.hits],
        {bucket.first.year: bucket.count for bucket in counts["start_year"] if bucket.first},
        {bucket.value: bucket.count for bucket in counts["grantee"]},
    )
