"""The chart of years on the page of a grantee."""

from __future__ import annotations

from functools import partial

from search_app.facets.table import YEARS_OF
from search_app.request import ChartedYears, Filters
from search_app.web.contract import Contract
from search_app.web.grantee_pages import LinkedProfile
from search_app.web.pages.parts.drawing.chart import ChartLinks, YearChart, year_chart
from search_app.web.urls import SEARCH_PAGE, with_parameters


def grantee_years(told: LinkedProfile, kind: ChartedYears, contract: Contract) -> YearChart | None:
    """Return the chart of a grantee's projects; each bar is the search for those of its years."""
    facet = told.profile.facet(YEARS_OF[kind])
    spec = next(one for one in contract.facets if one.name == facet.name)
    links = contract.links(told.profile.results.request, SEARCH_PAGE)
    switched = partial(_page, told.grantee.url)
    return year_chart(kind, facet, spec, Filters(), ChartLinks(links.toggles, switched))


def _page(url: str, kind: ChartedYears) -> str:
    """Return the page of a grantee with a chart of these years."""
    return url if kind == "active" else with_parameters(url, chart=kind)
