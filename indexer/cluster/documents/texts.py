"""Texts as a cluster takes them: what stands at each position, and how often each term is there.

The texts of many projects are made together, in array passes; strings come in only at the end, each once for
all the places that it stands at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import add
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.mappings import BESIDE, EVERYWHERE, GAP, written
from indexer.storage.arrays.sums import begins
from indexer.storage.arrays.text_tables import Texts

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

# What a text is called, and the text of its terms with their frequencies, by its fields.
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What stands in the texts of some projects, in any order.

    Of each occurrence its project, counted from 0 (`rows`), its field, its position there, and the numbers of
    its term and its word, all int64 [T].
    """

    rows: I64
    fields: I64
    positions: I64
    terms: I64
    words: I64


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms and words of a segment, and the names of the fields that texts have.

    The first `whole` fields together make the frequencies of a project; the others are parts of one of them.
    """

    terms: Texts
    words: Texts
    names: Sequence[str]
    whole: int
    scale: float

    def fields(self, found: Occurrences, norms: F64) -> list[Fields]:
        """Return the fields of each project; `norms` [fields, projects] is what an occurrence weighs."""
        count, several = norms.shape[1], len(self.names)
        texts = found.rows * several + found.fields
        terms, words = _Named.of(self.terms, found.terms), _Named.of(self.words, found.words)
        words = replace(words, names=list(map(written, words.names)))
        places = _places(texts, found.positions, terms, words, count * several)
        each, together = self._impacts(texts, terms, words, norms)
        rows: list[Fields] = []
        for row in range(count):
            here = slice(row * several, (row + 1) * several)
            fields: Fields = dict(zip(self.names, places[here], strict=True))
            for name, impact in zip(self.names, each[here], strict=True):
                fields[f"{name}_impact"] = impact
            fields["impact"] = together[row]
            rows.append(fields)
        return rows

    def _impacts(self, texts: I64, terms: _Named, words: _Named, norms: F64) -> tuple[list[str], list[str]]:
        """Return the terms of each text with their frequencies, and those of each project."""
        count, several = norms.shape[1], len(self.names)
        strings = [f"{one}|" for one in (*terms.names, *words.names)]
        tokens = np.concatenate([terms.numbers, len(terms.names) + words.numbers])
        keys, times = np.unique(np.concatenate([texts, texts]) * len(strings) + tokens, return_counts=True)
        text, token = np.divmod(keys, max(len(strings), 1))
        row, field = np.divmod(text, several)
        weights = times * norms[field, row] * self.scale
        each = _frequencies(strings, token, weights, text, count * several)
        whole = field < self.whole
        both, owner = np.unique(row[whole] * len(strings) + token[whole], return_inverse=True)
        sums: F64 = np.bincount(owner, weights[whole], len(both)).astype(np.float64)
        row, token = np.divmod(both, max(len(strings), 1))
        return each, _frequencies(strings, token, sums, row, count)


@dataclass(frozen=True, slots=True)
class _Named:
    """Numbers of names, int64 [T], counted over those names alone."""

    names: list[str]
    numbers: I64

    @classmethod
    def of(cls, texts: Texts, numbers: I64) -> Self:
        """Look names up in a table, each once."""
        found, places = np.unique(numbers, return_inverse=True)
        return cls(texts.some(found), places.astype(np.int64))


def _places(texts: I64, positions: I64, terms: _Named, words: _Named, total: int) -> list[str]:
    """Return what stands at each position of each text: stem and =word, in the order of terms."""
    pairs, pieces = np.unique(terms.numbers * len(words.names) + words.numbers, return_inverse=True)
    couples = [
        (terms.names[term], words.names[word])
        for term, word in (divmod(one, len(words.names)) for one in pairs.tolist())
    ]
    strings = [GAP, *map(BESIDE.join, couples)]
    order = np.lexsort((pieces, positions, texts))
    texts, positions, pieces = texts[order], positions[order], pieces[order]
    first = np.flatnonzero(_changes(texts) | _changes(positions))
    there = pieces[first] + 1
    ends = np.append(first[1:], len(texts))
    for group in np.flatnonzero(ends - first > 1).tolist():
        forms = (form for one in pieces[first[group] : ends[group]].tolist() for form in couples[one])
        there[group] = len(strings)
        strings.append(BESIDE.join(dict.fromkeys(forms)))
    lengths = np.zeros(total, np.int64)
    np.maximum.at(lengths, texts[first], positions[first] + 1)
    bounds = begins(lengths)
    dense = np.zeros(bounds[-1], np.int64)
    dense[bounds[texts[first]] + positions[first]] = there
    laid = list(map(strings.__getitem__, dense.tolist()))
    return [" ".join(laid[begin:end]) for begin, end in pairwise(bounds.tolist())]


def _frequencies(strings: Sequence[str], places: I64, numbers: F64, owners: I64, total: int) -> list[str]:
    """Return the strings of each of `total` owners with their numbers: "coffe|12 =coffee|7"."""
    whole = np.maximum(np.rint(numbers), 1).astype(np.int64)
    parts = list(map(add, map(strings.__getitem__, places.tolist()), map(str, whole.tolist())))
    bounds = np.searchsorted(owners, np.arange(total + 1)).tolist()
    every = f"{EVERYWHERE}|1"
    return [" ".join([every, *parts[begin:end]]) for begin, end in pairwise(bounds)]


def _changes(numbers: I64) -> NDArray[np.bool_]:
    """Tell of each number whether it is another than the one before; of the first it is so."""
    return np.concatenate([[True], numbers[1:] != numbers[:-1]]) if len(numbers) else np.zeros(0, np.bool_)
