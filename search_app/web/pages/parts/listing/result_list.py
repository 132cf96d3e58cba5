"""What the results page says: headings, chips, facets with bars, choices and pages, ready to be written.

All that is decided here is decided from an Answer alone; the template only loops and asks whether.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from indexer.storage.own_fields import OwnField
from search_app.facets.specs import FacetSpec
from search_app.facets.table import YEARS_OF
from search_app.query.operators.marks import OPERATORS
from search_app.request import PER_PAGE, Period, SearchRequest, View
from search_app.web.answers import Answer, LinkedFacet
from search_app.web.api.schemas.arguments import ParameterError
from search_app.web.contract import Contract
from search_app.web.exports.specs import ExportSpec
from search_app.web.pages.parts.drawing.chart import ChartLinks, Choice, YearChart, charted, year_chart
from search_app.web.pages.parts.drawing.timeline import Timeline, timeline
from search_app.web.pages.parts.facts import ListedFacts
from search_app.web.pages.parts.forms.date_form import DATES, DateForm, hidden
from search_app.web.pages.parts.forms.range_form import RangeForm, range_form
from search_app.web.pages.parts.listing.bars import FacetList, can_narrow, facet_list
from search_app.web.pages.parts.listing.chips import Chip, chips, cleared
from search_app.web.pages.parts.listing.hit_table import HitTable, hit_table
from search_app.web.pages.parts.listing.hits import Article, articles
from search_app.web.pages.parts.listing.paging import PageLink, page_links
from search_app.web.pages.parts.listing.typed_years import typed_time
from search_app.web.pages.parts.readable.money import totals_line
from search_app.web.pages.parts.readable.money_chart import MoneyChart, money_charts
from search_app.web.pages.parts.readable.numbers import projects
from search_app.web.urls import SearchLinks

SORTS = (
    ("relevance", "Relevance"),
    ("-start_date", "Newest start"),
    ("start_date", "Oldest start"),
    ("-end_date", "Latest end"),
    ("end_date", "Earliest end"),
    ("title", "Title A–Z"),
    ("grantee", "Grantee A–Z"),
)
# Several words with a mark between: where a search is relaxed, one of them is enough.
_COMPOUND = re.compile(r"[^\W_][-‐‑'’&.][^\W_]")
# Words without an operator, the last one long enough to begin others.
_PLAIN = re.compile(r"(?:[\w'’-]+\s+)*[^\W\d_]{3,}")
PER_PAGE_CHOICES = (10, PER_PAGE, 50, 100)
# A value of a list to choose from, with its label.
Option: TypeAlias = tuple[str | int, str]

_VIEWS: tuple[tuple[View, str], ...] = (("list", "List"), ("table", "Table"), ("timeline", "Timeline"))


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Everything on the page, top to bottom."""

    answer: Answer
    heading: str
    title: str
    relaxed: str | None
    variants: tuple[str, ...]
    exact_url: str
    wide_url: str
    chips: list[Chip]
    cleared: Chip
    any_word: Chip | None
    begun: Chip | None
    by_date: Chip | None
    totals: list[tuple[str, str]]
    facets: list[FacetList]
    years: YearChart | None
    money: list[MoneyChart]
    hits: list[Article]
    related_heading: str
    table: HitTable | None
    timeline: Timeline | None
    views: list[Choice]
    date_form: DateForm
    carried: tuple[tuple[str, str], ...]
    sorts: tuple[Option, ...]
    sort_carried: tuple[tuple[str, str], ...]
    per_pages: tuple[Option, ...]
    pages: list[PageLink | None]
    errors: tuple[ParameterError, ...]
    anchors: dict[str, str]
    exports: tuple[ExportSpec, ...]


