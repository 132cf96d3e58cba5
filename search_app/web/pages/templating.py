"""What the templates use: filters, names, and the parts of pages, which are loaded once for all pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Flask
from jinja2 import Environment
from markupsafe import Markup

from indexer.errors import IndexerError
from indexer.reporting.numbers import counted
from search_app.config import Settings
from search_app.suggest.examples import Examples
from search_app.web.highlighting import as_html, excerpt
from search_app.web.pages import assets
from search_app.web.pages.parts.forms.date_form import MEANINGS, DateForm, Meaning
from search_app.web.pages.parts.forms.spoken import spoken
from search_app.web.pages.parts.listing.hits import is_part
from search_app.web.pages.parts.readable.days import month, whole
from search_app.web.pages.parts.readable.numbers import projects, thousands
from search_app.web.pages.parts.readable.quotes import with_quotes
from search_app.web.pages.parts.tips import tips
from search_app.web.pages.rows import Rows
from search_app.web.serving.service import contract_anyway, engine
from search_app.web.urls import canonical, grantee_url, project_url, search_url

# Macros by their template, those that others use first. A template that imports them itself does so anew for
# every page.
PARTS = {
    "parts/search_form.html": ("search_form",),
    "parts/hits.html": ("articles", "hit_table", "related_projects"),
    "parts/facets.html": ("facet_list", "bars", "refuse", "counted"),
    "parts/drawing.html": ("year_chart", "switch", "timeline"),
    "parts/money.html": ("money_charts",),
    "parts/paging.html": ("page_list", "page_told"),
    "parts/problem_box.html": ("problem_box",),
}
# Rows by the name that templates call them, each with its macro and how many texts it has.
ROWS = {
    "bucket_rows": ("bucket_row", 4),
    "refusal_rows": ("refusal_row", 2),
    "year_rows": ("year_row", 6),
    "listed_year_rows": ("listed_year_row", 6),
    "hidden_inputs": ("hidden_row", 2),
}
# Filters that write what many pages say, each with how many it remembers: days of projects, words of queries.
REMEMBERED = {
    "start_month": 1 << 12,
    "end_month": 1 << 12,
    "status_tag": 1 << 3,
    "found_as": 1 << 9,
    "quoted": 1 << 8,
    "options": 1 << 6,
    "ticks": 1 << 6,
    "range_fields": 1 << 8,
    "find_field": 1 << 6,
}
# Date fields cached as they are written: most pages have them empty, or with a whole year.
_CACHED_FIELDS = 256
# An index, and the one that follows it.
_CACHED_GENERATIONS = 2


def init_app(app: Flask, settings: Settings) -> None:
    """Give the templates what they use: filters, the name of the site, the addresses of static files."""
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    environment = app.jinja_env
    environment.filters |= {"highlighted": as_html, "day": whole, "month": month, "thousands": thousands}
    environment.filters |= {"excerpt": excerpt, "number_of": counted, "with_quotes": with_quotes}
    environment.tests["part"] = is_part
    environment.globals |= {
        "site_name": settings.site_name,
        "max_query_length": settings.max_query_length,
        "asset": assets.addresses(Path(str(app.static_folder))),
        "canonical": canonical,
        "project_url": project_url,
        "grantee_url": grantee_url,
        "search_url": search_url,
        "projects": projects,
    }
    environment.globals["spoken"] = lambda parameter: spoken(parameter, contract_anyway().facets)
    environment.globals["search_tips"] = _search_tips(environment)
    remembered = environment.get_template("parts/remembered.html").module
    environment.filters |= {
        name: lru_cache(size)(getattr(remembered, name)) for name, size in REMEMBERED.items()
    }
    rows = environment.get_template("parts/rows.html").module
    environment.filters |= {name: Rows(getattr(rows, row), texts) for name, (row, texts) in ROWS.items()}
    for template, names in PARTS.items():
        part = environment.get_template(template).module
        environment.globals |= {name: getattr(part, name) for name in names}
    environment.globals["date_fieldset"] = _date_fieldset(environment)


def _search_tips(environment: Environment) -> Callable[[], str]:
    @lru_cache(_CACHED_GENERATIONS)
    def _written(found: Examples) -> Markup:
        part = environment.get_template("parts/search_form.html").module
        written: Markup = part.tips(tips(found))  # type: ignore[attr-defined]
        return written

    def _of_this_index() -> str:
        try:
            found = engine().examples
        except IndexerError:
            found = None
        return _written(found) if found is not None else ""

    return _of_this_index


def _date_fieldset(environment: Environment) -> Callable[[DateForm], Markup]:
    write = environment.get_template("parts/date_form.html").module.date_fieldset  # type: ignore[attr-defined]

    @lru_cache(_CACHED_FIELDS)
    def _written(chosen: Meaning, first: str, last: str, errors: tuple[tuple[str, str], ...]) -> Markup:
        written: Markup = write(MEANINGS, chosen, first, last, dict(errors))
        return written

    return lambda form: _written(form.meaning, form.first, form.last, tuple(sorted(form.errors.items())))
