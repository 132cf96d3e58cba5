"""A page of changes with its addresses, the same for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from search_app.backend.page_of_changes import Changes, Event
from search_app.request import CHANGES_PER_PAGE, ChangesRequest
from search_app.web.page_links import PageLinks, turns
from search_app.web.urls import CHANGES, CHANGES_API, address_of, project_url


class LinkedEvent(NamedTuple):
    """An event with the address of its project, None for one that is not there any more."""

    event: Event
    url: str | None


@dataclass(frozen=True, slots=True)
class LinkedChanges:
    """A page of changes and all its links."""

    changes: Changes
    events: list[LinkedEvent]
    links: PageLinks


def linked_changes(changes: Changes, path: str) -> LinkedChanges:
    """Link a page of changes at an address."""
    asked = changes.request
    at = partial(changes_url, asked, path)
    links = PageLinks(
        at(asked.page),
        *turns(asked.page, changes.pages, at),
        html=changes_url(asked, CHANGES, asked.page),
        json=changes_url(asked, CHANGES_API, asked.page),
    )
    return LinkedChanges(changes, [LinkedEvent(one, _url(one)) for one in changes.events], links)


def changes_url(asked: ChangesRequest, path: str, page: int) -> str:
    """Return the address of a page of changes: parameters in one order, without those at their default."""
    given = {
        "from": [str(asked.first)] if asked.first else [],
        "to": [str(asked.last)] if asked.last else [],
        "kind": asked.kinds,
        "q": [asked.q] if asked.q else [],
        "per_page": [str(asked.per_page)] if asked.per_page != CHANGES_PER_PAGE else [],
        "page": [str(page)] if page > 1 else [],
    }
    return address_of(path, {name: tuple(texts) for name, texts in given.items() if texts})


def _url(event: Event) -> str | None:
    return project_url(event.id) if event.there and event.id is not None else None
