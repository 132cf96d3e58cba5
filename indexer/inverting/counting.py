"""In how many documents each word is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64, U32, Unsigned


@dataclass(frozen=True, slots=True)
class DocumentCounter:
    """Counts the documents of postings, `terms` and `counts` [P], with occurrences, `forms` [T].

    The occurrences stand posting by posting. `word_starts` int64 [V + 1] is where the words of each term
    begin. Two postings of term 0, by its first word, and by the first and the second:

        terms [0, 0]  counts [1, 2]  forms [0, 0, 1]  ->  documents by word [2, 1]
    """

    terms: NDArray[np.integer]
    counts: Unsigned
    forms: Unsigned
    word_starts: I64

    def documents(self) -> U32:
        """Return in how many documents each word is, uint32 [W]."""
        firsts, forms = begins(self.counts)[:-1], self.forms
        by_word = self._by_word(self.terms, forms[firsts])
        # Nearly all are counted now. What is left are occurrences of another form than the one before.
        differ = np.zeros(len(forms), np.bool_)
        differ[1:] = forms[1:] != forms[:-1]
        differ[firsts] = False
        others = np.flatnonzero(differ)
        postings = np.searchsorted(firsts, others, "right") - 1
        # Forms may come back: first to the one that is counted already, then to one of these.
        next_form = forms[others] != forms[firsts[postings]]
        bits = np.uint64(forms.dtype.itemsize * 8)
        pairs = np.unique(postings[next_form].astype(np.uint64) << bits | forms[others[next_form]])
        by_word += self._by_word(self.terms[(pairs >> bits).view(np.int64)], pairs.astype(forms.dtype))
        return by_word.astype(np.uint32)

    def _by_word(self, terms: NDArray[np.integer], forms: Unsigned) -> I64:
        return np.bincount(self.word_starts[terms] + forms, minlength=int(self.word_starts[-1]))