class ResultsPageMaker:
    """Makes the page of one answer; `count` tells how many projects another request finds.

    `declared` are the own fields of the index.
    """

    def __init__(
        self,
        answer: Answer,
        links: SearchLinks,
        contract: Contract,
        count: Callable[[SearchRequest], int],
        declared: Sequence[OwnField] = (),
    ) -> None:
        self._answer = answer
        self._results = answer.results
        self._request = answer.results.request
        self._links, self._contract = links, contract
        self._count, self._declared = count, declared
        self._listed = ListedFacts(declared, self._request.order)
        self._given = links.given

    def page(self, date_form: DateForm, errors: tuple[ParameterError, ...], max_per_page: int) -> ResultsPage:
        """Return the page with the date form as it was typed and the parameter errors that there were."""
        forms = self._forms(errors)
        applied = chips(self._answer, self._links, self._contract.facets, self._count)
        shown = [form for name, form in forms.items() if name in self._answer.facets]
        return ResultsPage(
            answer=self._answer,
            heading=self._heading(),
            title=self._title(),
            relaxed=self._relaxed(),
            variants=tuple(dict.fromkeys(form for term in self._results.terms for form in term.variants)),
            exact_url=self._links.changed(expand="0"),
            wide_url=self._links.changed(expand=None),
            chips=applied,
            cleared=cleared(applied, self._request, self._links, self._count),
            any_word=self._any_word(),
            begun=self._begun(),
            by_date=self._by_date(),
            totals=[(one.label, totals_line(one)) for one in self._results.totals if one.totals],
            facets=self._facets(forms),
            years=self._years(),
            money=money_charts(self._results.totals),
            table=self._table(),
            timeline=self._timeline(),
            views=self._views(),
            hits=articles(self._answer.hits, self._request, self._links, self._listed),
            related_heading=self._related_heading(),
            date_form=date_form,
            carried=hidden(self._given, without=("q", "op", "page")),
            sorts=(*SORTS, *own_sorts(self._contract.facets)),
            sort_carried=hidden(self._given, without=("sort", "per_page", "page")),
            per_pages=self._per_pages(max_per_page),
            pages=page_links(self._request.page, self._results.pages, self._links.page),
            errors=errors,
            anchors=_anchors(date_form, shown),
            exports=self._contract.exports,
        )

    def _heading(self) -> str:
        return heading(self._results.total, self._request.q)

    def _title(self) -> str:
        page, pages = self._request.page, self._results.pages
        if page > max(pages, 1):
            return f"{self._heading()} (there is no page {page:,})"
        return f"{self._heading()} (page {page:,} of {pages:,})" if page > 1 else self._heading()

    def _relaxed(self) -> str | None:
        words = len(self._results.terms)
        if not self._results.relaxed or not self._results.total:
            return None
        found = "this one has" if self._results.total == 1 else "these have"
        if self._results.relaxed_to == "forms":
            return f"No project has the words in quotes as written; {found} them in other forms."
        parts = any(_COMPOUND.search(one.text) for one in self._results.terms)
        if words == 2:
            return f"No project has both words; {found} one of them{', or a part of one' if parts else ''}."
        return f"No project has all {words} words; {found} some{', or parts of some' if parts else ''}."

    def _related_heading(self) -> str:
        """Return what is true of the words in projects that were found by meaning alone."""
        relaxed, words = self._results.relaxed_to == "any", len(self._results.terms)
        if words > 1 and not relaxed and self._request.op == "and":
            return "Close in meaning, without all of these words together"
        return "Close in meaning, without these words" if words > 1 else "Close in meaning, without this word"

    def _any_word(self) -> Chip | None:
        if self._results.total or self._request.op == "or" or len(self._results.terms) < 2:
            return None
        count = self._count(replace(self._request, op="or", page=1))
        return Chip("Any word", self._request.q, self._links.changed(op="or"), count) if count else None

    def _begun(self) -> Chip | None:
        """Return the search for words that begin as the last one, where nothing is found with it whole."""
        q = self._request.q.strip()
        if self._results.total or not _PLAIN.fullmatch(q) or not OPERATORS.keys().isdisjoint(q.split()):
            return None
        begun = f"{q}*"
        count = self._count(replace(self._request, q=begun, page=1))
        return Chip("Begins", q.split()[-1], self._links.changed(q=begun), count) if count else None

    def _by_date(self) -> Chip | None:
        """Return the search by date where a time was typed as words, and none is chosen."""
        if any(one in self._given for one in DATES) or (time := typed_time(self._request.q)) is None:
            return None
        asked = replace(self._request, q=time.words, page=1)
        for name, text in time.given.items():
            asked = asked.filtered(name, (Period.parse(text),))
        if not (count := self._count(asked)):
            return None
        return Chip(time.said, time.words, self._links.changed(q=time.words, **time.given), count)

    def _per_pages(self, most: int) -> tuple[Option, ...]:
        chosen = self._request.per_page
        numbers = sorted({number for number in PER_PAGE_CHOICES if number <= most} | {chosen})
        return tuple((number, str(number)) for number in numbers)

    def _forms(self, errors: tuple[ParameterError, ...]) -> dict[str, RangeForm]:
        """Return the forms of facets, by the facet's name."""
        forms = [range_form(spec, self._given, errors) for spec in self._contract.facets]
        return {form.name: form for form in forms if form is not None}

    def _table(self) -> HitTable | None:
        if self._request.view != "table":
            return None
        specs, chosen = self._contract.facets, self._request.columns
        return hit_table(self._answer.hits, specs, self._declared, chosen, self._links)

    def _timeline(self) -> Timeline | None:
        is_shown = self._request.view == "timeline"
        return timeline(self._answer.hits, self._results, self._listed) if is_shown else None

    def _views(self) -> list[Choice]:
        now = self._request.view
        urls = [self._links.changed(view=None if one == "list" else one) for one, _ in _VIEWS]
        return [Choice(label, url, one == now) for (one, label), url in zip(_VIEWS, urls, strict=True)]

    def _years(self) -> YearChart | None:
        kind = charted(self._request)
        linked = self._answer.facets[YEARS_OF[kind]]
        return year_chart(
            kind,
            linked.facet,
            linked.spec,
            self._request.filters,
            ChartLinks(self._links.toggles, lambda other: self._links.changed(chart=other)),
        )

    def _facets(self, forms: Mapping[str, RangeForm]) -> list[FacetList]:
        """Return the facets that can narrow, and those that do, but for the years in the chart."""
        return [
            facet_list(one, self._links, form)
            for name, one in self._answer.facets.items()
            if name not in YEARS_OF.values()
            and (
                self._is_chosen(one, form := forms.get(name))
                or can_narrow(one.facet, self._results.total, form)
            )
        ]

    def _is_chosen(self, linked: LinkedFacet, form: RangeForm | None) -> bool:
        return linked.spec.name in self._given or (form is not None and form.is_filled)


