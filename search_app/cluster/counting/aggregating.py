"""Facets and totals as aggregations, and their answers as facets: each counted without its own filter.

One request counts everything: `every` is what all filters leave, and each facet that has a filter of its own
is counted over what the others leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import cast

import numpy as np

from indexer.cluster.facts import Facts
from indexer.document import STATUSES
from indexer.storage.days import day_number
from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import I64
from search_app.cluster.asking.filtering import Filtering, in_range, status_filters
from search_app.cluster.asking.translation import Query, all_of
from search_app.cluster.counting.name_facets import Names, name_queries, named_facet
from search_app.cluster.counting.sums import Answers, money_queries, totals_of
from search_app.facets.ranges import range_buckets, ranges_in, ranges_of
from search_app.facets.specs import FacetSpec
from search_app.facets.years import Timeline, YearCounter, years_in
from search_app.request import FilterValue, Range, SearchRequest
from search_app.results import Bucket, Facet, Totals

_YEAR_FACETS = ("active_year", "start_year", "end_year")
EVERY = "every"


class Aggregating:
    """The facets and totals of one generation."""

    def __init__(
        self,
        specs: Sequence[FacetSpec],
        declared: Sequence[OwnField],
        facts: Facts,
        filtering: Filtering,
    ) -> None:
        """Count the facets `specs`, of which those of own fields are `declared`."""
        self._specs, self._own, self._facts = specs, {one.name: one for one in declared}, facts
        self._filtering = filtering
        self._money = of_type(declared, "money")
        self._span_years = facts.arrays["span_years"]
        self._projects = int(facts.arrays["span_counts"].sum())
        self._grantees = Names(sum(map(bool, facts.texts("grantee_names"))), self._projects, {})
        self.years = YearCounter(self._span_years)

    def wanted(self, request: SearchRequest) -> list[FacetSpec]:
        """Return the facets that a request asks for, in their order."""
        return [
            spec
            for spec in self._specs
            if (spec.counted if request.facets is None else spec.name in request.facets)
        ]

    def queries(self, request: SearchRequest, as_of: date, own: Mapping[str, Query]) -> dict[str, Query]:
        """Return the aggregations of a request whose facets have the filters `own`."""
        wanted = self.wanted(request)
        inner: dict[str, Query] = {}
        found: dict[str, Query] = {}
        for spec in wanted:
            counted = self._counted(spec, request, as_of)
            if spec.name in own:
                others = [query for name, query in own.items() if name != spec.name]
                found[spec.name] = {"filter": all_of(others), "aggs": counted}
            else:
                inner |= counted
        for field in self._money:
            inner |= money_queries(field)
        if inner:
            found[EVERY] = {"filter": all_of(own.values()), "aggs": inner}
        return found

    def _counted(self, spec: FacetSpec, request: SearchRequest, as_of: date) -> dict[str, Query]:
        chosen = request.filters[spec.name]
        if spec.name in _YEAR_FACETS:
            return {"span": {"terms": {"field": "span", "size": max(1, len(self._span_years))}}}
        if spec.name == "status":
            return {"status": {"filters": {"filters": status_filters(as_of)}}}
        if spec.name == "grantee":
            distinct = len(self._facts.arrays["grantee_counts"])
            return name_queries("grantee", "grantee_name", distinct, list(map(str, chosen)), request.listed)
        field = self._own[spec.name]
        if field.type == "keyword":
            texts = [text for one in chosen for text in self._filtering.texts(field, one)]
            return name_queries(field.name, f"k_{field.name}", self._distinct(field), texts, request.listed)
        if field.type == "date":
            return self._days(field)
        return self._measured(field, ranges_in(chosen))

    def _distinct(self, field: OwnField) -> int:
        number = of_type(list(self._own.values()), "keyword").index(field)
        first, last = self._facts.arrays["own_value_starts"][number : number + 2].tolist()
        return int(last - first)

    def _days(self, field: OwnField) -> dict[str, Query]:
        first, last = self._year_range(field)
        # Where no project has a date there is no year: an index in which nothing changed yet.
        ranges = [
            {"from": day_number(date(year, 1, 1)), "to": day_number(date(year, 12, 31)) + 1}
            for year in range(first, last + 1)
        ]
        name = f"d_{field.name}"
        return {
            name: {"range": {"field": name, "ranges": ranges}} if ranges else {"missing": {"field": name}},
            f"{name}_none": {"missing": {"field": name}},
        }

    def _year_range(self, field: OwnField) -> tuple[int, int]:
        years = self._facts.arrays[f"years_{field.name}"]
        return (int(years[0]), int(years[1])) if len(years) else (9999, 9998)

    def _measured(self, field: OwnField, chosen: Sequence[Range]) -> dict[str, Query]:
        name = f"n_{field.name}"
        cuts = [cast("float", one.low) for one in self._ranges[field.name][1:]]
        edges = [None, *cuts, None] if self._ranges[field.name] else []
        ranges = [
            {side: edge for side, edge in (("from", low), ("to", high)) if edge is not None}
            for low, high in pairwise(edges)
        ]
        others = {str(one): in_range(name, one) for one in chosen if one not in self._ranges[field.name]}
        found: dict[str, Query] = {f"{name}_none": {"missing": {"field": name}}}
        if cuts:
            found[name] = {"range": {"field": name, "ranges": ranges}}
        elif ranges:
            found[name] = {"range": {"field": name, "ranges": [{"from": -1e300}]}}
        if others:
            found[f"{name}_chosen"] = {"filters": {"filters": others}}
        return found

    @cached_property
    def _ranges(self) -> dict[str, tuple[Range, ...]]:
        """The ranges that each measured field is counted in, by a sample of its values."""
        return {
            field.name: ranges_of(self._facts.arrays[f"sample_{field.name}"])
            for field in of_type(list(self._own.values()), "money", "number")
        }

    def facets(self, request: SearchRequest, answers: Answers) -> tuple[Facet, ...]:
        """Return the facets that a request asks for, in their order."""
        return tuple(
            self._facet(spec, request, answers.get(spec.name, answers.get(EVERY, {})))
            for spec in self.wanted(request)
        )

    def _facet(self, spec: FacetSpec, request: SearchRequest, answers: Answers) -> Facet:
        chosen = request.filters[spec.name]
        if spec.name in _YEAR_FACETS:
            timeline = self.years.count(self._span_counts(answers["span"]))[spec.name]
            return timeline.facet(spec.label, years_in(chosen))
        if spec.name == "status":
            counts = {name: one["doc_count"] for name, one in answers["status"]["buckets"].items()}
            buckets = [
                Bucket(one, one.capitalize(), counts[one], one in chosen)
                for one in STATUSES
                if counts[one] or one in chosen
            ]
            return Facet(spec.name, spec.label, "terms", tuple(buckets))
        if spec.name == "grantee":
            known = {str(one): [str(one)] for one in chosen}
            return named_facet(spec, known, answers, self._grantees, request.listed)
        field = self._own[spec.name]
        if field.type == "keyword":
            texts = {str(one): self._filtering.texts(field, one) for one in chosen}
            shown = self._filtering.labels[field.name].shown
            names = Names(len(shown), self._projects, shown)
            return named_facet(spec, texts, answers, names, request.listed)
        if field.type == "date":
            return self._dated(spec, field, chosen, answers)
        return self._in_ranges(spec, field, ranges_in(chosen), answers)

    def _span_counts(self, answer: Answers) -> I64:
        counts = {one["key"]: one["doc_count"] for one in answer["buckets"]}
        keys = self._span_years.astype(np.int64) @ np.array([10_000, 1])
        return np.array([counts.get(key, 0) for key in keys.tolist()], np.int64)

    def _dated(
        self, spec: FacetSpec, field: OwnField, chosen: tuple[FilterValue, ...], answers: Answers
    ) -> Facet:
        first, last = self._year_range(field)
        found = answers[f"d_{field.name}"].get("buckets", []) if first <= last else []
        counts = [one["doc_count"] for one in found]
        totals = np.cumsum([*counts, answers[f"d_{field.name}_none"]["doc_count"]]).tolist()
        timeline = Timeline.of(spec.name, first, totals, totals)
        return timeline.facet(spec.label, years_in(chosen))

    def _in_ranges(
        self, spec: FacetSpec, field: OwnField, chosen: tuple[Range, ...], answers: Answers
    ) -> Facet:
        name, ranges = f"n_{field.name}", self._ranges[field.name]
        found = answers.get(name, {}).get("buckets", [])
        listed = dict(zip(ranges, (one["doc_count"] for one in found), strict=True))
        others = answers.get(f"{name}_chosen", {}).get("buckets", {})
        listed |= {one: others[str(one)]["doc_count"] for one in chosen if one not in listed}
        unknown = answers[f"{name}_none"]["doc_count"]
        return Facet(spec.name, spec.label, "range", range_buckets(listed, chosen), unknown)

    def totals(self, answers: Answers) -> tuple[Totals, ...]:
        """Return the totals of every money field over what all filters leave."""
        return tuple(totals_of(field, answers[EVERY]) for field in self._money)
