"""What the home page says of the index."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.reporting.numbers import counted
from search_app.facets.table import FACETS, YEARS_OF
from search_app.request import ChartedYears, Filters
from search_app.results import Facet, Overview
from search_app.web.pages.parts.drawing.chart import ChartLinks, YearChart, year_chart
from search_app.web.pages.parts.forms.date_form import DateForm, date_form
from search_app.web.urls import search_url, with_parameters


@dataclass(frozen=True, slots=True)
class HomePage:
    """The index in a sentence and as bars of years, with the form for dates."""

    overview: Overview
    summary: str
    years: YearChart | None
    date_form: DateForm


def home_page(overview: Overview, kind: ChartedYears) -> HomePage:
    """Return the page for what is in the index, with a chart of these years."""
    return HomePage(overview, _summary(overview), _chart(overview, kind), date_form({}, usual=kind))


def _chart(overview: Overview, kind: ChartedYears) -> YearChart | None:
    facet = next(one for one in overview.years if one.name == YEARS_OF[kind])
    spec = next(one for one in FACETS if one.name == facet.name)
    return year_chart(kind, facet, spec, Filters(), ChartLinks(_searches, _home))


def _searches(facet: Facet) -> list[str]:
    return [search_url(**{facet.name: bucket.value}) for bucket in facet.buckets]


def _home(kind: ChartedYears) -> str:
    return "/" if kind == "active" else with_parameters("/", chart=kind)


def _summary(overview: Overview) -> str:
    parts = [counted(overview.documents, "project")]
    if overview.first_year is not None:
        parts.append(f"{overview.first_year}–{overview.last_year}")
    parts.append(counted(overview.grantees, "grantee"))
    return ", ".join(parts)
