"""Arrays that are right each by itself and do not fit each other are told apart from those that do."""

from dataclasses import replace

import numpy as np
import orjson
import pytest

from indexer.storage import generation
from indexer.storage.arrays import consistency
from indexer.storage.arrays.kept_forms import Forms
from indexer.storage.arrays.listed import Listed
from indexer.storage.arrays.mapping import MisfitError
from indexer.storage.arrays.stored import Stored, packing
from indexer.storage.arrays.sums import begins
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.segment import Segment


@pytest.fixture(scope="module")
def segment(labour_index):
    return Segment.open(generation.current(labour_index))


def spoilt(values, place, value):
    """Return a copy of an array with another value at one place."""
    found = np.array(values)
    found[place] = value
    return found


def listed(segment, *, places=None, starts=None):
    there = segment.documents
    return Listed(
        there.places if places is None else places, there.starts if starts is None else starts, there.blocks
    )


def of_several(segment):
    """Return where the postings begin of a term that stands in several projects."""
    starts = segment.documents.starts.astype(np.int64)
    return int(starts[np.flatnonzero(np.diff(starts) > 1)[0]])


def forms(segment, kept):
    return Forms(kept, segment.term_occurrences, segment.term_words_start)


def stored(segment, change):
    """Return the stored forms of a segment, the first of them changed."""
    first, *rest = segment.stored
    frames = [packing(b"")(form) for form in (orjson.dumps(change(orjson.loads(first))), *rest)]
    offsets = begins(np.array([*map(len, frames)])).astype(np.uint64)
    return Stored(memoryview(b"".join(frames)), offsets, memoryview(b""))


def with_extra(row, extra):
    return [*row[:6], extra]


def one_more(rows):
    """Return an array of rows with the first of them, or a row of zeros, once more."""
    return np.concatenate([rows, rows[:1] if len(rows) else np.zeros((1, *rows.shape[1:]), rows.dtype)])


