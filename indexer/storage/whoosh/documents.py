"""Stored fields, field lengths and the columns of dates, as Whoosh reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.codec import base
from whoosh.util.times import datetime_to_long

from indexer.storage.own_fields import SearchedTexts
from indexer.storage.schema import ANY_FIELD, GRANTEE_NAME, ID_FIELD, OWN_TEXTS, TEXT_FIELDS
from indexer.storage.segment import Segment
from indexer.storage.whoosh.field_terms import lengths, midnight

_DAYS = ("start", "end")
# What an unknown day sorts as: behind all others.
_LAST = datetime_to_long(datetime.max)


class FlatDocumentReader(base.PerDocumentReader):
    """What a segment holds of each document."""

    def __init__(self, segment: Segment) -> None:
        self._segment, self._own = segment, SearchedTexts.of_segment(segment)

    def doc_count(self) -> int:
        """Return the number of documents."""
        return len(self._segment)

    doc_count_all = doc_count

    def has_deletions(self) -> bool:
        """Return False."""
        return False

    def is_deleted(self, docnum: int) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def deleted_docs(self) -> frozenset[int]:
        """Return nothing."""
        return frozenset()

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field has a column."""
        return fieldname in _DAYS

    def list_columns(self) -> tuple[str, ...]:
        """Return the fields that have columns."""
        return _DAYS

    def column_reader(self, fieldname: str, column: Any) -> DayColumn:  # noqa: ARG002
        """Return the column of a date field."""
        return DayColumn(getattr(self._segment, fieldname))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:  # noqa: ARG002
        """Return the positions in a field of a document."""
        return int(lengths(self._segment, fieldname)[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return the positions in a field of all documents."""
        return int(lengths(self._segment, fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return the positions in a field of the shortest document."""
        return int(lengths(self._segment, fieldname).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        """Return the positions in a field of the longest document."""
        return int(lengths(self._segment, fieldname).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the fields of a project that are known; `text` is all its texts, a line each."""
        project, segment = self._segment.project(docnum), self._segment
        texts = {name: getattr(project, name) for name in TEXT_FIELDS if name != OWN_TEXTS}
        (own,) = self._own.of(docnum, [dict(project.extra)])
        texts[OWN_TEXTS] = "\n".join(text for _, text in own)
        days = {name: midnight(int(getattr(segment, name)[docnum])) for name in _DAYS}
        found = {ID_FIELD: project.id, **texts, GRANTEE_NAME: project.grantee, **days}
        found[ANY_FIELD] = "\n".join(filter(None, texts.values()))
        return {name: value for name, value in found.items() if value}


class DayColumn(columns.ColumnReader):
    """A column of days as Whoosh sorts times: microseconds since the year 1, unknown ones last both ways."""

    def __init__(self, days: NDArray[np.int32]) -> None:
        """Read day numbers [N]."""
        self._days, self._sign = days, 1

    def __len__(self) -> int:
        return len(self._days)

    def __getitem__(self, docnum: int) -> int:
        moment = midnight(int(self._days[docnum]))
        return _LAST if moment is None else datetime_to_long(moment)

    def sort_key(self, docnum: int) -> Any:
        """Return what a document is sorted by."""
        value = self[docnum]
        return value if value == _LAST else self._sign * value

    def set_reverse(self) -> None:
        """Sort the latest first from now on."""
        self._sign = -1
