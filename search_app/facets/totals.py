"""Totals of a money field over a result: for each currency, never added across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import Segment
from search_app.postings.matches import Documents
from search_app.results import Total, Totals


def totals_of(segment: Segment, declared: Sequence[OwnField], documents: Documents) -> Iterator[Totals]:
    """Yield the totals of every money field over some documents, the largest sum first."""
    codes = list(segment.own_codes)
    for number, field in enumerate(of_type(declared, "money", "number")):
        if field.type != "money":
            continue
        amounts = segment.own_numbers[number].take(documents)
        currencies = segment.own_currencies[number].take(documents)
        known = ~np.isnan(amounts)
        chosen, which = amounts[known], currencies[known]
        found = [Total(codes[code], chosen[which == code]) for code in np.unique(which).tolist()]
        ordered = sorted(found, key=lambda one: (not one.currency, -one.sum, one.currency))
        yield Totals(field.name, field.label, tuple(ordered), len(amounts) - len(chosen))
