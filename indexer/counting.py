"""In how many documents: each term by field, and each word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.runs import I64, U32, Unsigned, begins
from indexer.schema import TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Postings by document with their occurrences by place: `terms` [P], `counts` [P], `fields` and `forms` [T].

    `word_starts` [V + 1] is where the words of each term begin.
    """

    terms: NDArray[np.integer]
    counts: Unsigned
    fields: NDArray[np.uint8]
    forms: Unsigned
    word_starts: I64

    def documents(self) -> tuple[U32, U32]:
        """Return in how many documents each term is by field, [fields, V], and each word, [W]."""
        firsts = begins(self.counts)[:-1]
        by_field = self._by_field(self.terms, self.fields[firsts])
        by_word = self._by_word(self.terms, self.forms[firsts])
        # Nearly all is counted now. What is left are occurrences that are not like the one before.
        fields, forms = self.fields, self.forms
        others = np.flatnonzero((fields[1:] != fields[:-1]) | (forms[1:] != forms[:-1])) + 1
        postings = np.searchsorted(firsts, others, "right") - 1
        inside = firsts[postings] != others
        others, postings = others[inside], postings[inside]
        # Fields ascend within a posting, so each is met once; forms come back.
        next_field = fields[others] != fields[others - 1]
        by_field += self._by_field(self.terms[postings[next_field]], fields[others[next_field]])
        bits = np.uint64(forms.dtype.itemsize * 8)
        pairs = postings.astype(np.uint64) << bits | forms[others]
        counted = postings.astype(np.uint64) << bits | forms[firsts[postings]]
        left = np.setdiff1d(pairs, counted)
        by_word += self._by_word(self.terms[(left >> bits).view(np.int64)], left.astype(forms.dtype))
        return by_field.T.astype(np.uint32), by_word.astype(np.uint32)

    def _by_field(self, terms: NDArray[np.integer], fields: NDArray[np.uint8]) -> I64:
        size = len(TEXT_FIELDS)
        found = np.bincount(terms.astype(np.int64) * size + fields, minlength=size * (len(self.word_starts) - 1))
        return found.reshape(-1, size)

    def _by_word(self, terms: NDArray[np.integer], forms: Unsigned) -> I64:
        return np.bincount(self.word_starts[terms] + forms, minlength=int(self.word_starts[-1]))
