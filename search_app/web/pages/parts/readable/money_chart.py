"""Money by year as columns: what the projects of a result come to by the year in which they started.

A chart for each currency; its columns have their text beside them, so that nothing is told by length alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search_app.facets.years import year_ranges
from search_app.request import Years
from search_app.results import Total, Totals, YearTotal
from search_app.web.pages.parts.readable.money import rounded, short
from search_app.web.pages.parts.readable.numbers import projects

# Currencies that have a chart, those with the most projects: beyond these a page is a list of charts.
MOST_CHARTS = 3


class Column(NamedTuple):
    """Some years: what stands on the column, its whole text, and its length in percent of the longest."""

    years: str
    shown: str
    text: str
    percent: int


@dataclass(frozen=True, slots=True)
class MoneyChart:
    """The amounts in one currency by year; `note` says what is in no column, "" if all is."""

    label: str
    columns: tuple[Column, ...]
    note: str


def money_charts(found: Sequence[Totals]) -> list[MoneyChart]:
    """Return the charts of the first money field of a result that has amounts in more than one year."""
    for field in found:
        if charts := [*_charts(field)]:
            return charts
    return []


def _charts(field: Totals) -> Iterator[MoneyChart]:
    often = sorted(field.totals, key=lambda one: -one.count)[:MOST_CHARTS]
    for one in (one for one in field.totals if one in often):
        cut = _cut(one)
        if len(cut) > 1:
            most = max(inside.sum for _, inside in cut)
            columns = tuple(_column(one.currency, years, inside, most) for years, inside in cut)
            note = _note(field, one, sum(inside.count for _, inside in cut))
            currency = one.currency or "no currency stated"
            yield MoneyChart(f"{field.label} by year of start, {currency}", columns, note)


def _cut(one: Total) -> list[tuple[str, YearTotal]]:
    """Return the years that have a column each, with what the projects that started in them come to."""
    dated = {year.year: year for year in one.years if year.year is not None}
    ranges = year_ranges(dated) if dated else ()
    return [(label, _inside(dated, years)) for years, label in ranges]


def _inside(dated: dict[int, YearTotal], years: Years) -> YearTotal:
    inside = [dated[number] for number in range(years.first, years.last + 1) if number in dated]
    return YearTotal(years.first, sum(year.count for year in inside), sum(year.sum for year in inside))


def _column(currency: str, years: str, inside: YearTotal, most: float) -> Column:
    text = f"{currency} {rounded(inside.sum)} in {projects(inside.count)}".strip()
    percent = round(100 * inside.sum / most) if most > 0 else 0
    return Column(years, short(inside.sum), text, max(percent, 0))


def _note(field: Totals, one: Total, charted: int) -> str:
    told = []
    if outside := one.count - charted:
        told.append(f"{projects(outside)} whose start is unknown or no likely year")
    if field.unknown:
        told.append(f"{projects(field.unknown)} without an amount")
    return f"Not in the chart: {', '.join(told)}." if told else ""
