"""The same search in other forms: a file, a feed, a project as data, a browser's search bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from sys import maxsize
from threading import Semaphore
from typing import cast
from urllib.parse import quote
from weakref import finalize

from flask import Blueprint, Flask, Response, request

from indexer.storage.days import today
from search_app.backend.page_of_changes import Event
from search_app.request import ChangesRequest, SearchRequest
from search_app.web.api.json_values import as_json
from search_app.web.api.views import project_document
from search_app.web.changed import linked_changes
from search_app.web.exports.citations import BIBTEX_TYPE, RIS_TYPE, Citation, bibtex, key, ris
from search_app.web.exports.feeds import (
    ATOM_TYPE,
    OPENSEARCH_TYPE,
    SUGGESTIONS_TYPE,
    Entry,
    Feed,
    atom,
    opensearch,
)
from search_app.web.exports.sitemaps import SITEMAP_TYPE, Dated, batches, sitemap, sitemap_index
from search_app.web.exports.specs import ExportedSearch, ExportSpec, Piece
from search_app.web.exports.table import FEED_LENGTH
from search_app.web.pages.parts.listing.changes import LABELS, changed_project, column_labels
from search_app.web.pages.views import project
from search_app.web.problems import NotFoundError, TooManyRequestsError
from search_app.web.serving.admission.turns import Turns
from search_app.web.serving.service import contract, engine, named_project, service, visit
from search_app.web.urls import CHANGES, GRANTEES, SEARCH_PAGE, SITEMAP, absolute, grantee_url, project_url

# A file of 100,000 rows is sent in less.
BUSY_SECONDS = 10

blueprint = Blueprint("exports", __name__)


def init_app(app: Flask, exports: Iterable[ExportSpec]) -> None:
    """Give every export its address."""
    searches = Blueprint("searches", __name__)
    for spec in exports:
        places = Semaphore(spec.at_once) if spec.at_once is not None else None
        searches.add_url_rule(spec.path, spec.name, partial(_export, spec, places))
    app.register_blueprint(searches)


def _export(spec: ExportSpec, places: Semaphore | None) -> Response:
    """Answer a search in the form of an entry: all hits in the order of the page, or as many as it says."""
    asked = _asked()
    if spec.order is not None:
        asked = replace(asked, sort=spec.order)
    pieces, turns = iter(spec.write(_exported(spec, asked))), service().turns
    if spec.most is None:
        limits = [service().files, *([places] if places is not None else [])]
        response = Response(_streamed(_in_turns(pieces, turns), limits), mimetype=spec.media_type)
    else:
        response = Response(b"".join(_in_turns(pieces, turns)), mimetype=spec.media_type)
    if spec.filename is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{spec.filename}"'
    return response


def _asked() -> SearchRequest:
    asked = cast("SearchRequest", contract().parameters.read(request.args, ignore_unknown=True))
    visit().canonical = contract().links(asked, request.path).query
    return asked


def _exported(spec: ExportSpec, asked: SearchRequest) -> ExportedSearch:
    links = contract().links(asked, spec.path)
    return ExportedSearch(
        request=asked,
        hits=islice(engine().every_hit(asked), spec.most),
        fields=engine().own_fields,
        as_of=asked.as_of or today(),
        index=engine().info,
        since=engine().since or engine().info.built_at,
        site_name=service().settings.site_name,
        # Asked for here: rows are written when the request is over.
        site=absolute(""),
        url=absolute(links.at(spec.path, without=spec.without if spec.order else ())),
        page=absolute(links.at(SEARCH_PAGE)),
    )


def _streamed(made: Iterator[bytes], limits: Iterable[Semaphore]) -> Iterator[bytes]:
    """Return the pieces, with a place within each limit; raise TooManyRequestsError where there is none."""
    for limit in limits:
        if not limit.acquire(blocking=False):
            raise TooManyRequestsError(
                "As many files are being sent as can be at once.", headers={"Retry-After": str(BUSY_SECONDS)}
            )
        # Called when all is sent, when the reader is gone (even before anything was sent), or when another
        # limit stops the file.
        finalize(made, limit.release)
    return made


def _in_turns(pieces: Iterator[Piece], turns: Turns) -> Iterator[bytes]:
    """Yield the bytes, each piece made in its turn."""
    while True:
        with turns.turn(long=True):
            piece = next(pieces, None)
        if piece is None:
            return
        if callable(piece):
            piece()
        elif piece:
            yield piece


@blueprint.get("/changes.atom")
def changes_atom() -> Response:
    """Give what changed last as a feed."""
    name = service().settings.site_name
    linked = linked_changes(engine().changes(ChangesRequest(per_page=FEED_LENGTH)), CHANGES)
    labels = column_labels(engine().own_fields)
    feed = Feed(
        title=f"Changes – {name}",
        subtitle="What was added, changed and removed, the latest day first.",
        url=absolute("/changes.atom"),
        page=absolute(CHANGES),
        updated=_built(),
        author=name,
        entries=[_changed(event, url, labels) for event, url in linked.events],
    )
    return Response(atom(feed), mimetype=ATOM_TYPE)


def _changed(event: Event, url: str | None, labels: Mapping[str, str]) -> Entry:
    told = changed_project(event, url, labels)
    # The fragment makes each change an entry of its own, also when a project changes again.
    # Of one that is gone nobody may know the id any more.
    named = quote(event.id, safe="") if event.id is not None else f"{event.hash:016x}"
    place = f"{event.kind}-{event.moment:%Y%m%dT%H%M%S.%fZ}-{named}"
    address = absolute(f"{url or CHANGES}#{place}")
    return Entry(address, f"{LABELS[event.kind]}: {told.title}", event.moment, "", told.summary)


@blueprint.get("/projects/<project:project_id>.json")
def project_json(project_id: str) -> Response | str:
    """Give a project's page as data; the page itself where an id ends like this."""
    if engine().project(whole := f"{project_id}.json") is not None:
        return project(whole)
    return Response(as_json(project_document(project_id)), mimetype="application/json")


