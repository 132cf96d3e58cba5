"""BM25F impacts: what a term's presence in a project adds to its score, computed once per posting.

BM25F is Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
3.6: the frequencies of a term in the fields are weighted, normalised by field length and added before
they saturate. The idf is Lucene's, ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.storage.field_positions import FieldPositionBits
from indexer.storage.schema import FIELD_WEIGHTS, K1, TEXT_FIELDS, B
from indexer.storage.segment import I64, U32, Unsigned, begins

# Most occurrences weighed in one pass: their temporaries stay in the caches, and are not mapped anew.
BLOCK = 60_000


def field_norms(lengths: U32) -> NDArray[np.float32]:
    """Return weight / (1 - b + b * length / mean length), float32 [fields, documents].

    `lengths` uint32 [fields, documents] in positions; the mean is over the documents that have the field.
    """
    norms = np.empty(lengths.shape, np.float32)
    for field, name in enumerate(TEXT_FIELDS):
        present = np.count_nonzero(lengths[field])
        mean = lengths[field].sum(dtype=np.int64) / present if present else 1.0
        norms[field] = FIELD_WEIGHTS[name] / (1 - B + B * lengths[field] / mean)
    return norms


def idf(documents: int, frequencies: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """Return the inverse document frequency of terms found in `frequencies` of `documents`."""
    found = np.asarray(frequencies, np.float64)
    return np.asarray(np.log1p((documents - found + 0.5) / (found + 0.5)))


def saturate(frequency: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return tf / (k1 + tf) of weighted, normalised frequencies."""
    return frequency / (K1 + frequency)


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings by term: documents [P], counts of occurrences [P], and the field positions of these [T]."""

    documents: U32
    counts: Unsigned
    field_positions: Unsigned


def weighted_frequencies(norms: NDArray[np.float32], postings: Postings) -> NDArray[np.float32]:
    """Return the weighted, normalised frequency of each posting, float32 [P]; `norms` [documents, fields]."""
    if not len(postings.documents):
        return np.zeros(0, np.float32)
    which = np.repeat(postings.documents.astype(np.int64) * norms.shape[1], postings.counts)
    which += FieldPositionBits.of(postings.field_positions.dtype).fields(postings.field_positions)
    return np.add.reduceat(norms.ravel()[which], begins(postings.counts)[:-1], dtype=np.float32)


def fill_impacts(
    impacts: NDArray[np.float32], norms: NDArray[np.float32], postings: Postings, term_postings: I64
) -> None:
    """Fill `impacts` [P], block by block.

    `norms` float32 [fields, documents]; `term_postings` [V + 1] is where each term's postings begin.
    """
    weights = idf(norms.shape[1], np.diff(term_postings)).astype(np.float32)
    # Those of a document side by side: they are fetched from all over the memory.
    by_document = np.ascontiguousarray(norms.T)
    first = first_occurrence = 0
    while first < len(impacts):
        ends = begins(postings.counts[first : first + BLOCK])[1:]
        last = first + max(1, int(np.searchsorted(ends, BLOCK, "right")))
        last_occurrence = first_occurrence + int(ends[last - first - 1])
        block = Postings(
            postings.documents[first:last],
            postings.counts[first:last],
            postings.field_positions[first_occurrence:last_occurrence],
        )
        of_terms = _between(weights, term_postings, first, last)
        impacts[first:last] = of_terms * saturate(weighted_frequencies(by_document, block))
        first, first_occurrence = last, last_occurrence


def _between(weights: NDArray[np.float32], term_postings: I64, first: int, last: int) -> NDArray[np.float32]:
    """Return the weight of the term of each posting from `first` to `last` (exclusive)."""
    first_term = int(np.searchsorted(term_postings, first, "right")) - 1
    last_term = int(np.searchsorted(term_postings, last, "left"))
    bounds = term_postings[first_term : last_term + 1].clip(first, last)
    return np.repeat(weights[first_term:last_term], np.diff(bounds))
