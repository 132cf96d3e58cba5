"""In how many documents each term is by field: counted from the occurrences, for no search needs it."""

from __future__ import annotations

import numpy as np

from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import U32, Segment

# Postings that are looked through at a time: some 40 MB of temporaries, however large the index.
BLOCK = 500_000


def field_documents(segment: Segment) -> U32:
    """Return how many documents have each term in each field, uint32 [fields, V]: a pass over everything."""
    size, begins = len(TEXT_FIELDS), np.asarray(segment.term_postings)
    found = np.zeros(size * len(segment.terms), np.uint32)
    done = 0
    for first in range(0, len(segment.counts), BLOCK):
        counts = segment.counts[first : first + BLOCK].astype(np.int64)
        ends = np.cumsum(counts)
        occurrences = segment.field_positions[done : done + int(ends[-1])]
        done += len(occurrences)
        fields = segment.field_position_bits.fields(occurrences).astype(np.uint8)
        # Fields ascend within a posting, so each begins once.
        begin = np.ones(len(fields), np.bool_)
        begin[1:] = fields[1:] != fields[:-1]
        begin[ends - counts] = True
        postings = np.arange(first, first + len(counts))
        terms = np.searchsorted(begins, postings, side="right") - 1
        cells = np.repeat(terms, counts)[begin] * size + fields[begin]
        lowest = int(terms[0]) * size
        added = np.bincount(cells - lowest)
        found[lowest : lowest + len(added)] += added.astype(np.uint32)
    return found.reshape(-1, size).T
