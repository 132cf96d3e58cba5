"""In how many documents each term is by field: counted from the occurrences, for no search needs it."""

from __future__ import annotations

import numpy as np

from indexer.storage.arrays.sums import begins
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import U32, Segment


def field_documents(segment: Segment) -> U32:
    """Return how many documents have each term in each field, uint32 [fields, V]: a pass over everything."""
    size, firsts = len(TEXT_FIELDS), begins(segment.counts)[:-1]
    fields = segment.field_position_bits.fields(segment.field_positions).astype(np.uint8)
    # Fields ascend within a posting, so each begins once.
    begin = np.ones(len(fields), np.bool_)
    begin[1:] = fields[1:] != fields[:-1]
    begin[firsts] = True
    bounds = segment.term_occurrences.astype(np.int64)
    terms = np.repeat(np.arange(len(segment.terms)), bounds[1:] - bounds[:-1])
    cells = terms[begin] * size + fields[begin]
    found = np.bincount(cells, minlength=size * len(segment.terms))
    return found.reshape(-1, size).T.astype(np.uint32)
