"""Addresses that keep the search: one canonical form for every link.

A search's address has its parameters in one order, without those that have their default, so that two
ways to the same search give one address. Links start at the root of the site and never name a host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from flask import Flask, current_app
from flask import request as http_request
from werkzeug.routing import BaseConverter

from indexer.document import grantee_slug
from search_app.config import Settings
from search_app.facets.specs import FacetSpec
from search_app.request import PER_PAGE, UNKNOWN, FilterValue, SearchRequest, Years
from search_app.results import Bucket, Facet

SEARCH_PAGE = "/search"
SEARCH_API = "/api/v1/search"
GRANTEES = "/grantees"
GRANTEES_API = "/api/v1/grantees"
# Below it, all the values of a facet by its name.
VALUES = "/values"
CHANGES = "/changes"
CHANGES_API = "/api/v1/changes"
SITEMAP = "/sitemap.xml"

# An id that stands in an address as it is, as most do.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_.~-]+", re.ASCII)

_DOTS = frozenset({".", ".."})

# Encoded texts cached: the values of facets come back with every search.
_CACHED_TEXTS = 4096
_LONGEST_CACHED = 200


class ProjectIdConverter(BaseConverter):
    """The id of a project in an address: any characters, slashes and dots as well."""

    regex = ".+"
    part_isolating = False


def init_app(app: Flask, settings: Settings) -> None:
    """Say which addresses there are: any id of a project; OPTIONS only where it is told."""
    app.url_map.converters["project"] = ProjectIdConverter
    app.url_map.merge_slashes = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["PUBLIC_URL"] = settings.public_url.rstrip("/")


def absolute(address: str) -> str:
    """Return an address with scheme and host, for what leaves the site: files, feeds, citations."""
    public: str = current_app.config["PUBLIC_URL"]
    if public or not http_request.host:
        return public + address
    return http_request.host_url.rstrip("/") + address


def canonical(address: str) -> str:
    """Return the one address of a page: with scheme and host where a public one is set; no guess."""
    public: str = current_app.config["PUBLIC_URL"]
    return public + address


def _encoded(text: str) -> str:
    # A text of an address may have kilobytes: those are encoded anew, or they would fill the memory.
    return _cached_encoded(text) if len(text) <= _LONGEST_CACHED else quote_plus(text)


_cached_encoded = lru_cache(_CACHED_TEXTS)(quote_plus)


@lru_cache(_CACHED_TEXTS)
def grantee_url(grantee: str) -> str:
    """Return the address of the page of one grantee."""
    return f"{GRANTEES}/{grantee_slug(grantee)}"


def project_url(project_id: str, query: str = "") -> str:
    """Return the address of a project's page, with the search it was found by."""
    encoded = project_id if _PLAIN_ID.fullmatch(project_id) else quote(project_id, safe="")
    if encoded in _DOTS:
        # Browsers and servers would resolve `.` and `..` as steps in the path.
        encoded = encoded.replace(".", "%2E")
    return f"/projects/{encoded}{'?' if query else ''}{query}"


def with_parameters(path: str, **texts: str) -> str:
    """Return an address with parameters."""
    return address_of(path, {name: (text,) for name, text in texts.items()})


def address_of(path: str, texts: Mapping[str, tuple[str, ...]]) -> str:
    """Return an address with parameters, each of which may have several values."""
    return _address(path, [_part(name, values) for name, values in texts.items()])


def search_url(**texts: str) -> str:
    """Return the address of the results page of a new search."""
    return with_parameters(SEARCH_PAGE, **texts)


class PagesAround(NamedTuple):
    """The addresses of the pages before and after one of a list, None at its ends."""

    prev: str | None
    next: str | None


def pages_around(page: int, pages: int, address: Callable[[int], str]) -> PagesAround:
    """Return the pages around one; before one beyond the end comes the last that there is."""
    return PagesAround(
        prev=address(min(page - 1, max(pages, 1))) if page > 1 else None,
        next=address(page + 1) if page < pages else None,
    )


def order_of(specs: Iterable[FacetSpec]) -> tuple[str, ...]:
    """Return the order of parameters in every address of an index with these facets."""
    filters = (parameter.name for spec in specs for parameter in spec.parameters())
    shown = ("view", "columns", "chart", "per_page", "page")
    return ("q", "op", "expand", *filters, "as_of", "sort", "facets", "explain", *shown)


