"""Totals of money fields as aggregations: for each currency and year of start; medians are nearly exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from indexer.storage.own_fields import OwnField
from search_app.cluster.asking.translation import Query
from search_app.results import Total, Totals, YearTotal

Answers: TypeAlias = Mapping[str, Any]

# How fine medians are: exact up to some ten thousand amounts, and nearly so above. Finer ones take longer.
COMPRESSION = 10_000


def money_queries(field: OwnField) -> dict[str, Query]:
    """Return the aggregations that give the totals of a money field."""
    amount = f"n_{field.name}"
    total: Query = {"sum": {"field": amount}}
    middle: Query = {"field": amount, "percents": [50], "tdigest": {"compression": COMPRESSION}}
    years: Query = {"field": "start_year", "size": 9_999, "missing": 0}
    inner = {
        "sum": total,
        "median": {"percentiles": middle},
        "years": {"terms": years, "aggs": {"sum": total}},
    }
    return {
        f"{amount}_money": {"terms": {"field": f"c_{field.name}", "size": 1_000}, "aggs": inner},
        f"{amount}_unknown": {"missing": {"field": amount}},
    }


def totals_of(field: OwnField, answers: Answers) -> Totals:
    """Return the totals of a money field by what its aggregations answered."""
    found = [_total(one) for one in answers[f"n_{field.name}_money"]["buckets"]]
    ordered = sorted(found, key=lambda one: (not one.currency, -one.sum, one.currency))
    unknown = answers[f"n_{field.name}_unknown"]["doc_count"]
    return Totals(field.name, field.label, tuple(ordered), unknown)


def _total(bucket: Answers) -> Total:
    years = sorted(
        (
            YearTotal(one["key"] or None, one["doc_count"], one["sum"]["value"])
            for one in bucket["years"]["buckets"]
        ),
        key=lambda one: (one.year is None, one.year or 0),
    )
    median = next(iter(bucket["median"]["values"].values()))
    return Total(bucket["key"], bucket["doc_count"], bucket["sum"]["value"], median, tuple(years))
