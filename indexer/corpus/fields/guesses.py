"""What a column may be whose name is not known: the field with the nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache

from indexer.corpus.fields.names import FIELDS_BY_KEY, key_of

# How alike two names must be (difflib's ratio): a letter more, less or other in a word of seven.
_NEARNESS = 0.82
_SHORTEST = 4
_LONGEST = 60


def nearest(name: str, found: set[str]) -> str:
    """Return the field whose name is nearest to that of a column, "" if none is near or it is `found`.

    "Projct Titel" -> "title".
    """
    key = key_of(name)
    if not _SHORTEST <= len(key) <= _LONGEST:
        return ""
    field = _nearest(key)
    return "" if field in found else field


@cache
def _names() -> list[str]:
    return [*FIELDS_BY_KEY]


def _nearest(key: str) -> str:
    near = get_close_matches(key, _names(), n=1, cutoff=_NEARNESS)
    return FIELDS_BY_KEY[near[0]][1] if near else ""


def why_no_title(rows: Iterable[Sequence[str]]) -> str:
    """Return why rows of a table cannot be headings, with the column that is perhaps meant for the title."""
    reason = "no column is named title; the first row must name the columns, or fields.toml the title"
    for names in rows:
        for name in names:
            if nearest(name, set()) == "title":
                return f'{reason}. Is it "{name.strip()}"?'
    return reason
