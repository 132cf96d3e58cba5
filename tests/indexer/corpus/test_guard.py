"""One file never ends a run: whatever a reader raises is a rejection, and its time is bounded."""

import errno
import json
import signal
import threading

import pytest

from indexer.corpus import contents, guard
from indexer.corpus.formats import listing
from indexer.corpus.guard import Patience, guarded
from indexer.corpus.reading import MEGABYTE, Limits
from indexer.document import Project, Rejection
from indexer.intake.accepting import Intake
from indexer.intake.rejections import Rejections
from indexer.intake.rows import spills

GOOD = (7, b"", ("a", "A", "", "", None, None, ()))


def failing(error):
    """Yield a record of line 7, then raise."""
    yield [GOOD]
    raise error


@pytest.mark.parametrize(
    ("error", "line", "reason"),
    [
        (RecursionError(), 7, "nested too deeply"),
        (MemoryError(), 7, "needs more memory than there is"),
        (KeyError("title"), 7, "cannot be read from here on (KeyError: 'title')"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), 7, "UnicodeEncodeError"),
        (ValueError("odd \ud800"), 7, "cannot be read from here on (odd ?)"),
        (OSError(errno.EIO, "Input/output error"), 0, "cannot be read: Input/output error"),
    ],
    ids=["recursion", "memory", "key", "surrogate", "value", "disk"],
)
def test_whatever_a_reader_raises_is_a_rejection(error, line, reason):
    first, last = guarded(failing(error), "a.csv", 100, Patience(1.0))
    assert first == [GOOD]
    assert (last.path, last.line) == ("a.csv", line)
    assert reason in last.reason
    json.dumps(last.reason).encode()


@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "EROFS"])
def test_a_full_disk_of_our_own_ends_the_run(name):
    with pytest.raises(OSError, match="It fails"):
        list(guarded(failing(OSError(getattr(errno, name), "It fails")), "a.csv", 100, Patience(1.0)))


def test_a_file_of_bad_records_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(guard, "MOST_REJECTED", 3)
    bad = (Rejection("a.csv", line, "bad", "") for line in range(1, 9))
    *found, last = guarded(bad, "a.csv", 100, Patience(1.0))
    assert [one.line for one in found] == [1, 2, 3]
    assert last == Rejection("a.csv", 0, "3 records of this file are rejected; the rest was not read", "")


def test_half_a_character_of_a_bad_record_is_none():
    bad = Rejection("a\ud800.csv", 1, "odd \ud800", "text \ud800")
    assert [*guarded(iter([bad]), "a", 1, Patience(1.0))] == [Rejection("a?.csv", 1, "odd ?", "text ?")]


def test_a_reader_that_fails_has_reached_the_last_line_that_it_told():
    def reader():
        yield [GOOD]
        yield Rejection("a.csv", 0, "of no line", "")
        raise KeyError

    *_, last = guarded(reader(), "a.csv", 100, Patience(1.0))
    assert last.line == 7


def test_of_a_long_reason_the_beginning_is_told():
    _, last = guarded(failing(ValueError("x" * 100_000)), "a.csv", 100, Patience(1.0))
    assert "x" * 200 in last.reason
    assert len(last.reason) < 400


def test_a_file_has_the_time_of_its_size_and_what_the_run_has_left(monkeypatch):
    given = []
    monkeypatch.setattr(signal, "setitimer", lambda _timer, seconds: given.append(seconds))
    with Patience(5.0).waiting(2 * MEGABYTE):
        pass
    assert given == [guard.FAIR_SECONDS + 2 * guard.FAIR_SECONDS_PER_MB + 5.0, 0]


def test_no_alarm_is_left_when_a_file_is_read():
    before = signal.getsignal(signal.SIGPROF)
    list(guarded(iter([[GOOD]]), "a.csv", 100, Patience(1.0)))
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) == before


def test_a_reader_that_comes_to_no_record_is_given_up(monkeypatch):
    monkeypatch.setattr(guard, "FAIR_SECONDS", 0.01)

    def endless():
        yield [GOOD]
        while True:
            pass

    patience = Patience(0.05)
    *_, last = guarded(endless(), "a.html", 100, patience)
    assert (last.line, last.reason) == (7, "no next record for too long; the rest of this file was not read")
    # What one file took, the next has not.
    assert patience.left < 0.05
    *_, last = guarded(endless(), "b.html", 100, patience)
    assert "no next record" in last.reason


def test_a_reader_in_another_thread_is_read_as_well():
    found = []
    thread = threading.Thread(target=lambda: found.extend(guarded(iter([[GOOD]]), "a", 1, Patience(1.0))))
    thread.start()
    thread.join()
    assert found == [[GOOD]]


def test_a_file_whose_reader_fails_leaves_the_others(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("Results\n")
    (tmp_path / "b.jsonl").write_text('{"title": "Good"}\n')
    monkeypatch.setitem(contents.whole.READERS, "listing", lambda *_: iter([1 / 0]))
    rejected, good = contents.read(tmp_path)
    assert rejected.reason.startswith("cannot be read from here on (ZeroDivisionError")
    assert isinstance(good, Project)
    assert listing.read is not contents.whole.READERS["listing"]


@pytest.mark.parametrize(
    "name", ["title", "description", "grantee", "start_date", "end_date", "id", "period", "Else", "\ud800"]
)
def test_half_a_character_in_any_field_costs_at_most_its_record(tmp_path, name):
    record = {"title": "Title", name: "2020 \ud800"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n" + '{"title": "Good"}\n')
    found = list(contents.read(tmp_path))
    assert found[-1].title == "Good"
    for one in found:
        told = (one.path, one.reason, one.text) if isinstance(one, Rejection) else one.stored().decode()
        json.dumps(told, ensure_ascii=False).encode()


def test_the_projects_of_a_run_have_one_budget(tmp_path):
    for name in "abc":
        lines = (json.dumps({"title": f"{name} {number}", "id": f"{name}{number}"}) for number in range(600))
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    with spills(tmp_path) as spilled:
        intake = Intake(spilled.rows, rejected=Rejections(spilled.rejected), most_bytes=400_000)
        intake.take_all(contents.files(tmp_path, Limits()), lambda _: None)
        told = [(one.path, one.line) for one in intake.rejected]
        assert told == [("b.jsonl", 600), ("c.jsonl", 0)]
        assert all("raise SEARCH_MAX_RUN_MB" in one.reason for one in intake.rejected)
        assert len(intake.rows) == 1200


def test_rejections_beyond_the_first_are_on_disk_and_counted(tmp_path):
    with spills(tmp_path) as spilled:
        rejected = Rejections(spilled.rejected)
        rejected.extend(Rejection("a", line, f"reason {line % 3}", "x" * 9_000) for line in range(5_000))
        assert (len(rejected), len(list(rejected))) == (5_000, 1_000)
        assert max(len(one.text) for one in rejected) == 2_000
        assert rejected.reasons == {"reason 0": 1_667, "reason 1": 1_667, "reason 2": 1_666}
        rejected.write(tmp_path / "rejected.jsonl")
    lines = (tmp_path / "rejected.jsonl").read_text().splitlines()
    assert [json.loads(line)["line"] for line in lines] == list(range(5_000))
    assert len(json.loads(lines[-1])["text"]) == 9_000


def test_reasons_that_all_differ_are_not_all_kept():
    rejected = Rejections()
    rejected.extend(Rejection("a", line, f"reason {line}", "") for line in range(3_000))
    assert len(rejected.reasons) == 1_001
    assert rejected.reasons["other reasons"] == 2_000
