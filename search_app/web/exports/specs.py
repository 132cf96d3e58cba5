"""ExportSpec: a form in which a search is taken along, as one entry; address and links follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from indexer.storage.own_fields import OwnField
from search_app.request import SearchRequest, Sort
from search_app.results import Hit, IndexInfo

# What a writer yields: bytes to send; no bytes, to let other requests have a turn; or a call that is to be
# made without holding the turn.
Piece: TypeAlias = bytes | Callable[[], object]


@dataclass(frozen=True, slots=True)
class ExportedSearch:
    """What a writer is given: the search with its hits in order, and the addresses that a file names.

    `site` is the address of the service with its host, without a slash at its end; `url` is that of the
    export itself, `page` that of the results page. The hits are read one by one, while they are written;
    `fields` are those that the index has beside the ones that every index has, `as_of` the day of a status,
    `since` when the history of the index begins, or when it was built where it has none.
    """

    request: SearchRequest
    hits: Iterator[Hit]
    fields: tuple[OwnField, ...]
    as_of: date
    index: IndexInfo
    since: datetime
    site_name: str
    site: str
    url: str
    page: str


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """A form of a search: what it is called, where it is, what it is made of, and how it is written.

    `name` is its link in answers; `without` names the parameters that it has no use for. `write` yields the
    file in pieces, each made when it is sent. With `most` there are so many hits at most, in `order`; without
    it, all of them, and a worker sends few such files at once; `at_once` is how many of this form, where each
    needs much. `filename` makes a browser save it. What is `packed` is compressed already.
    """

    name: str
    label: str
    path: str
    media_type: str
    write: Callable[[ExportedSearch], Iterable[Piece]]
    without: tuple[str, ...]
    filename: str | None = None
    order: Sort | None = None
    most: int | None = None
    packed: bool = False
    at_once: int | None = None
