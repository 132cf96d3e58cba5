"""The facets that there are: an entry here is a facet on every page and in every answer."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.document import STATUSES
from indexer.storage.own_fields import from_bytes
from indexer.storage.segment import Segment
from search_app.facets.keywords import KeywordColumn
from search_app.facets.own.own_columns import DaysColumn
from search_app.facets.own.own_fields import own_specs
from search_app.facets.spans import Spans, StatusColumn, YearColumn
from search_app.facets.specs import Bound, Column, FacetSpec
from search_app.request import ChartedYears


def _grantees(spec: FacetSpec, spans: Spans) -> Column:
    return KeywordColumn(spec, spans.segment.grantee_names, spans.segment.grantee)


def _first_seen(spec: FacetSpec, spans: Spans) -> Column:
    return DaysColumn(spec, spans.seen.first_days)


def _last_changed(spec: FacetSpec, spans: Spans) -> Column:
    return DaysColumn(spec, spans.seen.changed_days)


# In the order in which they are shown.
FACETS = (
    FacetSpec(
        name="active_year",
        label="Active in",
        reads="years",
        meaning="running in any of these years",
        open_column=YearColumn,
        bounds=(
            Bound("active_from", "from", "Active from", "running on this date or later"),
            Bound("active_to", "to", "Active until", "running on this date or earlier"),
            Bound(
                "active_on",
                "on",
                "Active during",
                "running on this day, or at some time in this month or year",
            ),
        ),
        is_open=True,
    ),
    FacetSpec(
        name="start_year",
        label="Started in",
        reads="years",
        meaning="started in any of these years",
        open_column=YearColumn,
        bounds=(
            Bound("start_from", "from", "Started from", "started on this date or later"),
            Bound("start_to", "to", "Started until", "started on this date or earlier"),
        ),
    ),
    FacetSpec(
        name="end_year",
        label="Ended in",
        reads="years",
        meaning="ended in any of these years",
        open_column=YearColumn,
        bounds=(
            Bound("end_from", "from", "Ended from", "ended on this date or later"),
            Bound("end_to", "to", "Ended until", "ended on this date or earlier"),
        ),
    ),
    FacetSpec(
        name="status",
        label="Status",
        reads="choice",
        meaning="any of these statuses",
        open_column=StatusColumn,
        choices=STATUSES,
        exclusion="none of these statuses",
        is_open=True,
    ),
    FacetSpec(
        name="grantee",
        label="Grantee",
        reads="keyword",
        meaning="any of these grantees, by exact name",
        open_column=_grantees,
        exclusion="none of these grantees, by exact name",
        is_open=True,
    ),
    FacetSpec(
        name="added",
        label="First seen",
        reads="years",
        meaning="first seen in the index in any of these years",
        open_column=_first_seen,
        bounds=(
            Bound("added_from", "from", "First seen from", "first seen in the index on this date or later"),
            Bound("added_to", "to", "First seen until", "first seen in the index on this date or earlier"),
        ),
        counted=False,
        sorts=True,
    ),
    FacetSpec(
        name="changed",
        label="Last changed",
        reads="years",
        meaning="last changed in the index in any of these years",
        open_column=_last_changed,
        bounds=(
            Bound("changed_from", "from", "Changed from", "last changed in the index on this date or later"),
            Bound("changed_to", "to", "Changed until", "last changed in the index on this date or earlier"),
        ),
        counted=False,
        sorts=True,
    ),
)

# The facets of a project's own dates, by what the years in them are of.
YEARS_OF: Mapping[ChartedYears, str] = {"active": "active_year", "started": "start_year", "ended": "end_year"}


def specs_of(segment: Segment) -> tuple[FacetSpec, ...]:
    """Return the facets of a segment, in the order in which they are shown; its own fields come last."""
    return (*FACETS, *own_specs(from_bytes(segment.own_fields)))
