"""An incremental build in runs: what stays of the last segment, and what is new, numbered as one corpus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.runs import FIELD_SHIFT, U32, Run, documents_per_word, ragged
from indexer.schema import TEXT_FIELDS
from indexer.segment import Segment

I64 = NDArray[np.int64]


def placed(run: Run, numbers: I64, documents: int) -> Run:
    """Return a run of documents 0, 1, … as if they had the ascending `numbers` among all `documents`."""
    lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
    lengths[:, numbers] = run.lengths
    mentions = run.mentions.copy()
    mentions[:, 0] = numbers[mentions[:, 0]]
    moved = replace(
        run, documents=numbers[run.documents].astype(np.uint32), lengths=lengths, mentions=mentions
    )
    return _in_term_order(moved)


def _in_term_order(run: Run) -> Run:
    """Return the same run with its terms sorted, so that its postings ascend as those of a segment do."""
    by_text = np.array(sorted(range(len(run.terms)), key=run.terms.__getitem__), np.intp)
    ranks = np.empty(len(by_text), np.uint32)
    ranks[by_text] = np.arange(len(by_text), dtype=np.uint32)
    ends = np.cumsum(run.term_postings, dtype=np.int64)
    postings = ragged((ends - run.term_postings)[by_text], run.term_postings[by_text])
    place_ends = np.cumsum(run.counts, dtype=np.int64)
    slots = ragged((place_ends - run.counts)[postings], run.counts[postings])
    return replace(
        run,
        terms=[run.terms[number] for number in by_text.tolist()],
        word_terms=ranks[run.word_terms],
        term_postings=run.term_postings[by_text],
        documents=run.documents[postings],
        counts=run.counts[postings],
        places=run.places[slots],
        occurrences=run.occurrences[slots],
    )


def remaining(segment: Segment, new_numbers: I64, documents: int) -> Run:
    """Return what is left of a segment as a run.

    `new_numbers` int64 [N] gives each old document its number among the new `documents`, ascending
    over those that stay, and -1 to those that go.
    """
    numbers = new_numbers[segment.documents]
    kept = numbers >= 0
    counts = segment.counts.astype(np.uint32)
    shift = segment.field_shift
    term_words = np.repeat(segment.term_words_start[:-1], np.diff(segment.term_places).astype(np.int64))
    words = segment.term_words[term_words + segment.forms]
    occurrence_kept = np.repeat(kept, counts)
    gone = documents_per_word(
        words[~occurrence_kept], counts[~kept], segment.documents[~kept], len(segment.words)
    )
    places = segment.places[occurrence_kept].astype(np.uint32)
    totals = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))[segment.term_postings.astype(np.int64)]
    lengths = np.zeros((len(TEXT_FIELDS), documents), np.uint32)
    stays = new_numbers >= 0
    lengths[:, new_numbers[stays]] = segment.lengths[:, stays]
    return Run(
        terms=list(segment.terms),
        words=list(segment.words),
        word_terms=segment.word_terms,
        word_documents=segment.word_documents - gone,
        term_postings=np.diff(totals).astype(np.uint32),
        documents=numbers[kept].astype(np.uint32),
        counts=counts[kept],
        places=(places >> shift << FIELD_SHIFT | places & ((1 << shift) - 1)).astype(np.uint32, copy=False),
        occurrences=words[occurrence_kept],
        lengths=lengths,
        acronyms=list(segment.acronyms),
        mentions=_mentions_left(segment, new_numbers),
    )


def _mentions_left(segment: Segment, new_numbers: I64) -> U32:
    numbers = new_numbers[segment.acronym_mentions[:, 0]]
    left = np.stack([numbers, segment.acronym_mentions[:, 1]], axis=1)
    return left[numbers >= 0].astype(np.uint32)
