"""Projects as this service exports them: in the columns of the source that each came from."""

from __future__ import annotations

from collections.abc import Mapping

# What a project has in JSON lines and in the answers of the API, beside what it is made of.
_OURS = frozenset({"url", "status", "first_seen", "as_of", "fields", "extra"})
_FIELDS = ("id", "title", "description", "grantee", "start_date", "end_date")
_EXTRA = "extra"


def is_exported(record: Mapping[str, object]) -> bool:
    """Return whether a record is a project that this service exported."""
    return record.keys() >= _OURS and isinstance(record[_EXTRA], Mapping)


def as_its_source_had_it(record: Mapping[str, object]) -> dict[str, object]:
    """Return an exported project with the columns of its source, without what is worked out for each answer.

    Where a column of the source is called as a field of the project, the field counts.
    """
    extra = record[_EXTRA]
    assert isinstance(extra, Mapping)
    return {**extra, **{name: record[name] for name in _FIELDS if name in record}}
