"""What the home page says of the index."""

from __future__ import annotations

from dataclasses import dataclass

from search_app.results import Overview
from search_app.web.answers import LinkedBucket
from search_app.web.pages.parts.bars import Bar, chart
from search_app.web.pages.parts.readable.numbers import counted
from search_app.web.urls import search_url


@dataclass(frozen=True, slots=True)
class HomePage:
    """The index in a sentence and as bars of years."""

    overview: Overview
    summary: str
    years: list[Bar]


def home_page(overview: Overview) -> HomePage:
    """Return the page for what is in the index."""
    years = [LinkedBucket(bucket, search_url(active_year=bucket.value)) for bucket in overview.active_by_year]
    return HomePage(overview, _summary(overview), chart(years))


def _summary(overview: Overview) -> str:
    parts = [counted(overview.documents, "project")]
    if overview.first_year is not None:
        parts.append(f"{overview.first_year}–{overview.last_year}")
    parts.append(counted(overview.grantees, "grantee"))
    return ", ".join(parts)