@blueprint.get("/projects/<project:project_id>.bib")
def project_bib(project_id: str) -> Response | str:
    """Give a project as an entry of BibTeX; the page itself where an id ends like this."""
    return _cited(project_id, "bib", BIBTEX_TYPE, bibtex)


@blueprint.get("/projects/<project:project_id>.ris")
def project_ris(project_id: str) -> Response | str:
    """Give a project as a record of RIS; the page itself where an id ends like this."""
    return _cited(project_id, "ris", RIS_TYPE, ris)


def _cited(
    project_id: str, ending: str, media_type: str, write: Callable[[Citation], bytes]
) -> Response | str:
    if engine().project(whole := f"{project_id}.{ending}") is not None:
        return project(whole)
    found = named_project(project_id)
    url, name = absolute(project_url(found.id)), service().settings.site_name
    written = write(Citation(found, name, url, engine().info.generation, today()))
    response = Response(written, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{key(found.id)}.{ending}"'
    return response


@blueprint.get(SITEMAP)
def sitemap_xml() -> Response:
    """List the sitemaps: one, or more where there are more pages than one may have."""
    parts = (
        (absolute(f"/sitemap-{number}.xml"), max((changed for _, changed in pages), default=_built()))
        for number, pages in enumerate(_pages(), 1)
    )
    return Response(sitemap_index(parts), mimetype=SITEMAP_TYPE)


@blueprint.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """List some of the pages that crawlers should know: every project, every grantee, and their list."""
    # A number of any length may be asked for, and `islice` takes none beyond `maxsize`.
    pages = next(islice(_pages(), number - 1, None), None) if 0 < number <= maxsize else None
    if pages is None:
        raise NotFoundError
    return Response(sitemap(pages), mimetype=SITEMAP_TYPE)


def _pages() -> Iterator[list[Dated]]:
    site, since = absolute(""), engine().since or _built()
    projects = (
        (site + project_url(project_id), when.last_changed or when.first_seen or since)
        for project_id, when in engine().project_ids()
    )
    grantees = ((site + grantee_url(one.name), _built()) for one in engine().grantees.all)
    return batches(chain(((f"{site}/", _built()), (site + GRANTEES, _built())), projects, grantees))


def _built() -> datetime:
    return engine().info.built_at.astimezone(UTC)


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
