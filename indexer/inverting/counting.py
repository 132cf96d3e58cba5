"""In how many documents: each term by field, and each word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import I64, U32, Unsigned, begins


@dataclass(frozen=True, slots=True)
class DocumentCounter:
    """Counts the documents of postings, `terms` and `counts` [P], with occurrences, `fields` and `forms` [T].

    The occurrences stand posting by posting, by field within each. `word_starts` int64 [V + 1] is where the
    words of each term begin. Two postings of term 0, in the title and in the title and the description:

        terms [0, 0]  counts [1, 2]  fields [0, 0, 1]  ->  documents by field [2], [1], [0]
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
        # Nearly all are counted now. What is left are occurrences that differ from the one before.
        fields, forms = self.fields, self.forms
        differ = np.zeros(len(forms), np.bool_)
        differ[1:] = (fields[1:] != fields[:-1]) | (forms[1:] != forms[:-1])
        differ[firsts] = False
        others = np.flatnonzero(differ)
        postings = np.searchsorted(firsts, others, "right") - 1
        # Fields ascend within a posting, so each begins once.
        next_field = fields[others] != fields[others - 1]
        by_field += self._by_field(self.terms[postings[next_field]], fields[others[next_field]])
        # Forms may come back: first to the one that is counted already, then to one of these.
        next_form = (forms[others] != forms[others - 1]) & (forms[others] != forms[firsts[postings]])
        bits = np.uint64(forms.dtype.itemsize * 8)
        pairs = np.unique(postings[next_form].astype(np.uint64) << bits | forms[others[next_form]])
        by_word += self._by_word(self.terms[(pairs >> bits).view(np.int64)], pairs.astype(forms.dtype))
        return by_field.T.astype(np.uint32), by_word.astype(np.uint32)

    def _by_field(self, terms: NDArray[np.integer], fields: NDArray[np.uint8]) -> I64:
        size = len(TEXT_FIELDS)
        found = np.bincount(
            terms.astype(np.int64) * size + fields, minlength=size * (len(self.word_starts) - 1)
        )
        return found.reshape(-1, size)

    def _by_word(self, terms: NDArray[np.integer], forms: Unsigned) -> I64:
        return np.bincount(self.word_starts[terms] + forms, minlength=int(self.word_starts[-1]))
