"""An index folder as a `whoosh.index.Index`, to be read by whatever reads Whoosh.

    from whoosh.qparser import QueryParser
    from indexer.storage.whoosh.index import open_index

    with open_index("index").searcher() as searcher:
        for hit in searcher.search(QueryParser("description", searcher.schema).parse("child labor")):
            print(hit["title"], hit.highlights("description"))

The fields are those of `storage.schema`: `title`, `description`, `grantee`, the searched texts of own fields
as `fields`, and all four as `text`; `id` and `grantee_name` whole; `start` and `end` as
times, for ranges (`start:[2019 TO 2021]`) and for sorting.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from whoosh.index import Index
from whoosh.reading import SegmentReader

from indexer.storage import generation
from indexer.storage.folder.manifest import read_manifest
from indexer.storage.segment import Segment
from indexer.storage.whoosh.codec import FlatCodec, refuse


class FlatIndex(Index):
    """One generation of an index folder, read-only; newer ones that are published do not disturb it."""

    def __init__(self, folder: Path) -> None:
        """Open the generation in `folder`; raise as `read_manifest` and `open_segment` do."""
        self._folder, self._manifest = folder, read_manifest(folder)
        segment: Segment = generation.open_segment(folder)
        self._codec = FlatCodec(segment)
        self.schema = self._codec.schema

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._folder})"

    def reader(self, reuse: Any = None) -> SegmentReader:  # noqa: ARG002
        """Return a reader; it needs no closing."""
        return self._codec.reader()

    def is_empty(self) -> bool:
        """Tell whether the index has no project."""
        return self.doc_count_all() == 0

    def last_modified(self) -> int:
        """Return when the generation was built, in seconds since 1970."""
        return int(datetime.fromisoformat(self._manifest.built_at).timestamp())

    def up_to_date(self) -> bool:
        """Tell whether no newer generation has been published."""
        return generation.current_name(self._folder.parent) == self._folder.name

    def refresh(self) -> FlatIndex:
        """Return the index of the current generation: this one, if it is that."""
        return self if self.up_to_date() else open_index(self._folder.parent)

    # Whatever writes asks for a writer first; `optimize` of Whoosh would do nothing and say nothing.
    writer = optimize = refuse


def open_index(path: Path | str) -> FlatIndex:
    """Open the current generation of an index folder for Whoosh.

    Raise NoIndexError, DamagedIndexError or IndexFormatError, which say what to do.
    """
    return FlatIndex(generation.current(Path(path)))
