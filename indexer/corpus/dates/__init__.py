"""Dates as sources write them: which order they have (`order`), their forms (`forms`), spans (`spans`)."""

from __future__ import annotations

from indexer.corpus.dates.forms import UNKNOWN, Day, Edge, Note, read_day
from indexer.corpus.dates.order import MONTH_FIRST, DateReading, DateSurvey, Habit
from indexer.corpus.dates.spans import (
    DAY,
    NO_SPAN,
    RANGE,
    Span,
    day_of,
    fiscal_span_of,
    in_order,
    iso_day,
    parse_day,
    parse_span,
    range_texts,
    span_of,
)

__all__ = [
    "DAY", "MONTH_FIRST", "NO_SPAN", "RANGE", "UNKNOWN", "DateReading", "DateSurvey", "Day", "Edge", "Habit",
    "Note", "Span", "day_of", "fiscal_span_of", "in_order", "iso_day", "parse_day", "parse_span",
    "range_texts", "read_day", "span_of",
]  # fmt: skip
