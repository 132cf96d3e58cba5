"""Nearest projects: those that share the words which tell a project apart from most others.

A project is known by the words of its title and description (of a long one, its beginning) that weigh most
in it. Its nearness to another is the product of what these words weigh in both (their BM25F impacts), added
up: words that both make much of, and that few projects have. Where the index has vectors, nearness is the
mean of that and of how near the two are in meaning, so that a project comes up that says the same in other
words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.storage.impacts import impact_in, impacts_in, impacts_of, weight_of
from indexer.storage.segment import Segment
from indexer.text.analysis import separate
from search_app.query.meaning.likeness import CANDIDATES, LEAST_ALIKE, together
from search_app.query.meaning.nearness import F64, Nearness
from search_app.scoring.telling_words import MAX_SHARED, MAX_WORDS, MOST_READ, SILENT


def similar(
    segment: Segment, document: int, limit: int, meaning: Nearness | None = None
) -> list[tuple[int, float, tuple[str, ...]]]:
    """Return the nearest documents with their nearness and the words shared, as written in `document`.

    Nearness is 1 for a project that makes as much of all the words (and has the same `meaning`); equally near
    ones are newest first. One without a word shared is near in meaning alone.
    """
    words = _telling_words(segment, document)
    nearness = np.zeros(len(segment), np.float64)
    for term, (weight, _) in words.items():
        impacts = impacts_of(segment, term, weight_of(segment, term))
        nearness[segment.documents.of(term)] += weight * impacts
    whole, nearness[document] = nearness[document], 0.0
    if whole:
        nearness /= whole
    if meaning is not None:
        nearness = _with_meaning(nearness, segment, document, meaning)
    nearest = _largest(nearness, limit)
    return [(other, float(nearness[other]), _shared(segment, words, other)) for other in nearest.tolist()]


def _with_meaning(nearness: F64, segment: Segment, document: int, meaning: Nearness) -> F64:
    """Return the mean of nearness by words and by meaning, float64 [N], of those that are near by either."""
    vector = segment.vectors[document].astype(np.float32)
    others = np.ones(len(segment), np.bool_)
    others[document] = False
    near, how_near = meaning.nearest(vector, others, CANDIDATES)
    rows = np.union1d(_largest(nearness, CANDIDATES), near[how_near >= LEAST_ALIKE])
    found = np.zeros(len(segment), np.float64)
    found[rows] = together(nearness[rows], meaning.of(vector, rows))
    return found


def _largest(values: NDArray[np.float64], limit: int) -> NDArray[np.intp]:
    """Return the indices of the largest positive values, largest first, equal ones by index."""
    least = np.partition(values, -limit)[-limit] if 0 < limit < len(values) else 0.0
    rows = np.flatnonzero((values > 0) & (values >= least))
    return rows[np.argsort(-values[rows], kind="stable")][:limit]


def _telling_words(segment: Segment, document: int) -> dict[int, tuple[float, str]]:
    """Return the terms a document is known by, each with its weight there and as it is written."""
    written: dict[int, str] = {}
    project, met = segment.project(document), set[str]()
    for text in (project.title, project.description[:MOST_READ]):
        for word in separate(text):
            if word.text not in met and word.text not in SILENT and not word.text.isdigit():
                met.add(word.text)
                term = int(segment.word_terms[segment.words.find(word.text)])
                written.setdefault(term, text[word.start : word.end])
    terms = np.array([*written], np.int64)
    terms = terms[segment.term_postings[terms + 1] - segment.term_postings[terms] > 1]
    impacts = impacts_in(segment, terms, document)
    heaviest = np.lexsort((terms, -impacts))[:MAX_WORDS]
    weights = zip(terms[heaviest].tolist(), impacts[heaviest].tolist(), strict=True)
    return {term: (weight, written[term]) for term, weight in weights}


def _shared(segment: Segment, words: dict[int, tuple[float, str]], other: int) -> tuple[str, ...]:
    """Return the words that `other` has too, those first that bring the two closest."""
    gains = {term: weight * impact_in(segment, term, other) for term, (weight, _) in words.items()}
    shared = sorted((term for term in gains if gains[term]), key=lambda term: (-gains[term], term))
    return tuple(words[term][1] for term in shared[:MAX_SHARED])
