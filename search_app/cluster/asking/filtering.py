"""Filters as queries: what the values of each parameter let pass, as the columns of a segment do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

from indexer.cluster.facts import Facts
from indexer.document import STATUSES, Status
from indexer.storage.days import day_number
from indexer.storage.own_fields import OwnField, of_type
from indexer.text.analysis import as_written, fold
from search_app.cluster.asking.translation import Query, all_of, any_of, none_of
from search_app.facets.specs import Bound, FacetSpec
from search_app.facets.years import years_in
from search_app.request import UNKNOWN, Filters, FilterValue, Number, Period, Range, Years

_FIRST_DAY, _LAST_DAY = (1, 1), (12, 31)


@dataclass(frozen=True, slots=True)
class Labels:
    """The values of a keyword field: spellings, the first of each by key, the most frequent by the first."""

    spelled: frozenset[str]
    first: dict[str, str]
    shown: dict[str, str]

    @classmethod
    def of(cls, spelled: Sequence[str], uses: Sequence[int]) -> Labels:
        """Return those of sorted spellings, each used so often."""
        first: dict[str, str] = {}
        most: dict[str, tuple[int, str]] = {}
        for one, count in zip(spelled, uses, strict=True):
            representative = first.setdefault(fold(as_written(one)), one)
            if representative not in most or count > most[representative][0]:
                most[representative] = (count, one)
        return cls(frozenset(spelled), first, {name: text for name, (_, text) in most.items()})


class Filtering:
    """The filters of one generation."""

    def __init__(self, specs: Sequence[FacetSpec], declared: Sequence[OwnField], facts: Facts) -> None:
        """Filter by the facets `specs`, of which those of own fields are `declared`."""
        self._specs, self._own = specs, {one.name: one for one in declared}
        self._declared, self._facts = declared, facts

    def own(self, filters: Filters, as_of: date) -> dict[str, Query]:
        """Return the filters of the values that are chosen in facets, by the facet's name."""
        chosen = ((spec, filters[spec.name]) for spec in self._specs)
        return {spec.name: self._values(spec, values, as_of) for spec, values in chosen if values}

    def common(self, filters: Filters, as_of: date) -> Iterator[Query]:
        """Yield the filters that hold for every facet: those of bounds, and of what must not be there."""
        for spec in self._specs:
            for bound in spec.bounds:
                for limit in filters[bound.name]:
                    yield self._bounded(spec, bound, limit)
            if excluded := filters[spec.exclusion_name]:
                yield none_of(self._values(spec, excluded, as_of))

    def _values(self, spec: FacetSpec, values: Sequence[FilterValue], as_of: date) -> Query:
        if spec.name == "status":
            statuses = status_filters(as_of)
            return any_of(statuses[cast("Status", one)] for one in values)
        if spec.name == "grantee":
            named = [{"terms": {"grantee_name": list(map(str, values))}}]
            return any_of([*named, *_unknown(values, "grantee_name")])
        if spec.name in self._own:
            return self._own_values(self._own[spec.name], values)
        parts = [_in_years(spec.name, one) for one in years_in(values)]
        sides = ("start", "end") if spec.name == "active_year" else (spec.name.removesuffix("_year"),)
        return any_of([*parts, *_unknown(values, *sides)])

    def _own_values(self, field: OwnField, values: Sequence[FilterValue]) -> Query:
        if field.type == "keyword":
            name = f"k_{field.name}"
            texts = [text for one in values for text in self.texts(field, one)]
            return any_of([{"terms": {name: texts}}, *_unknown(values, name)])
        if field.type == "date":
            name = f"d_{field.name}"
            return any_of([*(_in_days(name, one) for one in years_in(values)), *_unknown(values, name)])
        name = f"n_{field.name}"
        ranges = [in_range(name, one) for one in values if isinstance(one, Range)]
        return any_of([*ranges, *_unknown(values, name)])

    def texts(self, field: OwnField, value: FilterValue) -> list[str]:
        """Return the first spelling of a value, whatever its case and accents, if there is any."""
        # A value such as "Unknown" is not what no value is.
        if value == UNKNOWN and UNKNOWN not in self.labels[field.name].spelled:
            return []
        first = self.labels[field.name].first.get(fold(as_written(str(value))))
        return [] if first is None else [first]

    @cached_property
    def labels(self) -> dict[str, Labels]:
        """The values of each keyword field."""
        values, starts = self._facts.texts("own_values"), self._facts.arrays["own_value_starts"].tolist()
        return {
            field.name: Labels.of(
                values[starts[number] : starts[number + 1]], self._facts.arrays[f"uses_{number}"].tolist()
            )
            for number, field in enumerate(of_type(self._declared, "keyword"))
        }

    def _bounded(self, spec: FacetSpec, bound: Bound, limit: FilterValue) -> Query:
        own = self._own.get(spec.name)
        if own is not None and own.type != "date":
            side = "gte" if bound.side == "from" else "lte"
            return {"range": {f"n_{own.name}": {side: cast("Number", limit).value}}}
        earliest, latest = ("end", "start")
        if own is not None:
            earliest = latest = f"d_{own.name}"
        elif spec.name == "start_year":
            earliest = latest = "start"
        elif spec.name == "end_year":
            earliest = latest = "end"
        period = cast("Period", limit)
        parts: list[Query] = []
        if bound.side in ("from", "on"):
            parts.append({"range": {earliest: {"gte": day_number(period.first)}}})
        if bound.side in ("to", "on"):
            parts.append({"range": {latest: {"lte": day_number(period.last)}}})
        return parts[0] if len(parts) == 1 else all_of(parts)


def _unknown(values: Sequence[FilterValue], *fields: str) -> list[Query]:
    """Return the filter of what has not all of some fields, if values ask for it."""
    known: list[Query] = [{"exists": {"field": name}} for name in fields]
    return [none_of(all_of(known))] if UNKNOWN in values else []


def status_filters(as_of: date) -> dict[Status, Query]:
    """Return the filter of each status on a day."""
    day = day_number(as_of)
    planned: Query = {"range": {"start": {"gt": day}}}
    over: Query = {"range": {"end": {"lt": day}}}
    known = all_of([{"exists": {"field": "start"}}, {"exists": {"field": "end"}}])
    others: Query = {"bool": {"must_not": [planned, over]}}
    found: dict[Status, Query] = {
        "planned": planned,
        "completed": {"bool": {"filter": [over], "must_not": [planned]}},
        "active": all_of([known, others]),
        "unknown": {"bool": {"must_not": [planned, over, known]}},
    }
    return {status: found[status] for status in STATUSES}


def in_range(field: str, one: Range) -> Query:
    """Return the filter of a range of numbers."""
    sides = {"gte": one.low, "lt": one.high}
    return {"range": {field: {side: value for side, value in sides.items() if value is not None}}}


def _in_days(field: str, years: Years) -> Query:
    first, last = date(years.first, *_FIRST_DAY), date(years.last, *_LAST_DAY)
    return {"range": {field: {"gte": day_number(first), "lte": day_number(last)}}}


def _in_years(name: str, years: Years) -> Query:
    if name != "active_year":
        return _in_days(name.removesuffix("_year"), years)
    first, last = date(years.first, *_FIRST_DAY), date(years.last, *_LAST_DAY)
    return all_of(
        [
            {"range": {"start": {"lte": day_number(last)}}},
            {"range": {"end": {"gte": day_number(first)}}},
        ]
    )
