"""The corpus: a folder of files in several formats, read lazily into projects and rejections.

One module for each format (`listing`, `page`, `table`, `jsonl`), each with a function
`read(stream, reading)`; `sources` finds and opens the files, `fields` says which column is which field,
`record` what makes a record one that can be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.corpus import jsonl, listing, table
from indexer.corpus.opening import READ_ERRORS, why_unreadable
from indexer.corpus.reading import LIMITS, Limits, Reading, silent
from indexer.corpus.sources import Source, corpus_fingerprint, open_source, source_files, walk
from indexer.document import Project, Rejection

__all__ = ["LIMITS", "Limits", "Source", "corpus_fingerprint", "read", "source_files"]

# A file with more bad records than this is no corpus file; they must not fill the memory.
MOST_REJECTED = 100_000

Reader = Callable[[BinaryIO, Reading], Iterator[Project | Rejection]]


def _read_page(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    # BeautifulSoup takes longer to load than a whole run in which nothing changed.
    from indexer.corpus import page

    return page.read(stream, reading)


READERS: dict[str, Reader] = {
    "listing": listing.read,
    "page": _read_page,
    "table": table.read,
    "jsonl": jsonl.read,
}


def read(
    corpus_dir: Path, limits: Limits = LIMITS, warn: Callable[[str], None] = silent
) -> Iterator[Project | Rejection]:
    """Yield every project and rejection of a corpus, file by file in sorted order.

    `warn` is called with each doubt about a record that was taken. Raises CorpusError, at once, if the
    folder cannot be read.
    """
    return _read(walk(corpus_dir, limits), limits, warn)


def _read(
    found: list[Source | Rejection], limits: Limits, warn: Callable[[str], None]
) -> Iterator[Project | Rejection]:
    for source in found:
        if isinstance(source, Rejection):
            yield source
        else:
            yield from _records(source, Reading(source.path, limits, warn))


def _records(source: Source, reading: Reading) -> Iterator[Project | Rejection]:
    found = rejected = 0
    try:
        with open_source(source, reading.limits) as stream:
            for record in READERS[source.kind](stream, reading):
                found += 1
                yield record
                rejected += isinstance(record, Rejection)
                if rejected == MOST_REJECTED:
                    reason = f"{rejected:,} records of this file are rejected; the rest was not read"
                    yield Rejection(source.path, 0, reason, "")
                    return
    except READ_ERRORS as error:
        yield Rejection(source.path, 0, why_unreadable(error), "")
    else:
        if not found:
            yield Rejection(source.path, 0, "no project in this file", "")
