"""How changes are dumped, as `dumping` does with all else."""

from __future__ import annotations

from search_app.backend.page_of_changes import Event
from search_app.web.api.dumping import index_info, page_links, warning
from search_app.web.api.json_values import Json, moment
from search_app.web.changed import LinkedChanges


def changes(linked: LinkedChanges) -> Json:
    """Return what ChangesSchema dumps."""
    found = linked.changes
    return {
        "total": found.total,
        "page": found.request.page,
        "per_page": found.request.per_page,
        "pages": found.pages,
        "since": None if found.since is None else moment(found.since),
        "relaxed": found.relaxed,
        "results": [_change(event, url) for event, url in linked.events],
        "links": page_links(linked.links) | {"json": linked.links.json},
        "warnings": [warning(one) for one in found.warnings],
        "index": index_info(found.index),
    }


def _change(event: Event, url: str | None) -> Json:
    told = None
    if event.fields is not None:
        told = [{"field": name, "before": before, "after": after} for name, before, after in event.fields]
    return {
        "kind": event.kind,
        "at": moment(event.moment),
        "id": event.id,
        "title": event.title,
        "url": url,
        "returned": event.returned,
        "fields": told,
    }
