"""Facets of a corpus's own fields: an entry for each that its generation declares and that has a column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal

from indexer.storage.own_fields import FieldType, OwnField, of_type, searched_of
from search_app.facets.own.own_columns import DaysColumn, KeywordsColumn, NumbersColumn
from search_app.facets.spans import Spans
from search_app.facets.specs import Bound, Column, FacetSpec

Make = Callable[[OwnField, int], FacetSpec]


def own_specs(declared: Sequence[OwnField]) -> Iterator[FacetSpec]:
    """Yield an entry for each own field that has a column."""
    for field in declared:
        if field.type in _MAKERS:
            make, types = _MAKERS[field.type]
            yield make(field, of_type(declared, *types).index(field))


def _keyword(field: OwnField, number: int) -> FacetSpec:
    return FacetSpec(
        field.name,
        field.heading,
        "keyword",
        f"any of these, in the field {field.label}",
        partial(_open_keywords, number),
        exclusion=f"none of these, in the field {field.label}",
        word_field=field.name if searched_of([field]) else None,
        counted=field.facet,
    )


def _measured(field: OwnField, number: int) -> FacetSpec:
    return FacetSpec(
        field.name,
        field.label,
        "range",
        f"{field.label} in any of these ranges, from the first number up to the second",
        partial(_open_numbers, number),
        bounds=_bounds(field, "number", "of this number or more", "of this number or less"),
        counted=field.facet,
        sorts=True,
    )


def _dated(field: OwnField, number: int) -> FacetSpec:
    return FacetSpec(
        field.name,
        field.label,
        "years",
        f"{field.label} in any of these years",
        partial(_open_days, number),
        bounds=_bounds(field, "period", "on this date or later", "on this date or earlier"),
        counted=field.facet,
        sorts=True,
    )


def _bounds(
    field: OwnField, reads: Literal["number", "period"], least: str, most: str
) -> tuple[Bound, Bound]:
    return (
        Bound(f"{field.name}_from", "from", f"{field.label} from", f"{field.label} {least}", reads),
        Bound(f"{field.name}_to", "to", f"{field.label} to", f"{field.label} {most}", reads),
    )


def _open_keywords(number: int, spec: FacetSpec, spans: Spans) -> Column:
    return KeywordsColumn(spec, spans, number)


def _open_numbers(number: int, spec: FacetSpec, spans: Spans) -> Column:
    return NumbersColumn(spec, spans.segment.own_numbers[number])


def _open_days(number: int, spec: FacetSpec, spans: Spans) -> Column:
    return DaysColumn(spec, spans.segment.own_days[number])


# By type: what makes the entry, and which fields share the arrays of its column.
_MAKERS: dict[FieldType, tuple[Make, tuple[FieldType, ...]]] = {
    "keyword": (_keyword, ("keyword",)),
    "money": (_measured, ("money", "number")),
    "number": (_measured, ("money", "number")),
    "date": (_dated, ("date",)),
}
