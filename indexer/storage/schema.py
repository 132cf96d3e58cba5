"""The Whoosh schema of a project: the fields, what each is for, and what a match in it is worth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import DATETIME, ID, TEXT, Schema
from whoosh.formats import Positions

from indexer.text.analysis import ANALYZER_VERSION, TOKEN, ProjectAnalyzer
from indexer.text.corrections import Line, reviewed

# Searched text, in the order in which the positions of a project run.
TEXT_FIELDS = ("title", "description", "grantee", "fields")
# The words of a corpus's own fields together; which of them a word is in, its position tells (`own_fields`).
OWN_TEXTS = "fields"
# Every text field at once: where a word without a field is looked up.
ANY_FIELD = "text"
# The address of a project, and the name of its grantee as a whole.
ID_FIELD, GRANTEE_NAME = "id", "grantee_name"

# A title says what a project is; a description mentions much else. A grantee's name is as telling as
# a word of the description: whoever looks for "Verité" wants its projects, whoever looks for
# "research" does not want all of the American Institutes for Research. So is a country or a theme.
FIELD_WEIGHTS = {"title": 2.0, "description": 1.0, "grantee": 1.0, OWN_TEXTS: 1.0}
# Robertson & Zaragoza 2009, section 3.6, with the values that Lucene ships.
K1 = 1.2
B = 0.75


class FlatPositions(Positions):
    """Whoosh's format for positions with plain little-endian arrays in place of its pickles."""

    def encode(self, positions: Sequence[int] | NDArray[np.uint32]) -> bytes:
        """Return token positions, ascending, as uint32 bytes."""
        return np.asarray(positions, "<u4").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the token positions that `encode` wrote."""
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of positions in an encoded value."""
        return len(value) // 4


def _text(stem_lines: Sequence[Line]) -> TEXT:
    field = TEXT(analyzer=ProjectAnalyzer(stem_lines), phrase=True, stored=True)
    field.format = FlatPositions()
    return field


def _day() -> DATETIME:
    field = DATETIME(stored=True, sortable=True)
    # A day is one term; Whoosh's own writer adds terms of coarser precision, which ranges then ask for.
    field.shift_step = 0
    return field


def schema(stem_lines: Sequence[Line] = ()) -> Schema:
    """Return the schema; it comes from code alone and is never read from an index.

    `stem_lines` are the corrections to the stemmer that a corpus brings along (`text.word_rules`).
    """
    return Schema(
        **{ID_FIELD: ID(stored=True, unique=True), GRANTEE_NAME: ID(stored=True)},
        **{name: _text(stem_lines) for name in (*TEXT_FIELDS, ANY_FIELD)},
        start=_day(),
        end=_day(),
    )


def schema_fingerprint() -> str:
    """Return a hash of all that decides which terms and scores the same corpus gives."""
    decisive = [TEXT_FIELDS, FIELD_WEIGHTS, K1, B, ANALYZER_VERSION, TOKEN.pattern, reviewed()]
    return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:16]
