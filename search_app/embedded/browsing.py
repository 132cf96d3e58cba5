"""What an index shows to those who do not search: what is in it, its grantees, and near projects."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES
from indexer.reporting import report
from indexer.storage.days import charted
from indexer.storage.segment import I64, Segment
from search_app.backend import Near
from search_app.embedded.meaning import similar
from search_app.embedded.meaning.nearness import Nearness
from search_app.embedded.postings.matches import Documents
from search_app.facets.table import YEARS_OF
from search_app.results import Overview, SearchResults

# What the home page shows of each.
RECENT_PROJECTS = 5
TOP_GRANTEES = 10


def overview(
    documents: int, span_years: NDArray[np.int16], grantees: Iterable[str], everything: SearchResults
) -> Overview:
    """Return what the home page says of the index; `everything` is the answer to an empty search.

    `span_years` [S, 2] are the years in which projects start and end, 0 for unknown.
    """
    facets = {facet.name: facet for facet in everything.facets}
    known = span_years[span_years > 0]
    years = charted(int(known.min()), int(known.max())) if len(known) else (None, None)
    return Overview(
        documents=documents,
        first_year=years[0],
        last_year=years[1],
        grantees=sum(1 for name in grantees if name),
        years=tuple(facets[name] for name in YEARS_OF.values()),
        top_grantees=facets["grantee"].buckets[:TOP_GRANTEES],
        recent=tuple(hit.project for hit in everything.hits[:RECENT_PROJECTS]),
    )


def grantees(names: Iterable[str], counts: I64) -> tuple[tuple[str, int], ...]:
    """Return every grantee with its number of projects."""
    return tuple(pair for pair in zip(names, counts.tolist(), strict=True) if pair[0])


def told_doubts(folder: Path) -> tuple[str, ...]:
    """Return the warnings in the report of the generation in `folder`, none where it cannot be read."""
    try:
        return report.read(folder).warnings
    except (OSError, ValueError):
        return ()


def nearest(
    segment: Segment,
    document: int,
    statuses: NDArray[np.uint8],
    limit: int,
    meaning: Nearness | None = None,
) -> tuple[Near, ...]:
    """Return the projects nearest to one, by words or by `meaning` as well, with the words they share."""
    return tuple(
        Near(segment.project(other), STATUSES[statuses[other]], score, words)
        for other, score, words in similar.similar(segment, document, limit, meaning)
    )


def around(segment: Segment, document: int, ordered: Documents) -> tuple[str | None, str | None]:
    """Return the ids before and after a document in an order, None at the ends and if it is not there."""
    found = np.flatnonzero(ordered == document)
    if not len(found):
        return None, None
    row = int(found[0])
    before = segment.project(int(ordered[row - 1])).id if row else None
    after = segment.project(int(ordered[row + 1])).id if row + 1 < len(ordered) else None
    return before, after
