"""A segment: the flat arrays of a generation, written once, mapped read-only.

One folder holds `<name>.npy` for each array of `ARRAYS` and, for each table of texts, `<name>.bin` (UTF-8
texts end to end) with `<name>_sizes.npy`; the projects themselves are in
`stored`. Nothing in it is executable: no pickle, no schema.

Documents are numbered in display order, newest start first, then by id; so a document number is also
the last word on ties, and "newest first" needs no sorting. All fields of a project share one posting
per term, with the BM25F impact of the term in that project precomputed (`impacts`); which fields it
stands in, how often and where is told by its `field_positions`. A term is a stem; `forms` tells which of
the term's words an occurrence is, so that words as written can be searched. Numbers have the narrowest type
that holds them all, and what follows from other arrays is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from indexer.document import Project, beginning_of, texts_of
from indexer.errors import DamagedIndexError
from indexer.storage.arrays.inventory import BLOBS, SEGMENT, TEXTS
from indexer.storage.arrays.kept_forms import Forms
from indexer.storage.arrays.listed import Listed, blocks_of
from indexer.storage.arrays.mapping import MisfitError, map_array, map_arrays, map_bytes
from indexer.storage.arrays.stored import Stored
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.field_positions import FieldPositionBits

# Part of the manifest: change it whenever the files change their meaning.
FORMAT = 13

I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
F32 = NDArray[np.float32]
Unsigned = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Segment:
    """The arrays of a generation, for N documents, V terms, W words, P postings, T occurrences."""

    # Documents, in display order.
    stored: Stored  # [N], their stored forms
    fingerprints: U64  # [N, 2]
    id_hashes: U64  # [N], ascending
    id_documents: U32  # [N], the document of each hash
    start: I32  # [N], day numbers, see `days`
    end: I32  # [N]
    spans: Unsigned  # [N], which row of span_years
    span_years: NDArray[np.int16]  # [S, 2], start and end year, 0 for unknown
    grantee: Unsigned  # [N], which of grantee_names
    grantee_names: Texts  # [G], sorted
    title_ranks: U32  # [N], rank in the order of titles
    lengths: Unsigned  # [fields, N], positions in a field
    # The other columns of each project (`own_fields.extras`), and the fields that are made of them
    # (`own_fields`): E texts in H columns; K values in I entries, for money and numbers B and for days O.
    extra_names: Texts  # [H], sorted
    extra_starts: Unsigned  # [N + 1]
    extra_columns: Unsigned  # [E]
    extra_signatures: U32  # [E]
    own_fields: memoryview  # what is declared of the fields
    own_values: Texts  # [K], the values of each keyword field, sorted in each
    own_value_starts: U32  # [keyword fields + 1]
    own_entries: Unsigned  # [I], values of each project, ascending, by keyword field and project
    own_entry_starts: Unsigned  # [keyword fields * N + 1]
    own_numbers: NDArray[np.float64]  # [B, N], NaN for none
    own_codes: Texts  # currencies, sorted; the first is ""
    own_currencies: Unsigned  # [B, N], which of own_codes
    own_days: I32  # [O, N], day numbers
    own_lengths: Unsigned  # [Y, N], positions of each searched field in a document's text of own fields
    # Terms and words, each sorted.
    terms: Texts  # [V]
    term_occurrences: Unsigned  # [V + 1], where the occurrences of a term begin
    words: Texts  # [W]
    word_terms: U32  # [W]
    word_documents: U32  # [W], documents that have the word
    term_words: U32  # [W], the words of term 0, of term 1 …; a form is an index into its term's words
    term_words_start: U32  # [V + 1]
    # Postings and occurrences, by term, document, field and position.
    documents: Listed  # [P]
    impacts: NDArray[np.uint16]  # [P], in parts of the term's idf, see `impacts`
    titled: NDArray[np.uint8]  # [P / 8], bits: whether the posting stands in the title
    counts: Unsigned  # [P], occurrences of the posting
    field_positions: Unsigned  # [T], see `field_positions`
    forms: Forms  # [T], which of its term's words an occurrence is
    # What the corpus says of words in a file of its own (`word_rules`).
    word_rules: Texts  # [R], in the order of the file
    # Acronyms spelled out in a project: rows of (document, pair).
    acronyms: Texts  # [A], "ACRONYM\texpansion"
    acronym_mentions: U32  # [M, 2]
    # What codes are found by (`text.codes`), sorted, and the documents of each.
    codes: Texts  # [Q]
    code_counts: Unsigned  # [Q], documents of each code
    code_documents: U32  # [R]
    # What each project means (`meaning.vectors`), where a model was named: else a vector has no numbers.
    vectors: NDArray[np.int8]  # [N, Y]
    vector_model: Texts  # name and fingerprint of the model, or nothing

    @classmethod
    def open(cls, folder: Path, *, all_values: bool = True) -> Segment:
        """Map the segment in `folder`, and check its arrays against the inventory.

        Without `all_values` long arrays are not read, and a million projects opened in milliseconds: for
        whoever has verified them. Raise MisfitError if one is not as it must be, OSError if a file cannot be
        opened.
        """
        blobs = {name: map_bytes(folder / f"{name}.bin") for name in BLOBS}
        known = {name: len(blob) for name, blob in blobs.items()}
        arrays = map_arrays(folder, SEGMENT, known, all_values=all_values)
        texts = {name: Texts(blobs.pop(name), arrays.pop(f"{name}_sizes")) for name in TEXTS}
        packed, dictionary = blobs.pop("stored"), blobs.pop("stored_dictionary")
        stored = Stored(packed, arrays.pop("stored_offsets"), dictionary)
        blocks = blocks_of(len(stored))
        documents = Listed(arrays.pop("documents"), arrays.pop("posting_starts"), blocks)
        occurrences = arrays["term_occurrences"]
        if len(documents.starts) != (len(occurrences) - 1) * blocks + 1:
            raise MisfitError("posting_starts.npy is not for each term and block of documents")
        if len(arrays["titled"]) != -(-len(documents) // 8):
            raise MisfitError("titled.npy is not a bit for each posting")
        forms = Forms(arrays.pop("forms"), occurrences, arrays["term_words_start"])
        parts: dict[str, Any] = {**blobs, **arrays, **texts}
        return cls(**parts, stored=stored, documents=documents, forms=forms)

    def __len__(self) -> int:
        return len(self.stored)

    @property
    def term_postings(self) -> Unsigned:
        """Where the postings of a term begin, [V + 1]."""
        starts: Any = self.documents.terms
        return cast("Unsigned", starts)

    @property
    def field_position_bits(self) -> FieldPositionBits:
        """How a field position is divided into field and position."""
        return FieldPositionBits.of(self.field_positions.dtype)

    def project(self, document: int) -> Project:
        """Return the stored project with a document number."""
        return stored_project(self.stored, document)

    def projects(self, documents: NDArray[np.integer]) -> list[Project]:
        """Return the stored projects with some document numbers, in that order."""
        return parsed(self.stored_forms(documents))

    def stored_forms(self, documents: NDArray[np.integer]) -> list[bytes]:
        """Return the stored forms of some documents, in order; raise DamagedIndexError if one is none."""
        try:
            return [*self.stored.forms(documents.tolist())]
        except ValueError as error:
            raise _damaged(error) from error

    def stored_views(self, documents: NDArray[np.integer]) -> list[bytes | memoryview]:
        """Return the same, but long ones as they lie in the file: whoever reads little copies little."""
        try:
            return [*self.stored.views(documents.tolist())]
        except ValueError as error:
            raise _damaged(error) from error

    def find(self, project_id: str) -> int | None:
        """Return the document number of a project, or None."""
        key, beginning = id_hash(project_id), beginning_of(project_id)
        first = int(np.searchsorted(self.id_hashes, key))
        for number in range(first, len(self.id_hashes)):
            if self.id_hashes[number] != key:
                break
            document = int(self.id_documents[number])
            if self._begins(document, beginning):
                return document
        return None

    def _begins(self, document: int, beginning: bytes) -> bool:
        try:
            return self.stored.begins(document, beginning)
        except ValueError as error:
            raise _damaged(error) from error


def stored_project(stored: Stored, document: int) -> Project:
    """Return the project with a document number out of the stored ones."""
    return parsed(stored.forms((document,)))[0]


def parsed(forms: Iterable[bytes | memoryview]) -> list[Project]:
    """Return the projects of stored forms; raise DamagedIndexError where one is none."""
    try:
        return [*map(Project.from_stored, forms)]
    except (ValueError, TypeError, AttributeError) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> DamagedIndexError:
    return DamagedIndexError(f"a stored project cannot be read ({error}); run: reindex --full")


def stored_texts(
    stored: Stored, documents: NDArray[np.int64]
) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield title, description, grantee and other columns of documents, ascending int64 [n], at least one.

    Neighbours are unpacked at once, which takes half of the time. Raise ValueError for a form that is none.
    """
    first, last = int(documents[0]), int(documents[-1]) + 1
    neighbours = last - first == len(documents)
    return texts_of(stored.joined(first, last) if neighbours else b",".join(stored.forms(documents.tolist())))


def open_stored(folder: Path) -> Stored:
    """Map only the stored projects in `folder`, for a segment that is still being written."""
    offsets = map_array(folder / "stored_offsets.npy")
    return Stored(map_bytes(folder / "stored.bin"), offsets, map_bytes(folder / "stored_dictionary.bin"))


def id_hash(project_id: str) -> np.uint64:
    """Return 64 bits of an id; equal hashes are told apart by the stored ids."""
    return np.uint64(int.from_bytes(hashlib.blake2b(project_id.encode(), digest_size=8).digest(), "little"))


def id_hashes(project_ids: Iterable[str]) -> U64:
    """Return `id_hash` of many ids, uint64 [ids]."""
    digests = (hashlib.blake2b(one.encode(), digest_size=8).digest() for one in project_ids)
    return np.frombuffer(b"".join(digests), "<u8")
