"""Which column of a source says what: usual names, publishers' names, guesses, rows of headings."""

from __future__ import annotations

from indexer.corpus.fields.layout import ABSENT, MAX_COLUMNS, Layout, layout_of
from indexer.corpus.fields.names import SYNONYMS, Kind, field_of, key_of, kind_of
from indexer.corpus.fields.publishers import FIELDS, Publisher, publishers
from indexer.corpus.fields.said import Said

__all__ = [
    "ABSENT", "FIELDS", "MAX_COLUMNS", "SYNONYMS", "Kind", "Layout", "Publisher", "Said", "field_of",
    "key_of", "kind_of", "layout_of", "publishers",
]  # fmt: skip
