"""The history along with generations: it outlives `--full`, rollback, another format, and is never silently lost."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from indexer import build
from indexer.build import BuildOptions, reindex
from indexer.document import STORED_FORM, Project, fingerprint_of
from indexer.errors import ForeignFolderError, UnconfirmedError
from indexer.history.noticing import MOST_VALUE
from indexer.storage import generation
from indexer.storage.days import UNKNOWN_DAY, day_number
from indexer.storage.folder.ownership import HISTORY
from indexer.storage.history import journal
from indexer.storage.history.known import known_of
from indexer.storage.history.moments import days_of, moment_of, name_of, time_of
from indexer.storage.history.records import KINDS, Run, Snapshot, unpack
from indexer.storage.segment import id_hash
from tests.building import spoilt, write_corpus

A, B, C = Project("a", "Courts", "Of law."), Project("b", "Mines"), Project("c", "Schools")
D = Project("d", "Started long ago", start=date(2011, 1, 1))


class Place:
    """A corpus and its index, and what the history says of projects."""

    def __init__(self, folder):
        self.folder, self.index = folder, folder / "index"

    def run(self, *projects, **options):
        """Bring the index up to some projects and return the report."""
        options = BuildOptions(allow_shrink=True, **options)
        return reindex(write_corpus(self.folder / "corpus", projects), self.index, options)

    @property
    def found(self):
        return journal.read(self.index)

    @property
    def counts(self):
        """How many were adopted, added, changed and removed in each run."""
        return [tuple(map(run.count, KINDS)) for run in self.found.records if isinstance(run, Run)]

    def first_seen(self, project):
        """The number of the run in which a project was first seen, from 0; None where nobody knows."""
        known = known_of(self.found.records)
        (row,) = (known.hashes == id_hash(project.id)).nonzero()[0].tolist()
        moments = [run.moment for run in self.found.records]
        return moments.index(known.first[row]) if known.first[row] else None

    def damage(self):
        path = self.index / HISTORY
        content = bytearray(path.read_bytes())
        content[-100] ^= 1
        path.write_bytes(bytes(content))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_what_each_run_saw_is_kept(place):
    place.run(A, B)
    place.run(replace(A, description="Of laws."), C)
    place.run(replace(A, description="Of laws."), C, B)
    assert place.counts == [(0, 2, 0, 0), (0, 1, 1, 1), (0, 1, 0, 0)]
    details = unpack(place.found.records[1].details)
    assert details["changed", 0].fields == (("description", "Of law.", "Of laws."),)
    assert (details["removed", 0].id, details["removed", 0].title) == ("b", "Mines")
    # One that comes back was first seen when it was first seen.
    assert [place.first_seen(one) for one in (A, B, C)] == [0, 0, 1]


def test_first_seen_stays_whatever_happens_to_generations(place):
    place.run(A)
    place.run(A, D)
    size = place.found.size
    assert not place.run(A, D).written
    assert place.run(A, D, full=True).written
    generation.rollback(place.index)
    place.run(A, D)
    assert place.found.size == size
    place.run(A, D, C)
    assert [place.first_seen(one) for one in (A, D, C)] == [0, 1, 2]


def test_after_a_rollback_nothing_is_told_twice(place):
    place.run(A, B)
    place.run(replace(A, title="High courts"), D)
    generation.rollback(place.index)
    place.run(replace(A, title="High courts"), D)
    assert place.counts == [(0, 2, 0, 0), (0, 1, 1, 1)]


def test_what_is_taken_back_after_a_rollback_is_told_as_it_was_gone_back_from(place):
    place.run(A, B)
    place.run(replace(A, title="High courts"), B, D)
    generation.rollback(place.index)
    place.run(A, replace(B, title="Quarries"))
    assert place.counts[2] == (0, 0, 2, 1)
    told = unpack(place.found.records[2].details)
    assert sorted(told["changed", number].fields for number in (0, 1)) == [
        (("title", "High courts", "Courts"),),
        (("title", "Mines", "Quarries"),),
    ]
    assert (told["removed", 0].id, told["removed", 0].title) == ("d", "Started long ago")


def test_where_what_was_gone_back_from_cannot_be_read_the_one_before_tells(place):
    place.run(A, B)
    place.run(A, replace(B, title="Quarries"))
    spoilt(generation.current(place.index) / "stored.bin")
    place.run(A)
    assert place.counts[2] == (0, 0, 0, 1)
    assert unpack(place.found.records[2].details)["removed", 0].title == "Mines"


def test_another_format_keeps_what_is_known(place, monkeypatch):
    place.run(A, B)
    monkeypatch.setattr("indexer.storage.folder.manifest.FORMAT", 1_000)
    found = place.run(A, C)
    assert found.warnings == ()
    assert place.counts == [(0, 2, 0, 0), (0, 1, 0, 1)]
    assert [place.first_seen(one) for one in (A, C)] == [0, 1]


def test_another_stored_form_is_no_change(place, monkeypatch):
    place.run(A, B)
    monkeypatch.setattr("indexer.storage.folder.manifest.FORMAT", 1_000)
    monkeypatch.setattr("indexer.history.noticing.STORED_FORM", STORED_FORM + 1)
    monkeypatch.setattr(
        "indexer.intake.accepting.fingerprint_of", lambda stored: fingerprint_of(stored + b"x")
    )
    place.run(A, B, C, full=True)
    assert place.counts[1][1:] == (1, 0, 0)
    place.run(A, replace(B, title="Quarries"), C, full=True)
    assert place.counts[2][1:] == (0, 1, 0)
    assert [place.first_seen(one) for one in (A, B, C)] == [0, 0, 1]


def test_the_stored_form_is_the_one_that_fingerprints_are_of():
    """Where this fails, raise STORED_FORM and write down what it is now."""
    project = Project("a", "Courts", "Of law.", "ILO", date(2020, 1, 2), None, (("Country", "Mali"),))
    stored = b'["a","Courts","Of law.","ILO","2020-01-02",null,{"Country":"Mali"}]'
    assert (STORED_FORM, project.stored()) == (1, stored)
    assert fingerprint_of(stored).hex() == "8205ae496a3c19a56807b54991109fa0"


def test_other_names_of_a_grantee_are_no_change(place):
    corpus = write_corpus(place.folder / "corpus", [replace(A, grantee="Ergo Group")])
    reindex(corpus, place.index)
    (corpus / "aliases.txt").write_text("Ergo = Ergo Group\n")
    reindex(corpus, place.index)
    (corpus / "aliases.txt").write_text("Ergo = Ergo Group; Ergonomics\n")
    reindex(corpus, place.index)
    assert [run[2] for run in place.counts[2:]] == [0] * len(place.counts[2:])


@pytest.mark.parametrize("by", ["a run that writes", "a run without changes"])
def test_an_index_of_before_the_history_says_that_nobody_knows(place, by):
    place.run(A, B)
    (place.index / HISTORY).unlink()
    found = place.run(A, B, C) if by == "a run that writes" else place.run(A, B)
    (told,) = found.warnings
    assert told.startswith("there was no history of this index")
    place.run(A, B, C)
    assert [place.first_seen(one) for one in (A, B)] == [None, None]
    assert place.first_seen(C) is not None
    assert time_of(known_of(place.found.records).since) is not None


def test_a_new_index_has_nothing_to_say_of_before(place):
    assert place.run(A).warnings == ()
    assert place.first_seen(A) == 0


def test_of_a_generation_that_cannot_be_read_nobody_knows_what_was_in_it(place):
    place.run(A, B)
    (place.index / HISTORY).unlink()
    spoilt(generation.current(place.index) / "stored.bin")
    place.run(A, B, C)
    assert place.counts == [(3, 0, 0, 0)]


def test_a_damaged_history_is_put_aside_and_goes_on_from_before_the_damage(place):
    place.run(A)
    place.run(A, B)
    place.damage()
    before = (place.index / HISTORY).read_bytes()
    found = place.run(A, B, C)
    name = generation.current_name(place.index)
    assert (place.index / f"{HISTORY}.{name}").read_bytes() == before
    (told,) = found.warnings
    assert told.startswith("the history is damaged (at byte")
    assert f"{HISTORY}.{name}" in told
    # Of what the damaged part told, nobody knows; it is not told as new.
    assert place.counts == [(0, 1, 0, 0), (1, 1, 0, 0)]
    assert [place.first_seen(one) for one in (A, B, C)] == [0, None, 1]
    assert place.run(A, B).warnings == ()


def test_what_a_run_that_died_left_is_dropped_with_a_word(place):
    place.run(A)
    whole = place.found.size
    place.run(A, B)
    os.truncate(place.index / HISTORY, whole + 70)
    generation.rollback(place.index)
    found = place.run(A, B)
    assert found.warnings == ("a run that died left the end of the history unfinished; that end was dropped",)
    assert place.counts == [(0, 1, 0, 0), (0, 1, 0, 0)]


def test_a_history_of_another_version_is_put_aside(place):
    place.run(A)
    (place.index / HISTORY).write_bytes(b"grant-search history 99\nfrom the future")
    (told,) = place.run(A, B).warnings
    assert "another version" in told
    assert [place.first_seen(one) for one in (A, B)] == [None, 0]
    assert [path.read_bytes()[:23] for path in place.index.glob("HISTORY.*")] == [b"grant-search history 99"]


def test_a_restored_history_goes_on_with_an_index_that_is_made_anew(place, tmp_path):
    place.run(A)
    place.run(A, B)
    other = Place(tmp_path / "other")
    other.index.mkdir(parents=True)
    shutil.copy(place.index / HISTORY, other.index)
    assert other.run(A, B, C).warnings == ()
    assert other.counts == [(0, 1, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0)]
    assert [other.first_seen(one) for one in (A, B, C)] == [0, 1, 2]


def test_a_run_that_is_not_published_leaves_no_trace(place, monkeypatch):
    place.run(A)
    before = (place.index / HISTORY).read_bytes()

    def fail(*_arguments):
        assert (place.index / HISTORY).read_bytes() != before
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build.generation, "publish", fail)
    with pytest.raises(OSError, match="No space"):
        place.run(A, B)
    assert (place.index / HISTORY).read_bytes() == before
    (place.index / HISTORY).unlink()
    with pytest.raises(OSError, match="No space"):
        place.run(A, B)


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"]
)
@pytest.mark.parametrize("failing", ["publish", "rewrite", "append"])
@pytest.mark.parametrize("projects", [(A,), (A, B)], ids=["nothing-new", "something-new"])
def test_damage_is_told_by_the_first_run_that_is_published(projects, failing, error, place, monkeypatch):
    """One that fails on the way to it has told nobody."""
    place.run(A)
    place.damage()
    before = (place.index / HISTORY).read_bytes()

    def fail(*_arguments):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(build.generation if failing == "publish" else journal, failing, fail)
        with pytest.raises(type(error)):
            place.run(*projects, full=True)
    assert (place.index / HISTORY).read_bytes() == before
    assert not list(place.index.glob("HISTORY.*"))
    (told,) = place.run(*projects, full=True).warnings
    assert told.startswith("the history is damaged")
    assert len(list(place.index.glob("HISTORY.*"))) == 1


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, SystemExit])
def test_a_run_that_is_stopped_while_it_publishes_leaves_no_trace(stopped, place, monkeypatch):
    place.run(A)
    before = (place.index / HISTORY).read_bytes()

    def stop(*_arguments):
        raise stopped

    monkeypatch.setattr(build.generation, "publish", stop)
    with pytest.raises(stopped):
        place.run(A, B)
    assert (place.index / HISTORY).read_bytes() == before


def test_what_cannot_be_taken_back_does_not_hide_why_the_run_failed(place, monkeypatch):
    place.run(A)

    def fail(*_arguments):
        (place.index / HISTORY).unlink()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build.generation, "publish", fail)
    with pytest.raises(OSError, match="No space"):
        place.run(A, B)


def test_a_run_that_is_published_stays_though_the_disk_did_not_confirm_it(place, monkeypatch):
    place.run(A)

    def fail(path, sync=generation.sync):
        if path == place.index:
            raise OSError(5, "Input/output error")
        sync(path)

    monkeypatch.setattr(generation, "sync", fail)
    with pytest.raises(UnconfirmedError):
        place.run(A, B)
    assert place.counts == [(0, 1, 0, 0), (0, 1, 0, 0)]
    assert moment_of(generation.current_name(place.index)) == place.found.records[-1].moment


def test_a_history_that_cannot_be_written_leaves_the_index_as_it_was(place, monkeypatch):
    place.run(A)
    name = generation.current_name(place.index)

    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied", "HISTORY")

    monkeypatch.setattr(journal, "append", refuse)
    with pytest.raises(PermissionError):
        place.run(A, B)
    assert generation.current_name(place.index) == name


def test_changes_are_kept_as_long_as_is_set_and_first_seen_for_good(place, monkeypatch):
    place.run(A)
    place.run(A, B)
    old = [replace(run, moment=run.moment - 400 * 86_400_000_000) for run in place.found.records]
    journal.rewrite(place.index, old)
    first = known_of(old).first.tolist()
    place.run(A, B, C)
    snapshot, run = place.found.records
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.first.tolist(), run.count("added")) == (first, 1)
    place.run(A, keep_changes=0)
    assert set(first) < set(known_of(place.found.records).first.tolist())
    assert place.counts == [(0, 0, 0, 2)]
    monkeypatch.setattr("indexer.history.keeping.MOST_TEXTS", 1)
    place.run(replace(A, title="Courts of law"))
    assert len(place.found.records) == 2


def test_long_texts_are_told_around_what_differs(place):
    text = "word " * 1_000
    place.run(replace(A, description=text + "one" + text))
    place.run(replace(A, description=text + "two" + text))
    ((_, before, after),) = unpack(place.found.records[1].details)["changed", 0].fields
    assert "one" in before
    assert before.replace("one", "two") == after
    assert len(before) == MOST_VALUE + 2


def test_generations_and_moments_are_the_same():
    name = "20261127T080000.000001Z"
    assert name_of(moment_of(name)) == name
    assert days_of(np.array([moment_of(name), 0])).tolist() == [day_number(date(2026, 11, 27)), UNKNOWN_DAY]
    assert time_of(0) is None
    with pytest.raises(ValueError, match="yesterday"):
        moment_of("yesterday")


@pytest.mark.parametrize("name", [HISTORY, f"{HISTORY}.old", f"{HISTORY}.new"])
def test_a_history_of_somebody_else_is_left_alone(place, name):
    place.index.mkdir()
    (place.index / name).write_text("of Rome")
    with pytest.raises(ForeignFolderError, match="did not make"):
        place.run(A)
    assert (place.index / name).read_text() == "of Rome"


def test_a_history_that_is_a_link_is_refused(place):
    place.run(A)
    (place.index / HISTORY).rename(place.folder / "elsewhere")
    (place.index / HISTORY).symlink_to(place.folder / "elsewhere")
    before = (place.folder / "elsewhere").read_bytes()
    with pytest.raises(ForeignFolderError):
        place.run(A, B)
    assert (place.folder / "elsewhere").read_bytes() == before


def test_columns_in_another_order_change_no_project(tmp_path):
    place = Place(tmp_path)
    extra = (("Region", "Africa"), ("Theme", "Mines"))
    place.run(replace(A, extra=extra), B)
    report = place.run(replace(A, extra=extra[::-1]), B)
    assert (report.changed_count, report.unchanged, report.written) == (0, 2, True)
    report = place.run(replace(A, extra=(extra[0], ("Theme", "Gold"))), B)
    assert [[(one.field, one.after) for one in change.fields] for change in report.changed] == [
        [("Theme", "Gold")]
    ]
    assert [counts[2] for counts in place.counts] == [0, 0, 1]
