"""Writes what a segment holds of each document, and the ledger of the raw records they came from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import numpy as np

from indexer.corpus.fields import Said
from indexer.corpus.reading import Limits
from indexer.intake.columns import Columns, matched
from indexer.intake.ledger import Records, as_rows, sealed, terms_of
from indexer.own_fields.extras import Extras
from indexer.storage.arrays import stored
from indexer.storage.arrays.stored import Stored
from indexer.storage.arrays.sums import begins, narrowed, smallest
from indexer.storage.days import years_of
from indexer.storage.segment import I64, U64, id_hashes
from indexer.storage.writer import SegmentWriter

# What is collected of the stored forms before it is written, in bytes.
_BUFFER_BYTES = 1 << 20


def write_documents(columns: Columns, writer: SegmentWriter) -> None:
    """Write all columns of a segment and the stored projects."""
    hashes = _id_hashes(columns)
    by_hash = np.argsort(hashes, kind="stable")
    _write_stored(columns, by_hash, writer)
    writer.array("start", columns.starts)
    writer.array("end", columns.ends)
    _write_spans(columns, writer)
    writer.array("fingerprints", columns.fingerprints)
    writer.array("id_hashes", hashes[by_hash])
    writer.array("id_documents", by_hash.astype(np.uint32))
    names, numbers = columns.grantees
    writer.texts("grantee_names", names)
    writer.array("grantee", narrowed(numbers))
    writer.array("title_ranks", columns.title_ranks)
    _write_extras(columns.extras, writer)


def _write_extras(extras: Extras, writer: SegmentWriter) -> None:
    writer.texts("extra_names", extras.names)
    writer.array("extra_starts", extras.starts.astype(smallest(len(extras.columns))))
    writer.array("extra_columns", extras.columns.astype(smallest(len(extras.names))))
    writer.array("extra_signatures", extras.signatures)


def _write_spans(columns: Columns, writer: SegmentWriter) -> None:
    # One number for both years: they are sorted as pairs are, and quicker.
    pairs = years_of(columns.starts) << 16 | years_of(columns.ends)
    distinct, numbers = np.unique(pairs, return_inverse=True)
    writer.array("span_years", np.stack([distinct >> 16, distinct & 0xFFFF], axis=1).astype(np.int16))
    writer.array("spans", narrowed(numbers.reshape(-1)))


def _id_hashes(columns: Columns) -> U64:
    ids = columns.intake.rows.ids
    of_rows = id_hashes(ids[row] for row in columns.rows.tolist())
    earlier = columns.intake.earlier
    if earlier is None:
        return of_rows
    of_old = np.empty(len(earlier.segment), np.uint64)
    of_old[earlier.segment.id_documents] = earlier.segment.id_hashes
    return columns.merged(of_old[columns.old], of_rows)


def _write_stored(columns: Columns, by_hash: I64, writer: SegmentWriter) -> None:
    """Write the stored projects; frames of the last generation are copied, if they have the dictionary.

    `by_hash` are the documents by the hashes of their ids, int64 [documents].
    """
    dictionary, known = _dictionary(columns, by_hash)
    with (writer.folder / "stored_dictionary.bin").open("xb") as file:
        file.write(dictionary)
    pack, earlier = stored.packing(dictionary), columns.intake.earlier
    fresh = columns.intake.rows.forms(columns.rows.tolist())
    with (writer.folder / "stored.bin").open("xb", _BUFFER_BYTES) as target:
        if earlier is not None and known:
            sizes = _interleaved(columns, earlier.segment.stored, map(pack, fresh), target)
        else:
            forms = fresh
            if earlier is not None:
                old = earlier.segment.stored.many(columns.old)
                forms = (next(fresh if is_row else old) for is_row in columns.is_row.tolist())
            sizes = np.fromiter(map(target.write, map(pack, forms)), np.int64, len(columns))
    writer.finished("stored.bin", "stored_dictionary.bin")
    writer.array("stored_offsets", narrowed(begins(sizes)))


def _dictionary(columns: Columns, by_hash: I64) -> tuple[bytes | memoryview, bool]:
    """Return the dictionary of the stored projects, and whether it is that of the last generation."""
    size = stored.dictionary_size(len(columns))
    sample = [stored.sampled(columns.form(document)) for document in stored.sample_of(by_hash).tolist()]
    if columns.intake.earlier is not None:
        before = columns.intake.earlier.segment
        known = before.stored.many(stored.sample_of(before.id_documents))
        if size == stored.dictionary_size(len(before)) and sample == [*map(stored.sampled, known)]:
            return before.stored.dictionary, True
    return stored.trained(sample, size), False


def _interleaved(columns: Columns, old: Stored, fresh: Iterator[bytes], target: BinaryIO) -> I64:
    """Write new frames among copied ones; return the size of each, int64 [documents]."""
    content, firsts, ends = old.frames(columns.old)
    sizes = columns.merged(ends - firsts, np.zeros(len(columns.rows), np.int64))
    # Copied in stretches: those that follow each other in the last generation, with no new one between.
    places = np.flatnonzero(~columns.is_row)
    new = np.ones(len(places), np.bool_)
    new[1:] = (firsts[1:] != ends[:-1]) | (np.diff(places) != 1)
    stretches = zip(places[new].tolist(), firsts[new].tolist(), ends[np.roll(new, -1)].tolist(), strict=True)
    rows = iter(np.flatnonzero(columns.is_row).tolist())
    row = next(rows, len(columns))
    for place, begin, end in chain(stretches, [(len(columns), 0, 0)]):
        while row < place:
            sizes[row] = target.write(next(fresh))
            row = next(rows, len(columns))
        target.write(content[begin:end])
    return sizes


def write_ledger(columns: Columns, limits: Limits, said: Said, writer: SegmentWriter) -> None:
    """Write which raw record gave which document."""
    intake, read = columns.intake, columns.intake.keys
    keys, source_lines = [as_rows(read.keys)], [np.array(read.source_lines, np.int64)]
    became = [np.array(read.became, np.int64)]
    if intake.earlier is not None:
        ledger = intake.earlier.ledger
        for entries, lines in read.known:
            keys.append(ledger.keys[entries])
            became.append(~ledger.documents[entries].astype(np.int64))
            source_lines.append(lines)
    documents = _documents_of(columns, np.concatenate(became))
    records = Records(np.concatenate(keys), documents, np.concatenate(source_lines))
    terms = terms_of(intake.aliases, limits, said)
    sealed(records, read.whole_files, np.flatnonzero(columns.undescribed), terms).write(writer)


def _documents_of(columns: Columns, became: I64) -> I64:
    """Return the document that each row or ~document of the last generation is now, or -1."""
    rows = np.full(len(columns.intake.rows), -1, np.int64)
    rows[columns.rows] = np.flatnonzero(columns.is_row)
    # A row that was replaced counts all the same where a later one says the same again.
    dead = np.flatnonzero(rows < 0)
    rows[dead] = matched(columns.intake.rows.all_fingerprints()[dead], columns.fingerprints)
    earlier = columns.intake.earlier
    old = np.full(len(earlier.segment) if earlier else 0, -1, np.int64)
    old[columns.old] = np.flatnonzero(~columns.is_row)
    found = np.empty(len(became), np.int64)
    found[became >= 0] = rows[became[became >= 0]]
    found[became < 0] = old[~became[became < 0]]
    return found
