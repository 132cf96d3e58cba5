"""Single values as every answer writes them in JSON: scores, moments, the own fields of a project."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from search_app.results import Fields, Money

Json: TypeAlias = dict[str, Any]

# Digits of a score that say something; float32 has seven.
SCORE_DIGITS = 4
# Moments kept as they are written: projects were first seen, and changed, in few runs of `reindex`.
_CACHED_MOMENTS = 1_024


def as_json(document: object) -> bytes:
    """Return a dumped document as JSON in UTF-8."""
    return orjson.dumps(document)


def rounded(score: float) -> float:
    """Return a score without the digits that say nothing: 7.31234567 -> 7.3123."""
    return round(score, SCORE_DIGITS)


@lru_cache(_CACHED_MOMENTS)
def moment(value: datetime) -> str:
    """Return a moment in UTC to the second: 2026-11-22T08:00:00Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def own_fields(own: Fields) -> Json:
    """Return the own fields of a project: an amount is an object, all others are as they are."""
    return {name: value._asdict() if isinstance(value, Money) else value for name, value in own.items()}