# By what is told of them: for a segment, other arrays in the place of its own.
MISFITS = {
    "terms, postings and occurrences do not fit each other": {
        "a term without postings": lambda one: {
            "documents": listed(one, starts=spoilt(one.documents.starts, 1, one.documents.starts[0]))
        },
        "more occurrences than there are": lambda one: {"counts": spoilt(one.counts, 0, one.counts[0] + 1)},
    },
    "the documents of a term do not ascend": {
        "a document twice in a term": lambda one: {
            "documents": listed(
                one,
                places=spoilt(
                    one.documents.places, of_several(one) + 1, one.documents.places[of_several(one)]
                ),
            )
        },
        "a document that is none": lambda one: {
            "documents": listed(one, places=spoilt(one.documents.places, -1, len(one)))
        },
    },
    "words and terms do not fit each other": {
        "words of other terms": lambda one: {"term_words": one.term_words[::-1]},
        "fewer forms": lambda one: {"forms": forms(one, one.forms.kept[:-1])},
        "a form of no word": lambda one: {"forms": forms(one, spoilt(one.forms.kept, 0, 200))},
    },
    "terms and titles do not fit each other": {
        "a title without the term": lambda one: {"titled": spoilt(one.titled, 0, one.titled[0] ^ 1)},
    },
    "ids and projects do not fit each other": {
        "a project with two ids": lambda one: {
            "id_documents": spoilt(one.id_documents, 0, one.id_documents[1])
        },
    },
    "a table of texts is not sorted": {
        "terms not in order": lambda one: {"terms": Texts.of([*one.terms][::-1])},
        "words not in order": lambda one: {"words": Texts.of([*one.words][::-1])},
        "a word twice": lambda one: {"words": Texts.of([one.words[1], *one.words[1:]])},
        "a grantee twice": lambda one: {
            "grantee_names": Texts.of([one.grantee_names[1], *one.grantee_names[1:]])
        },
        "a word that is no UTF-8": lambda one: {"words": Texts(b"\xff", np.array([1], np.uint8))},
    },
    "an acronym or a rule for words cannot be read": {
        "a column that is no UTF-8": lambda one: {"extra_names": Texts(b"\xff", np.array([1], np.uint8))},
        "a rule that says nothing": lambda one: {"word_rules": Texts.of([""])},
        "an acronym of nothing": lambda one: {"acronyms": Texts.of(["ILO"])},
        "an acronym of two things": lambda one: {"acronyms": Texts.of(["ILO\ta\tb"])},
    },
    "an acronym is mentioned in no project": {
        "an acronym in no project": lambda one: {
            "acronyms": Texts.of(["ILO\ta"]),
            "acronym_mentions": np.array([[len(one), 0]], np.uint32),
        },
        "no acronym in a project": lambda one: {
            "acronyms": Texts.of(["ILO\ta"]),
            "acronym_mentions": np.array([[0, 1]], np.uint32),
        },
    },
    "fields and their values do not fit each other": {
        "a field of numbers that is not declared": lambda one: {"own_numbers": one_more(one.own_numbers)},
        "a field of days that is not declared": lambda one: {"own_days": one_more(one.own_days)},
        "a field of text that is not declared": lambda one: {"own_lengths": one_more(one.own_lengths)},
        "a field of values that is not declared": lambda one: {
            "own_value_starts": np.append(one.own_value_starts, one.own_value_starts[-1])
        },
        "entries of more projects": lambda one: {
            "own_entry_starts": np.append(one.own_entry_starts, one.own_entry_starts[-1])
        },
        "a value of another field": lambda one: {
            "own_entries": spoilt(one.own_entries, 0, np.diff(one.own_value_starts)[0])
        },
    },
    "the values of a field are not sorted": {
        "values not in order": lambda one: {"own_values": Texts.of([*one.own_values][::-1])},
    },
    "vectors and the model that made them do not fit each other": {
        "vectors of no model": lambda one: {"vectors": np.zeros((len(one), 3), np.int8)},
        "a model without vectors": lambda one: {"vector_model": Texts.of(["model", "digest"])},
        "half of the name of a model": lambda one: {
            "vectors": np.zeros((len(one), 3), np.int8),
            "vector_model": Texts.of(["model", ""]),
        },
    },
    "a stored project cannot be read": {
        "another first day": lambda one: {"start": spoilt(one.start, 0, one.start[0] + 1)},
        "another last day": lambda one: {"end": spoilt(one.end, 0, one.end[0] + 1)},
        "a project that is no list": lambda one: {"stored": stored(one, lambda row: {"a": row})},
        "a project of fewer columns": lambda one: {"stored": stored(one, lambda row: row[:5])},
        "a project of more columns": lambda one: {"stored": stored(one, lambda row: [*row[:6], {}, {}])},
        "two projects in one": lambda one: {
            "stored": Stored(
                memoryview(b"".join(b"[],[]" for _ in range(len(one)))),
                np.arange(0, 5 * len(one) + 1, 5, np.uint64),
                memoryview(b""),
            )
        },
        "a title that is no text": lambda one: {"stored": stored(one, lambda row: [row[0], 5, *row[2:]])},
        "columns without names": lambda one: {"stored": stored(one, lambda row: with_extra(row, ["a"]))},
        "a value that is no text": lambda one: {"stored": stored(one, lambda row: with_extra(row, {"a": 5}))},
    },
}


def test_what_a_build_writes_fits(segment):
    consistency.check(segment)


@pytest.mark.parametrize(
    ("told", "spoil"),
    [pytest.param(told, spoil, id=name) for told, cases in MISFITS.items() for name, spoil in cases.items()],
)
def test_what_does_not_fit_is_told(segment, told, spoil):
    with pytest.raises(MisfitError, match=told):
        consistency.check(replace(segment, **spoil(segment)))


def test_projects_that_were_read_are_not_read_again(segment):
    other_days = {"start": spoilt(segment.start, 0, segment.start[0] + 1)}
    consistency.check(replace(segment, **other_days), unread=False)
