"""The files of a segment: tables of texts, columns, stored projects and ids."""

import random
from dataclasses import fields
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Project, fingerprint_of
from indexer.storage import generation
from indexer.storage.arrays import inventory
from indexer.storage.arrays.sums import smallest
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.segment import Segment
from indexer.storage.writer import SegmentWriter
from indexer.text.analysis import fold
from tests.building import index_of, segment_of, writable
from tests.search_app.embedded.matching.test_evaluation import in_order, random_projects

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), unique=True, max_size=30)


def table(texts):
    """Return a table of sorted texts without a file."""
    encoded = [text.encode() for text in sorted(texts)]
    return Texts(b"".join(encoded), np.array([*map(len, encoded)], np.uint32))


@given(TEXTS)
def test_a_table_is_the_sequence_of_its_texts(texts):
    found = table(texts)
    assert list(found) == found[:] == sorted(texts)
    assert [found[number] for number in range(len(found))] == sorted(texts)
    assert [found.find(text) for text in sorted(texts)] == list(range(len(texts)))


@given(TEXTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
def test_a_table_finds_texts_and_prefixes(texts, key):
    found, expected = table(texts), sorted(texts)
    low, high = found.prefixed(key)
    assert expected[low:high] == [text for text in expected if text.startswith(key)]
    assert found.find(key) == (expected.index(key) if key in expected else -1)


def test_the_display_order_is_newest_start_first_then_id():
    days = {"b": date(2020, 1, 1), "a": date(2020, 1, 1), "z": None, "y": None, "c": date(2021, 1, 1)}
    segment = segment_of([Project(one, "Courts", start=day) for one, day in days.items()])
    assert [segment.project(number).id for number in range(5)] == ["c", "a", "b", "y", "z"]


@pytest.mark.parametrize("seed", range(4), ids=lambda seed: f"seed-{seed}")
def test_columns_hold_what_the_projects_say(seed):
    segment = segment_of(projects := random_projects(random.Random(seed), most=60))
    epoch = date(1970, 1, 1).toordinal()
    for number, project in enumerate(in_order(segment, projects)):
        start = project.start.toordinal() - epoch if project.start else UNKNOWN_DAY
        assert (segment.start[number], segment.end[number]) == (start, UNKNOWN_DAY)
        years = segment.span_years[segment.spans[number]].tolist()
        assert years == [project.start.year if project.start else 0, 0]
        assert segment.grantee_names[int(segment.grantee[number])] == project.grantee
        assert segment.fingerprints[number].tobytes() == fingerprint_of(project.stored())
        assert segment.find(project.id) == number
    assert segment.find("nobody") is None


def test_titles_are_ranked_without_case_and_accents():
    titles = ["Über", "ubiquity", "Zebra", "apple", "Éclair", "APPLE"]
    segment = segment_of([Project(str(number), title) for number, title in enumerate(titles)])
    ranked = sorted(range(len(titles)), key=lambda number: int(segment.title_ranks[number]))
    assert [fold(segment.project(number).title) for number in ranked] == sorted(map(fold, titles))
    assert segment.title_ranks[3] == segment.title_ranks[5]


@pytest.mark.parametrize("year", [1, 1600, 1969, 1970, 2038, 9999], ids=str)
def test_any_year_is_a_day_number(year):
    segment = segment_of([Project("a", "Courts", start=date(year, 1, 1), end=date(year, 12, 31))])
    assert segment.span_years.tolist() == [[year, year]]
    assert segment.end[0] - segment.start[0] in (364, 365)


def test_a_segment_without_documents_opens():
    segment = segment_of([])
    assert (len(segment), len(segment.terms), segment.find("a")) == (0, 0, None)


def test_two_ids_with_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr("indexer.intake.recording.id_hashes", lambda ids: np.full(len([*ids]), 7, np.uint64))
    monkeypatch.setattr("indexer.storage.segment.id_hash", lambda _: np.uint64(7))
    segment = segment_of([Project("a", "Courts"), Project("b", "Labor")])
    assert [segment.find(one) for one in ("a", "b", "c")] == [0, 1, None]


def test_mapped_arrays_cannot_be_written():
    segment = segment_of([Project("a", "Courts")])
    with pytest.raises(ValueError, match="read-only"):
        segment.impacts[0] = 9


def test_a_pickle_is_never_written_and_never_opened(tmp_path):
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        SegmentWriter(tmp_path).array("lengths", np.array([object()]))
    folder = writable(generation.current(index_of(tmp_path, [Project("a", "Courts")])))
    np.save(folder / "lengths.npy", np.array([{}], object))
    with pytest.raises(ValueError, match=r"lengths\.npy is no array"):
        Segment.open(folder)


@pytest.mark.parametrize(
    ("limit", "size"), [(0, 1), (255, 1), (256, 2), (65_536, 4), (2**32, 8)], ids=lambda number: str(number)
)
def test_the_smallest_type_holds_its_limit(limit, size):
    assert smallest(limit).itemsize == size


def test_every_part_of_a_segment_has_its_line_in_the_inventory():
    named = {one.name for one in fields(Segment)}
    arrays = {name for name in inventory.SEGMENT if name.removesuffix("_sizes") not in inventory.TEXTS}
    # Where the stored projects begin, and what they are packed with, `Stored` keeps for itself; where blocks
    # of documents begin, `Listed`.
    within = {"stored_offsets", "stored_dictionary", "posting_starts"}
    assert named | within == arrays | set(inventory.BLOBS)


def test_a_segment_that_was_verified_opens_without_its_long_arrays_being_read(tmp_path, monkeypatch):
    monkeypatch.setattr("indexer.storage.arrays.mapping._AT_AN_END", 2)
    folder = writable(generation.current(index_of(tmp_path, [Project(str(n), "Courts") for n in range(9)])))
    wrong = np.load(folder / "grantee.npy")
    for place, opens in ((0, False), (4, True), (8, False)):
        spoilt = wrong.copy()
        spoilt[place] = 200
        np.save(folder / "grantee.npy", spoilt)
        with pytest.raises(ValueError, match=r"grantee\.npy has a value"):
            Segment.open(folder)
        if opens:
            assert len(Segment.open(folder, all_values=False)) == 9
        else:
            with pytest.raises(ValueError, match=r"grantee\.npy has a value"):
                Segment.open(folder, all_values=False)


@pytest.mark.parametrize("all_values", [True, False], ids=["all", "ends"])
def test_sizes_that_do_not_fit_are_seen_however_little_is_read(tmp_path, all_values):
    folder = writable(generation.current(index_of(tmp_path, [Project(str(n), "Courts") for n in range(9)])))
    sizes = np.load(folder / "terms_sizes.npy")
    np.save(folder / "terms_sizes.npy", sizes + np.ones_like(sizes))
    with pytest.raises(ValueError, match=r"terms_sizes\.npy does not add up to the size of terms"):
        Segment.open(folder, all_values=all_values)
