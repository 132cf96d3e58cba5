"""The same search in other forms: a file, a feed, a project as data, a browser's search bar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import islice
from typing import Protocol, cast
from urllib.parse import quote
from weakref import finalize

from flask import Blueprint, Response, request

from search_app.request import SearchRequest
from search_app.results import Hit
from search_app.snippets.excerpts import DESCRIPTION_LENGTH
from search_app.web.api.dumping import as_json
from search_app.web.api.views import project_document
from search_app.web.exports.feeds import (
    ATOM_TYPE,
    OPENSEARCH_TYPE,
    SUGGESTIONS_TYPE,
    Entry,
    Feed,
    atom,
    opensearch,
)
from search_app.web.pages.parts.changes import ChangedProject, ChangeGroup, change_groups
from search_app.web.pages.views import project
from search_app.web.problems import TooManyRequestsError
from search_app.web.serving.ops import contract, engine, service, visit
from search_app.web.serving.turns import Turns
from search_app.web.urls import SEARCH_PAGE, absolute, project_url

CSV_COLUMNS = (
    "id", "title", "description", "grantee", "start_date", "end_date", "status", "score", "url",
)  # fmt: skip
# What makes a spreadsheet take a cell for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Rows sent at once: few enough for little memory, many enough to be worth a packet.
CSV_CHUNK = 200
# Characters of a piece that is sent, where rows are long: a row has a megabyte at most.
CSV_PIECE = 1 << 20
FEED_LENGTH = 50
# A file of 100,000 rows is sent in less.
BUSY_SECONDS = 10

blueprint = Blueprint("exports", __name__)


class CsvWriter(Protocol):
    """What `csv.writer` returns; it has no name there."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write a row."""


@blueprint.get("/search.csv")
def search_csv() -> Response:
    """Answer a search as a file: all hits, in the order of the page."""
    asked, files = _asked(), service().files
    if not files.acquire(blocking=False):
        raise TooManyRequestsError(
            "As many files are being sent as can be at once.", headers={"Retry-After": str(BUSY_SECONDS)}
        )
    # The site's address is asked for here: rows are written when the request is over.
    root = absolute("")
    rows = (_row(hit, root) for hit in engine().every_hit(asked))
    pieces = _csv(rows, service().turns)
    # When all is sent or the reader is gone, also before anything was.
    finalize(pieces, files.release)
    response = Response(pieces, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="projects.csv"'
    return response


def _asked() -> SearchRequest:
    asked = cast("SearchRequest", contract().parameters.read(request.args, ignore_unknown=True))
    visit().canonical = contract().links(asked, request.path).query
    return asked


def _csv(rows: Iterator[tuple[str, ...]], turns: Turns) -> Iterator[bytes]:
    """Yield the file in pieces, each made in its turn; the mark at its start tells that it is UTF-8."""
    piece = io.StringIO()
    writer = csv.writer(piece)
    piece.write("\ufeff")
    writer.writerow(CSV_COLUMNS)
    left = True
    while left:
        with turns.turn(long=True):
            left = _write_piece(rows, writer, piece)
        yield piece.getvalue().encode()
        piece.seek(0)
        piece.truncate()


def _write_piece(rows: Iterator[tuple[str, ...]], writer: CsvWriter, piece: io.StringIO) -> bool:
    """Write some rows, fewer where they are long; tell whether there may be more."""
    for _ in range(CSV_CHUNK):
        row = next(rows, None)
        if row is None:
            return False
        writer.writerow(row)
        if piece.tell() >= CSV_PIECE:
            break
    return True


def _row(hit: Hit, root: str) -> tuple[str, ...]:
    project = hit.project
    cells = (
        project.id,
        project.title,
        project.description,
        project.grantee,
        project.start.isoformat() if project.start else "",
        project.end.isoformat() if project.end else "",
        hit.status,
        f"{hit.score:.4f}",
        root + project_url(project.id),
    )
    return tuple(f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells)


@blueprint.get("/search.atom")
def search_atom() -> Response:
    """Answer a search as a feed: the projects that started last."""
    asked = replace(_asked(), sort="-start_date")
    info, name = engine().info, service().settings.site_name
    links = contract().links(asked, request.path)
    feed = Feed(
        title=f"{asked.q} – {name}" if asked.q else name,
        url=absolute(links.at(request.path, without=("sort",))),
        page=absolute(links.at(SEARCH_PAGE)),
        updated=info.built_at.astimezone(UTC),
        author=name,
        entries=[_entry(hit, info.built_at) for hit in islice(engine().every_hit(asked), FEED_LENGTH)],
    )
    return Response(atom(feed), mimetype=ATOM_TYPE)


def _entry(hit: Hit, built_at: datetime) -> Entry:
    project = hit.project
    started = datetime.combine(project.start, time(), UTC) if project.start else built_at.astimezone(UTC)
    url = absolute(project_url(project.id))
    return Entry(url, project.title, started, project.grantee, _summary(project.description))


def _summary(description: str) -> str:
    return description if len(description) <= DESCRIPTION_LENGTH else f"{description[:DESCRIPTION_LENGTH]} …"


@blueprint.get("/changes.atom")
def changes_atom() -> Response:
    """Give what the last `reindex` changed as a feed."""
    info, name, report = engine().info, service().settings.site_name, engine().changes()
    updated = info.built_at.astimezone(UTC)
    groups = change_groups(report) if report else []
    feed = Feed(
        title=f"Changes – {name}",
        url=absolute("/changes.atom"),
        page=absolute("/changes"),
        updated=updated,
        author=name,
        entries=[_changed(group, one, updated) for group in groups for one in group.projects][:FEED_LENGTH],
    )
    return Response(atom(feed), mimetype=ATOM_TYPE)


def _changed(group: ChangeGroup, project: ChangedProject, updated: datetime) -> Entry:
    # The fragment makes each change an entry of its own, also when a project changes again.
    generation = engine().info.generation
    url = absolute(f"{project.url or '/changes'}#{group.name}-{generation}-{quote(project.id, safe='')}")
    return Entry(url, f"{group.label}: {project.title}", updated, "", project.summary)


@blueprint.get("/projects/<project:project_id>.json")
def project_json(project_id: str) -> Response | str:
    """Give a project's page as data; the page itself where an id ends like this."""
    if engine().project(whole := f"{project_id}.json") is not None:
        return project(whole)
    return Response(as_json(project_document(project_id)), mimetype="application/json")


@blueprint.get("/opensearch.xml")
def opensearch_xml() -> Response:
    """Describe the service to a browser's search bar."""
    name = service().settings.site_name
    document = opensearch(name, absolute(SEARCH_PAGE), absolute("/suggestions"))
    return Response(document, mimetype=OPENSEARCH_TYPE)


@blueprint.get("/suggestions")
def suggestions() -> Response:
    """Complete what is typed in a browser's search bar, in the form that browsers read."""
    typed = _asked().q
    texts = [completion.text for completion in engine().suggest(typed)]
    return Response(as_json([typed, texts]), mimetype=SUGGESTIONS_TYPE)