def shown_facets(asked: SearchRequest, specs: Iterable[FacetSpec]) -> tuple[str, ...] | None:
    """Return the facets that the page has, None for all that are counted: of years those in its chart.

    A timeline is as long as all years are.
    """
    if asked.view == "timeline":
        return None
    left_out = {name for kind, name in YEARS_OF.items() if kind != charted(asked)}
    return tuple([spec.name for spec in specs if spec.counted and spec.name not in left_out])


def heading(total: int, q: str) -> str:
    """Return what was found in a few words: 2 projects for ‘labour courts’."""
    counted = projects(total) if total else "No projects"
    return f"{counted} for ‘{q}’" if q.strip() else counted


def own_sorts(specs: Iterable[FacetSpec]) -> Iterator[Option]:
    """Yield the orders by own fields, as people call them."""
    for spec in specs:
        if spec.sorts:
            ends = ("newest", "oldest") if spec.reads == "years" else ("highest", "lowest")
            yield f"-{spec.name}", f"{spec.label}, {ends[0]} first"
            yield spec.name, f"{spec.label}, {ends[1]} first"


def _anchors(date_form: DateForm, forms: Iterable[RangeForm]) -> dict[str, str]:
    """Return the places of the fields of forms on the page, by their parameters."""
    dates = {name: f"date-{field}" for name, field in date_form.fields.items()}
    return dates | {field.name: field.anchor for form in forms for field in form.fields}
