"""The forms in which a search is taken along: an entry here has its address, and a link in every answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from search_app.backend.returned import DESCRIPTION_LENGTH
from search_app.results import Hit
from search_app.web.exports.feeds import ATOM_TYPE, Entry, Feed, atom
from search_app.web.exports.specs import ExportedSearch, ExportSpec
from search_app.web.exports.tabular import comma_separated, json_lines
from search_app.web.exports.workbook import WORKBOOK_TYPE, workbook
from search_app.web.urls import project_url

# Parameters of a search that mean nothing for a file of all hits, or for a feed, which has an order of its
# own.
WITHOUT_PAGES = ("page", "per_page", "facets", "explain", "view", "chart")
FEED_LENGTH = 50
_FEED_ORDER = (
    "Projects in the order in which they were first seen in the index, the newest first. "
    "Updated is when a project was first seen or last changed."
)
# A workbook is first written to disk, and takes seconds of processor time where it has many rows.
WORKBOOKS_AT_ONCE = 2


def _feed(exported: ExportedSearch) -> Iterator[bytes]:
    name, q = exported.site_name, exported.request.q
    built_at = exported.index.built_at.astimezone(UTC)
    yield atom(
        Feed(
            title=f"{q} – {name}" if q else name,
            subtitle=_FEED_ORDER,
            url=exported.url,
            page=exported.page,
            updated=built_at,
            author=name,
            entries=[_entry(hit, exported) for hit in exported.hits],
        )
    )


def _entry(hit: Hit, exported: ExportedSearch) -> Entry:
    project = hit.project
    # A project from before the history began was there when it began: that much is known.
    updated = (hit.when.last_changed or hit.when.first_seen or exported.since).astimezone(UTC)
    url = exported.site + project_url(project.id)
    return Entry(url, project.title, updated, project.grantee, _summary(project.description))


def _summary(description: str) -> str:
    return description if len(description) <= DESCRIPTION_LENGTH else f"{description[:DESCRIPTION_LENGTH]} …"


# In the order in which they are listed.
EXPORTS = (
    ExportSpec(
        name="csv",
        label="CSV",
        path="/search.csv",
        media_type="text/csv",
        write=comma_separated,
        without=WITHOUT_PAGES,
        filename="projects.csv",
    ),
    ExportSpec(
        name="xlsx",
        label="XLSX",
        path="/search.xlsx",
        media_type=WORKBOOK_TYPE,
        write=workbook,
        without=WITHOUT_PAGES,
        filename="projects.xlsx",
        packed=True,
        at_once=WORKBOOKS_AT_ONCE,
    ),
    ExportSpec(
        name="jsonl",
        label="JSON lines",
        path="/search.jsonl",
        media_type="application/x-ndjson",
        write=json_lines,
        without=(*WITHOUT_PAGES, "columns"),
        filename="projects.jsonl",
    ),
    ExportSpec(
        name="atom",
        label="Feed",
        path="/search.atom",
        media_type=ATOM_TYPE,
        write=_feed,
        without=(*WITHOUT_PAGES, "columns", "sort"),
        order="-added",
        most=FEED_LENGTH,
    ),
)