def parameters(request: SearchRequest, order: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the parameters of a request that are not at their default, as texts, in order."""
    given = {name: tuple(map(str, values)) for name, values in request.filters.pairs}
    for name, text, default in (
        ("q", request.q, ""),
        ("op", request.op, "and"),
        ("expand", "01"[request.expand], "1"),
        ("as_of", request.as_of.isoformat() if request.as_of else "", ""),
        ("sort", request.sort or "", ""),
        ("facets", "" if request.facets is None else ",".join(request.facets) or "none", ""),
        ("explain", "01"[request.explain], "0"),
        ("view", request.view, "list"),
        ("chart", request.chart or "", ""),
        ("per_page", str(request.per_page), str(PER_PAGE)),
        ("page", str(request.page), "1"),
    ):
        if text != default:
            given[name] = (text,)
    if request.columns:
        given["columns"] = request.columns
    return {name: given[name] for name in order if name in given}


class SearchLinks:
    """The links that lead on from one search at one address."""

    def __init__(self, request: SearchRequest, path: str, order: Sequence[str]) -> None:
        """Write the parameters of `request` once, for all links; `order` is that of `order_of`."""
        self._path, self._filters = path, request.filters
        self._places = {name: place for place, name in enumerate(order)}
        self._given = parameters(request, order)
        self._parts = {name: _part(name, texts) for name, texts in self._given.items()}

    @property
    def given(self) -> Mapping[str, tuple[str, ...]]:
        """The parameters of this search that are not at their default."""
        return self._given

    @property
    def query(self) -> str:
        """The parameters of this search, as they stand in an address."""
        return "&".join(self._parts.values())

    @property
    def here(self) -> str:
        """The search itself."""
        return self.at(self._path)

    def at(self, path: str, *, without: Iterable[str] = ()) -> str:
        """Return this search in another form."""
        return _address(path, [part for name, part in self._parts.items() if name not in without])

    def page(self, number: int) -> str:
        """Return another page of this search."""
        return self.changed(page=str(number) if number > 1 else None)

    def changed(self, **texts: str | tuple[str, ...] | None) -> str:
        """Return the first page of this search with parameters set, or dropped where None or empty."""
        parts = {name: part for name, part in self._parts.items() if name != "page" and name not in texts}
        for name, value in texts.items():
            if value:
                parts[name] = _part(name, (value,) if isinstance(value, str) else value)
        return _address(self._path, [parts[name] for name in sorted(parts, key=self._places.__getitem__)])

    def without(self, name: str, text: str) -> str:
        """Return this search without one value of one parameter."""
        return self.changed(**{name: tuple(one for one in self._given.get(name, ()) if one != text)})

    def toggles(self, facet: Facet) -> list[str]:
        """Return for each bucket the search with it chosen, or no longer chosen.

        The address around the facet's own values is written once: a page has some 60 buckets.
        """
        before, after = self._beside(facet.name)
        chosen = self._filters[facet.name]
        if not chosen:
            head = f"{self._path}?{''.join(f'{part}&' for part in before)}{facet.name}="
            tail = "".join(f"&{part}" for part in after)
            return [f"{head}{_encoded(bucket.value)}{tail}" for bucket in facet.buckets]
        links = []
        for bucket in facet.buckets:
            own = _part(facet.name, _toggled(chosen, bucket))
            links.append(_address(self._path, [*before, *([own] if own else []), *after]))
        return links

    def adding(self, name: str, texts: Iterable[str]) -> list[str]:
        """Return for each text the first page of this search with it among the values of a parameter."""
        before, after = self._beside(name)
        own = [self._parts[name]] if name in self._parts else []
        head = f"{self._path}?{''.join(f'{part}&' for part in (*before, *own))}{name}="
        tail = "".join(f"&{part}" for part in after)
        return [f"{head}{_encoded(text)}{tail}" for text in texts]

    def _beside(self, name: str) -> tuple[list[str], list[str]]:
        """Return the parts of this address before and after a parameter, but for the page."""
        places, place = self._places, self._places[name]
        before = [part for one, part in self._parts.items() if places[one] < place]
        others = [(one, part) for one, part in self._parts.items() if places[one] > place]
        return before, [part for one, part in others if one != "page"]


def _toggled(chosen: tuple[FilterValue, ...], bucket: Bucket) -> tuple[str, ...]:
    if bucket.selected:
        return tuple(text for text in map(str, chosen) if text != bucket.value)
    # A bucket of years takes the place of those it overlaps: 2021 opens 2020-2024, it does not add to it.
    is_years = bucket.value != UNKNOWN
    others = [one for one in chosen if not (is_years and isinstance(one, Years) and _overlap(one, bucket))]
    return (*map(str, others), bucket.value)


def _overlap(years: Years, bucket: Bucket) -> bool:
    return years.overlaps(Years.parse(bucket.value))


def _part(name: str, texts: tuple[str, ...]) -> str:
    return "&".join([f"{name}={_encoded(text)}" for text in texts])


def _address(path: str, parts: list[str]) -> str:
    return f"{path}?{'&'.join(parts)}" if parts else path
