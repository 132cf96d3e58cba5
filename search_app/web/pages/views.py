"""The pages: what a person reads, from the same answers as the API."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from indexer.document import grantee_slug, status_on
from indexer.errors import IndexerError
from indexer.storage.days import today
from search_app.config import Settings
from search_app.request import CHARTED_YEARS, ChangesRequest, SearchRequest
from search_app.results import NO_SNIPPETS
from search_app.web.answers import answer, linked_similar
from search_app.web.api.openapi import EXAMPLES, document
from search_app.web.api.preflight import METHODS
from search_app.web.api.schemas.arguments import ParameterError, read_leniently
from search_app.web.api.schemas.history import changes_parameters
from search_app.web.api.schemas.kinds import printable
from search_app.web.api.schemas.parameters import MAX_QUERY_LENGTH
from search_app.web.changed import linked_changes
from search_app.web.grantee_pages import linked_profile
from search_app.web.pages import assets, templating
from search_app.web.pages.parts.drawing.chart import charted
from search_app.web.pages.parts.facts import facts, other_columns
from search_app.web.pages.parts.forms.date_form import MODE, canonical, date_form, hidden
from search_app.web.pages.parts.forms.range_form import filled
from search_app.web.pages.parts.forms.spoken import for_people
from search_app.web.pages.parts.grantee import grantee_years
from search_app.web.pages.parts.home import home_page
from search_app.web.pages.parts.listing.changes import changes_page
from search_app.web.pages.parts.listing.directory import directory
from search_app.web.pages.parts.listing.paging import page_links
from search_app.web.pages.parts.listing.result_list import ResultsPageMaker, heading, shown_facets
from search_app.web.pages.parts.listing.value_pages import counted_in, value_page
from search_app.web.pages.parts.project import Trail, citation, near_projects, structured
from search_app.web.pages.parts.readable.days import duration, whole
from search_app.web.pages.parts.readable.money import totals_line
from search_app.web.pages.parts.reference import components, operation_parts
from search_app.web.problems import PROBLEMS, NotFoundError, problem_of
from search_app.web.serving.service import (
    contract,
    contract_anyway,
    engine,
    named_grantee,
    named_project,
    service,
    visit,
)
from search_app.web.urls import (
    CHANGES,
    GRANTEES,
    SEARCH_PAGE,
    SITEMAP,
    VALUES,
    SearchLinks,
    absolute,
    pages_around,
    project_url,
    with_parameters,
)

# Digits of the number of a page.
MOST_DIGITS = 7
# Addresses that combine without end: for people, not for crawlers.
NOT_FOR_ROBOTS = ("/search", "/values", "/api/v1/search", "/suggestions")

blueprint = Blueprint("pages", __name__)

_changes_parameters = changes_parameters()


def init_app(app: Flask, settings: Settings) -> None:
    """Prepare the templates, and say how long browsers may keep static files."""
    package = Path(app.root_path)
    app.config["FINGERPRINT"] = assets.fingerprint(package, settings)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = assets.YEAR_SECONDS
    templating.init_app(app, settings)


@blueprint.get("/")
def home() -> str:
    """Show the search box and what there is to search."""
    asked = request.args.get("chart")
    kind = next((one for one in CHARTED_YEARS if one == asked), CHARTED_YEARS[0])
    return render_template("home.html", home=home_page(engine().overview(), kind))


@blueprint.get(SEARCH_PAGE)
def search() -> AnyResponse:
    """Show a page of results; a form that was sent is led on to the canonical address."""
    arguments = canonical(request.args) if MODE in request.args else request.args
    arguments = filled(arguments, contract().facets)
    if arguments == request.args:
        return _results(arguments)
    asked, errors = _read(arguments)
    return _results(arguments) if errors else redirect(contract().links(asked, SEARCH_PAGE).here, 303)


def _read(arguments: MultiDict[str, str]) -> tuple[SearchRequest, tuple[ParameterError, ...]]:
    """Return what is asked, leaving out the parameters that are wrong, and what is wrong with them."""
    asked, wrong = read_leniently(contract().parameters, arguments)
    return cast("SearchRequest", asked), wrong


def _results(arguments: MultiDict[str, str]) -> Response:
    asked, wrong = _read(arguments)
    errors = tuple(map(for_people, wrong))
    # The page has its own facets, whatever an address that comes from the API says.
    asked = asked if asked.facets is None else replace(asked, facets=None)
    asks, searched = contract(), engine()
    links = asks.links(asked, SEARCH_PAGE)
    results = searched.search(replace(asked, facets=shown_facets(asked, asks.facets)))
    here = visit()
    here.canonical, here.hits = links.query, results.total
    found = answer(results, links, asks, keep_search=True)
    maker = ResultsPageMaker(found, links, asks, _count, searched.own_fields)
    page = maker.page(date_form(links.given, errors, charted(asked)), errors, service().settings.max_per_page)
    return Response(
        render_template("results.html", page=page), status=400 if errors else 200, mimetype="text/html"
    )


@blueprint.get(f"{VALUES}/<name>")
def values(name: str) -> str:
    """Show all the values of a facet in a search, or those that have what was typed."""
    spec = next((one for one in contract().facets if one.name == name and one.type == "terms"), None)
    if spec is None:
        raise NotFoundError
    asked, _ = _read(request.args)
    typed = printable(request.args.get("find", "")).strip()[:MAX_QUERY_LENGTH]
    first = replace(asked, page=1)
    here, links = contract().links(first, request.path), contract().links(first, SEARCH_PAGE)
    found = value_page(engine().values(asked, name), spec, links, typed, asked.page)
    address = partial(_page_of_values, here, typed)
    return render_template(
        "values.html",
        values=found,
        heading=heading(counted_in(asked, name, engine().search), asked.q),
        typed=typed,
        back=links.here,
        here=request.path,
        everything=here.here,
        hidden=hidden(here.given, without=()),
        pages=page_links(found.page, found.pages, address),
        around=pages_around(found.page, found.pages, address),
    )


def _page_of_values(links: SearchLinks, typed: str, page: int) -> str:
    address = links.page(page)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'find': typed})}" if typed else address


def _count(asked: SearchRequest) -> int:
    return engine().search(replace(asked, per_page=1, facets=())).total


@blueprint.get("/projects/<project:project_id>")
def project(project_id: str) -> str:
    """Show a project, with the search that led to it still marked."""
    found = named_project(project_id)
    asked, _ = _read(request.args)
    as_of, url = asked.as_of or today(), absolute(project_url(found.id))
    fields, declared = engine().fields(found.id), engine().own_fields
    hit = engine().highlighted(asked, found.id)
    return render_template(
        "project.html",
        project=found,
        asked=asked,
        index=engine().info,
        hit=hit,
        status=status_on(as_of, found.start, found.end),
        as_of=as_of,
        when=engine().when(found.id),
        since=engine().since,
        duration=duration(found.start, found.end),
        facts=facts(found, fields, declared, hit.own if hit else NO_SNIPPETS),
        others=other_columns(found, fields, declared),
        trail=_trail(asked, found.id),
        similar=near_projects(found, map(linked_similar, engine().similar(found.id))),
        citation=citation(
            found, service().settings.site_name, url, whole(engine().info.built_at), whole(today())
        ),
        structured=structured(found, url),
    )


def _trail(asked: SearchRequest, project_id: str) -> Trail | None:
    links = contract().links(asked, SEARCH_PAGE)
    if not links.query:
        return None
    around = engine().neighbours(asked, project_id)
    before, after = (project_url(one, links.query) if one is not None else None for one in around)
    return Trail(links.here, before, after)


@blueprint.get(GRANTEES)
def grantees() -> str:
    """List grantees by letters, or those with some words in their names."""
    asked = {name: text for name, text in request.args.items() if name in ("q", "letter", "page")}
    q, page = printable(asked.get("q", "")[:MAX_QUERY_LENGTH]), asked.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < MOST_DIGITS else 1
    listed = directory(engine().grantees, q, asked.get("letter", ""), max(number, 1))
    return render_template("grantees.html", directory=listed)


@blueprint.get(f"{GRANTEES}/<slug>")
def grantee(slug: str) -> str:
    """Show what is told of a grantee."""
    named = named_grantee(slug)
    told = linked_profile(engine().profile(named))
    asked, _ = _read(request.args)
    totals = [(one.label, totals_line(one)) for one in told.profile.results.totals if one.totals]
    return render_template(
        "grantee.html",
        grantee=told,
        totals=totals,
        years=grantee_years(told, charted(asked), contract()),
        feed=with_parameters("/search.atom", grantee=named.name),
    )


@blueprint.get(CHANGES)
def changes() -> Response:
    """Show what was added, changed and removed, by day."""
    asked, wrong = _read_changes()
    errors = tuple(map(for_people, wrong))
    linked = linked_changes(engine().changes(asked), CHANGES)
    page = changes_page(linked, engine().own_fields, errors)
    text = render_template("changes.html", page=page, doubts=engine().doubts)
    return Response(text, status=400 if errors else 200, mimetype="text/html")


def _read_changes() -> tuple[ChangesRequest, tuple[ParameterError, ...]]:
    """Return which changes are asked for, leaving out what is wrong or left empty, and what is wrong."""
    filled_in = MultiDict(pair for pair in request.args.items(multi=True) if pair[1])
    asked, wrong = read_leniently(_changes_parameters, filled_in)
    return cast("ChangesRequest", asked), wrong


@blueprint.route("/api/docs", methods=METHODS)
def api_docs() -> str:
    """Show the reference of the API, from the same document that programs read."""
    spec = document(contract_anyway(), service().settings.site_name)
    return render_template(
        "api_docs.html",
        spec=spec,
        operations=operation_parts(spec, EXAMPLES, _some_names()),
        components=components(spec),
        problems=PROBLEMS,
    )


def _some_names() -> dict[str, str]:
    """Return a project and a grantee to try the API with, as far as the index has them."""
    try:
        newest = engine().search(SearchRequest(per_page=1, facets=())).hits
        named = engine().grantees.all
    except IndexerError:
        return {}
    names = {"project_id": newest[0].project.id} if newest else {}
    return names | ({"slug": grantee_slug(named[0].name)} if named else {})


@blueprint.get("/problems/<slug>")
def problem(slug: str) -> str:
    """Explain a kind of error."""
    known = problem_of(slug)
    if known is None:
        raise NotFoundError
    return render_template("problem.html", problem=known)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers to read projects and grantees, where to find them, and to leave combinations alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    if service().settings.public_url:
        # The address of a sitemap has a host; only a public one is known for certain.
        lines += [f"Sitemap: {absolute(SITEMAP)}", ""]
    return Response("\n".join(lines), mimetype="text/plain")
