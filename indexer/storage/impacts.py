"""BM25F impacts: what a term's presence in a project adds to its score, computed once per posting.

BM25F is Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
3.6: the frequencies of a term in the fields are weighted, normalised by field length and added before
they saturate. The idf is Lucene's, ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

An impact is the idf of its term times a saturated frequency between 0 and 1. That alone is stored, in
65,535ths, and at least one of them: an impact of 0 would be no match.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp, ldexp

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins
from indexer.storage.field_positions import FieldPositionBits
from indexer.storage.schema import FIELD_WEIGHTS, K1, TEXT_FIELDS, B
from indexer.storage.segment import I64, Segment, Unsigned

# What a saturated frequency of 1 is stored as.
WHOLE = 65_535
# Significant bits of a mean length: it is at most 1 part in 512 off.
MEAN_BITS = 9
# Most occurrences weighed in one pass: their temporaries stay in the caches, and are not mapped anew.
BLOCK = 60_000


def mean_lengths(lengths: Unsigned) -> tuple[float, ...]:
    """Return the mean length of each field over the documents that have it, 1.0 where none has it.

    Means have `MEAN_BITS` significant bits. So few projects more or less hardly ever change one, and then all
    other projects keep their impacts. `lengths` [fields, documents] are in positions.
    """
    means = []
    for of_field in lengths:
        present = np.count_nonzero(of_field)
        mantissa, exponent = frexp(of_field.sum(dtype=np.int64) / present if present else 1.0)
        means.append(ldexp(round(ldexp(mantissa, MEAN_BITS)), exponent - MEAN_BITS))
    return tuple(means)


def field_norms(lengths: Unsigned) -> NDArray[np.float32]:
    """Return weight / (1 - b + b * length / mean length), float32 [fields, documents], of `lengths` alike."""
    norms = np.empty(lengths.shape, np.float32)
    for field, (name, mean) in enumerate(zip(TEXT_FIELDS, mean_lengths(lengths), strict=True)):
        norms[field] = FIELD_WEIGHTS[name] / (1 - B + B * lengths[field] / mean)
    return norms


def idf(documents: int, frequencies: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """Return the inverse document frequency of terms found in `frequencies` of `documents`."""
    found = np.asarray(frequencies, np.float64)
    return np.asarray(np.log1p((documents - found + 0.5) / (found + 0.5)))


def saturate(frequency: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return tf / (k1 + tf) of weighted, normalised frequencies."""
    return frequency / (K1 + frequency)


def stored_impacts(saturated: NDArray[np.floating]) -> NDArray[np.uint16]:
    """Return what is stored of saturated frequencies, uint16: of [0.5, 1e-9] it is [32768, 1]."""
    found: NDArray[np.uint16] = np.maximum(np.rint(saturated * WHOLE), 1).astype(np.uint16)
    return found


def impacts_of(segment: Segment, term: int, weight: float) -> NDArray[np.float32]:
    """Return the impact of each posting of a term whose idf is `weight`, float32 [n]."""
    stored, unit = stored_of(segment, term, weight)
    impacts: NDArray[np.float32] = stored * unit
    return impacts


def stored_of(segment: Segment, term: int, weight: float) -> tuple[NDArray[np.uint16], np.float32]:
    """Return what is stored for each posting of a term whose idf is `weight`, uint16 [n], and what a 1 is."""
    begin, end = segment.term_postings[term : term + 2].tolist()
    return segment.impacts[begin:end], np.float32(weight / WHOLE)


def impact_in(segment: Segment, term: int, document: int) -> float:
    """Return the impact of a term in a document, 0 where it does not stand."""
    posting = segment.documents.posting(term, document)
    if posting < 0:
        return 0.0
    return float(segment.impacts[posting] * np.float32(weight_of(segment, term) / WHOLE))


def impacts_in(segment: Segment, terms: I64, document: int) -> NDArray[np.float32]:
    """Return the impact of each of some terms in a document, float32 [terms], 0 for those not there."""
    starts = segment.term_postings
    weights = (idf(len(segment), starts[terms + 1] - starts[terms]) / WHOLE).astype(np.float32)
    postings = np.array([segment.documents.posting(term, document) for term in terms.tolist()], np.int64)
    found: NDArray[np.float32] = segment.impacts[postings] * weights
    found[postings < 0] = 0
    return found


def weight_of(segment: Segment, term: int) -> float:
    """Return the idf of a term of a segment."""
    begin, end = segment.term_postings[term : term + 2].tolist()
    return float(idf(len(segment), end - begin))


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings by term: documents [P], counts of occurrences [P], and the field positions of these [T]."""

    documents: I64
    counts: Unsigned
    field_positions: Unsigned


def weighted_frequencies(norms: NDArray[np.float32], postings: Postings) -> NDArray[np.float32]:
    """Return the weighted, normalised frequency of each posting, float32 [P]; `norms` [documents, fields]."""
    if not len(postings.documents):
        return np.zeros(0, np.float32)
    which = np.repeat(postings.documents * norms.shape[1], postings.counts)
    which += FieldPositionBits.of(postings.field_positions.dtype).fields(postings.field_positions)
    return np.add.reduceat(norms.ravel()[which], begins(postings.counts)[:-1], dtype=np.float32)


def weighed(
    norms: NDArray[np.float32],
    documents: NDArray[np.integer],
    counts: Unsigned,
    field_positions: Unsigned,
) -> NDArray[np.uint16]:
    """Return what is stored of the impacts of postings, uint16 [P], worked out block by block.

    `norms` float32 [documents, fields], those of a document side by side, for they are fetched from all over
    the memory; `documents` [P], `counts` [P] and `field_positions` [T] as in a run.
    """
    impacts = np.empty(len(documents), np.uint16)
    first = first_occurrence = 0
    while first < len(impacts):
        ends = begins(counts[first : first + BLOCK])[1:]
        last = first + max(1, int(np.searchsorted(ends, BLOCK, "right")))
        last_occurrence = first_occurrence + int(ends[last - first - 1])
        block = Postings(
            documents[first:last].astype(np.int64),
            counts[first:last],
            field_positions[first_occurrence:last_occurrence],
        )
        impacts[first:last] = stored_impacts(saturate(weighted_frequencies(norms, block)))
        first, first_occurrence = last, last_occurrence
    return impacts
