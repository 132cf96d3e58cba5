"""ExportSpec: a form in which a search is taken along, as one entry; address and links follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from indexer.storage.own_fields import OwnField
from search_app.request import SearchRequest, Sort
from search_app.results import Hit, IndexInfo


@dataclass(frozen=True, slots=True)
class ExportedSearch:
    """What a writer is given: the search with its hits in order, and the addresses that a file names.

    `site` is the address of the service with its host, without a slash at its end; `url` is that of the
    export itself, `page` that of the results page. The hits are read one by one, while they are written;
    `fields` are the own fields of the index that they come from.
    """

    request: SearchRequest
    hits: Iterator[Hit]
    index: IndexInfo
    site_name: str
    site: str
    url: str
    page: str
    fields: tuple[OwnField, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """A form of a search: what it is called, where it is, what it is made of, and how it is written.

    `name` is its link in answers; `without` names the parameters that it has no use for. `write` yields the
    file in pieces, each made when it is sent. With `most` there are so many hits at most, in `order`; without
    it, all of them, and a worker sends few such files at once. `filename` makes a browser save it. What is
    `packed` is compressed already.
    """

    name: str
    label: str
    path: str
    media_type: str
    write: Callable[[ExportedSearch], Iterable[bytes]]
    without: tuple[str, ...]
    filename: str | None = None
    order: Sort | None = None
    most: int | None = None
    packed: bool = False
