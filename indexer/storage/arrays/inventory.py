"""What a generation is made of: each of its files, and what must hold of each array.

A letter of a shape is a number that is not known beforehand; all arrays that name it agree on it:

    N documents   G grantees   S spans of years   V terms   W words   P postings   T occurrences
    t bytes of a bit for each posting   A acronyms   M mentions   X word rules
    H other columns   E texts in them   K values of own fields   I their entries   J lists of entries
    B own fields of numbers   C currencies   O own fields of days   o own fields that are searched
    Y numbers of a vector   y lines that name the model of the vectors
    R raw records   F files   U projects without a description
    b terms by blocks of documents (`listed`)   f occurrences whose form is kept (`kept_forms`)
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.folder.ownership import GENERATION_TAG, MANIFEST
from indexer.storage.schema import TEXT_FIELDS

REPORT, REJECTED = "report.json", "rejected.jsonl"
# Years and days that a date can be written with.
LAST_YEAR = 9_999
FIRST_DAY, LAST_DAY = -719_162, 2_932_896

Size = int | str


@dataclass(frozen=True, slots=True)
class Array:
    """What must hold of an array.

    `types` are those it may have, little-endian. `shape` is in numbers and letters, "N+1" being one more than
    N. No value but `missing` is smaller than `least`, all are smaller than `below`, a number or a letter;
    which no NaN is. With `ascending` none is smaller than the one before it. Offsets `into` something begin
    with 0 and end with its size: that of a letter, or of a blob in bytes. Values that are sizes of parts `of`
    something add up to its size.
    """

    types: str
    shape: tuple[Size, ...]
    below: Size | None = None
    least: int | None = None
    missing: int | None = None
    ascending: bool = False
    into: str | None = None
    of: str | None = None


def array(types: str, *shape: Size, below: Size | None = None, least: int | None = None) -> Array:
    """Return what must hold of an array of values."""
    return Array(types, shape, below, least)


def offsets(types: str, of: str, into: str) -> Array:
    """Return what must hold of offsets [of + 1] `into` as many elements, or into the bytes of a blob."""
    return Array(types, (f"{of}+1",), ascending=True, into=into)


def sizes(types: str, parts: str, of: str) -> Array:
    """Return what must hold of the sizes [parts] of what something consists of: a blob, or that many."""
    return Array(types, (parts,), of=of)


def days(*shape: Size) -> Array:
    """Return what must hold of days that a date can have, or that are unknown."""
    return Array("i4", shape, LAST_DAY + 1, FIRST_DAY, UNKNOWN_DAY)


_FIELDS = len(TEXT_FIELDS)
_ANY = "u1 u2 u4 u8"
# There may be four thousand million of these; their sum always fits into 64 bits.
_NARROW = "u1 u2 u4"

# Tables of texts, `<name>.bin` and `<name>_sizes.npy`: how many there are.
TEXTS = {
    "grantee_names": "G",
    "terms": "V",
    "words": "W",
    "acronyms": "A",
    "word_rules": "X",
    "extra_names": "H",
    "own_values": "K",
    "own_codes": "C",
    "codes": "Q",
    "vector_model": "y",
}
BLOBS = ("stored", "stored_dictionary", "own_fields", *TEXTS)

SEGMENT = {
    "stored_offsets": offsets(_ANY, "N", "stored"),
    "fingerprints": array("u8", "N", 2),
    "id_hashes": Array("u8", ("N",), ascending=True),
    "id_documents": array("u4", "N", below="N"),
    "start": days("N"),
    "end": days("N"),
    "spans": array(_NARROW, "N", below="S"),
    "span_years": array("i2", "S", 2, below=LAST_YEAR + 1, least=0),
    "grantee": array(_NARROW, "N", below="G"),
    "title_ranks": array("u4", "N", below="N"),
    "lengths": array(_NARROW, _FIELDS, "N"),
    "posting_starts": offsets(_ANY, "b", "P"),
    "term_occurrences": offsets(_ANY, "V", "T"),
    "word_terms": array("u4", "W", below="V"),
    "word_documents": array("u4", "W"),
    "term_words": array("u4", "W", below="W"),
    "term_words_start": offsets("u4", "V", "W"),
    "documents": array("u2", "P"),
    "impacts": array("u2", "P", least=1),
    "titled": array("u1", "t"),
    "counts": array(_NARROW, "P", least=1),
    "field_positions": array("u2 u4", "T"),
    "forms": array(_NARROW, "f"),
    "acronym_mentions": array("u4", "M", 2),
    "code_counts": sizes(_NARROW, "Q", "R"),
    "code_documents": array("u4", "R", below="N"),
    "vectors": array("i1", "N", "Y", below=128, least=-127),
    "extra_starts": offsets(_ANY, "N", "E"),
    "extra_columns": array(_ANY, "E", below="H"),
    "extra_signatures": array("u4", "E"),
    "own_value_starts": offsets("u4", "Z", "K"),
    "own_entries": array(_ANY, "I"),
    "own_entry_starts": offsets(_ANY, "J", "I"),
    "own_numbers": array("f8", "B", "N"),
    "own_currencies": array(_ANY, "B", "N", below="C"),
    "own_days": days("O", "N"),
    "own_lengths": array(_ANY, "o", "N"),
    **{f"{name}_sizes": sizes(_NARROW, size, name) for name, size in TEXTS.items()},
}

# Which raw record gave which document: for the next `reindex` alone (see `intake.ledger`).
LEDGER = {
    "ledger_keys": array("u8", "R", 2),
    "ledger_documents": array("u4", "R", below="N"),
    "ledger_lines": array("u4", "R"),
    "ledger_files": array("u8", "F", 2),
    "ledger_file_records": offsets("u8", "F", "R"),
    "ledger_undescribed": array("u4", "U", below="N"),
    "ledger_terms": array("u8", 2),
}

# Exactly these are in a generation, beside its manifest.
FILES = frozenset(
    {f"{name}.npy" for name in SEGMENT | LEDGER}
    | {f"{name}.bin" for name in BLOBS}
    | {REPORT, REJECTED, GENERATION_TAG}
)
# What the mark of a new generation says that it will hold.
NAMES = sorted({*FILES - {GENERATION_TAG}, MANIFEST})
