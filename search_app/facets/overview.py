"""What an index tells those who do not search: what is in it, and its grantees."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import run_of
from indexer.storage.segment import I64
from search_app.facets.table import YEARS_OF
from search_app.results import Overview, SearchResults

# What the home page shows of each.
RECENT_PROJECTS = 5
TOP_GRANTEES = 10


def overview_of(
    documents: int, span_years: NDArray[np.int16], grantees: Iterable[str], everything: SearchResults
) -> Overview:
    """Return what the home page says of the index; `everything` is the answer to an empty search.

    `span_years` [S, 2] are the years in which projects start and end, 0 for unknown.
    """
    facets = {facet.name: facet for facet in everything.facets}
    known = np.unique(span_years[span_years > 0]).tolist()
    years = run_of(known) if known else (None, None)
    return Overview(
        documents=documents,
        first_year=years[0],
        last_year=years[1],
        grantees=sum(1 for name in grantees if name),
        years=tuple(facets[name] for name in YEARS_OF.values()),
        top_grantees=facets["grantee"].buckets[:TOP_GRANTEES],
        recent=tuple(hit.project for hit in everything.hits[:RECENT_PROJECTS]),
    )


def grantees_of(names: Iterable[str], counts: I64) -> tuple[tuple[str, int], ...]:
    """Return every grantee with its number of projects."""
    return tuple(pair for pair in zip(names, counts.tolist(), strict=True) if pair[0])
