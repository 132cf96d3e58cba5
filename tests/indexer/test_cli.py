"""The `reindex` command as a maintainer types it: what it prints, what it writes, what it exits with."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from shutil import copy, copytree

import pytest
from click.testing import CliRunner

from indexer.cli import main
from indexer.intake.prior.shrinking import SAMPLE
from indexer.storage import generation
from indexer.storage.history import journal
from tests.building import write_corpus
from tests.documents import CALLE, CORPORA, LABOUR, ROOT, SEED, SEED_PAGE

# Long for a slow machine; a test that is well ends at once.
PATIENCE = 60.0


@pytest.fixture
def folders(tmp_path):
    """A corpus folder with the real page, and where its index will be."""
    (tmp_path / "corpus").mkdir()
    copy(SEED_PAGE, tmp_path / "corpus" / "ilab.txt")
    return tmp_path


@pytest.fixture
def reindex(folders):
    """The command on those folders: give it the rest of the line."""

    def run(*line):
        options = ["--corpus", str(folders / "corpus"), "--index", str(folders / "index")]
        return CliRunner().invoke(main, [*options, *line])

    return run


def edit(folders, before, after):
    """Replace a text of the page wherever it stands."""
    page = folders / "corpus" / "ilab.txt"
    page.chmod(0o644)
    page.write_text(page.read_text().replace(before, after))


def test_the_first_run_adds_and_the_second_writes_nothing(reindex, folders):
    first = reindex()
    assert first.exit_code == 0
    assert "  added       5\n" in first.stdout
    assert "  duplicates  5\n" in first.stdout
    before = generation.current_name(folders / "index")
    second = reindex()
    assert second.exit_code == 0
    assert "  added       0\n" in second.stdout
    assert "  unchanged   5\n" in second.stdout
    assert second.stdout.endswith(f"Nothing changed; generation {before} stays.\n")
    assert generation.current_name(folders / "index") == before


def test_an_extended_end_date_is_one_change_named_with_both_dates(reindex, folders):
    reindex()
    edit(folders, "12/15/2019 - 03/30/2024", "12/15/2019 - 03/30/2025")
    result = reindex()
    assert "  changed     1\n" in result.stdout
    assert f"  {CALLE.title}  [ilab.txt:15]\n    end date 2024-03-30 -> 2025-03-30\n" in result.stdout
    told = json.loads(reindex("--json", "--full").stdout)
    assert (told["unchanged"], told["added_count"]) == (5, 0)


@pytest.mark.parametrize("zone", ["{page}", ":{page}", "{corpus}", "Nowhere/Atlantis"])
def test_a_time_zone_that_cannot_be_read_stops_nothing(folders, zone):
    corpus, index = folders / "corpus", folders / "index"
    settings = {"TZ": zone.format(page=SEED_PAGE, corpus=corpus)}
    code = "from indexer.cli import main; main()"
    command = [sys.executable, "-c", code, "--corpus", corpus, "--index", index, "--quiet"]
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_json_tells_the_same(reindex):
    told = json.loads(reindex("--json").stdout)
    assert [change["id"] for change in told["added"]] == [project.id for project in sorted(
        SEED, key=lambda project: project.start, reverse=True
    )]  # fmt: skip
    assert (told["projects"], told["duplicates"], told["rejected"], told["written"]) == (5, 5, [], True)


def test_every_rejected_record_is_told_and_kept(reindex, folders):
    copytree(CORPORA / "broken", folders / "corpus" / "broken")
    result = reindex()
    assert result.exit_code == 0
    assert "Rejected (first 20 of 44)" in result.stdout
    assert (
        '  broken/export.jsonl:9: no usable title: "***"\n    {"id": "J9", "title": "***"}\n' in result.stdout
    )
    kept = (generation.current(folders / "index") / "rejected.jsonl").read_text().splitlines()
    assert len(kept) == 44
    again = reindex()
    assert "Rejected (first 20 of 44)" in again.stdout


def test_strict_fails_on_a_rejection_and_writes_nothing(reindex, folders):
    reindex()
    before = generation.current_name(folders / "index")
    (folders / "corpus" / "bad.csv").write_text("title,start\nA,soon\n")
    result = reindex("--strict")
    assert result.exit_code == 1
    assert 'bad.csv:2: start date "soon" is not a date' in result.stdout
    assert result.stderr.endswith("reindex: 1 record was rejected; nothing was written\n")
    assert generation.current_name(folders / "index") == before
    assert reindex().exit_code == 0
    assert reindex("--strict").exit_code == 1


def test_check_reports_and_writes_nothing(reindex, folders):
    result = reindex("--check")
    assert result.exit_code == 0
    assert "  added       5\n" in result.stdout
    assert result.stdout.endswith("Checked only; nothing was written.\n")
    assert not (folders / "index").exists()


def test_quiet_says_nothing(reindex):
    result = reindex("--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_progress_is_plain_lines_without_a_terminal(reindex):
    assert reindex().stderr.splitlines()[-1] == "publishing"


def test_a_corpus_that_lost_most_of_its_projects_is_refused(reindex, folders):
    write_corpus(folders / "corpus", list(LABOUR.values())[:10])
    reindex()
    (folders / "corpus" / "projects.jsonl").unlink()
    result = reindex()
    assert result.exit_code == 76
    assert result.stderr.endswith(
        "reindex: 10 of 15 projects would be removed; is the corpus complete? "
        "If it is, run it again with --allow-shrink\n"
    )
    assert "  removed     10\n" in reindex("--allow-shrink").stdout


def test_the_guard_against_a_lost_corpus_names_the_files_that_gave_nothing(reindex, folders):
    """An error page that was saved in the place of a list, beside a list that is as before."""
    write_corpus(folders / "corpus", list(LABOUR.values())[:10])
    (folders / "corpus" / "notes.pdf").write_bytes(b"%PDF-")
    reindex()
    (folders / "corpus" / "projects.jsonl").write_text("[]")
    result = reindex()
    assert result.exit_code == 76
    assert (
        "removed, and no project was found in notes.pdf, projects.jsonl (reindex --check says why); is"
        in (result.stderr)
    )


def test_files_of_ones_own_take_the_place_of_the_sample(reindex, folders):
    reindex()
    (folders / "corpus" / "ilab.txt").unlink()
    result = reindex()
    assert (result.exit_code, "5 of 5 projects would be removed" in result.stderr) == (76, True)
    (folders / "corpus" / "own.csv").write_text("title\nThe Only One\n")
    result = reindex()
    assert result.exit_code == 0
    assert "  removed     5\n" in result.stdout
    assert "the sample is not in the corpus any more, which removes 5 projects" in result.stdout


def test_the_sample_beside_ones_own_files_may_go_as_well(reindex, folders):
    write_corpus(folders / "corpus", list(LABOUR.values())[:2])
    reindex()
    (folders / "corpus" / "ilab.txt").unlink()
    assert reindex().exit_code == 0
    write_corpus(folders / "corpus", list(LABOUR.values())[2:3])
    assert "2 of 2 projects would be removed" in reindex().stderr


def test_the_sample_is_known_by_the_ids_of_its_projects():
    assert {project.id for project in SEED} == SAMPLE


def test_a_missing_corpus_is_one_line(reindex, folders):
    (folders / "corpus").rename(folders / "elsewhere")
    result = reindex()
    assert result.exit_code == 66
    assert result.stderr == f"reindex: no corpus folder at {folders / 'corpus'}; create it or pass --corpus\n"


def test_an_index_that_is_a_file_is_one_line(reindex, folders):
    (folders / "index").write_text("a file")
    result = reindex()
    assert result.exit_code == 78
    assert result.stderr == f"reindex: {folders / 'index'} is not a folder; --index must name one\n"


def test_a_second_run_at_the_same_time_is_sent_away(reindex, folders):
    with generation.lock(folders / "index"):
        result = reindex()
    assert result.exit_code == 75
    assert result.stderr == f"reindex: another reindex is running (pid {os.getpid()}); wait for it to end\n"


def test_wrong_usage_exits_with_2(reindex):
    assert reindex("--jobs", "0").exit_code == 2
    assert reindex("--nonsense").exit_code == 2


def test_folders_come_from_the_environment_too(folders):
    environment = {"SEARCH_CORPUS_DIR": str(folders / "corpus"), "SEARCH_INDEX_DIR": str(folders / "index")}
    result = CliRunner().invoke(main, ["--quiet"], env=environment)
    assert result.exit_code == 0
    assert CliRunner().invoke(main, ["verify"], env=environment).exit_code == 0


def test_the_largest_file_is_a_setting(reindex, folders):
    (folders / "corpus" / "large.csv").write_bytes(b"title\n" + b"x" * 5_000_000)
    assert "large.csv: more than 4 MB; split it into several files" in reindex("--max-file-mb", "1").stdout
    assert "large.csv:2: a record of more than 1 MB" in reindex().stdout


def test_help_lists_every_exit_code():
    text = CliRunner().invoke(main, ["--help"]).stdout
    for code in (0, 1, 2, 65, 66, 70, 74, 75, 76, 78, 130, 143):
        assert f"\n  {code:>5}  " in text


def test_a_fault_of_the_program_is_one_line_too(reindex, monkeypatch):
    def fails(*_):
        raise LookupError("no such\nthing")

    monkeypatch.setattr("indexer.build.corpus_fingerprint", fails)
    result = reindex()
    assert result.exit_code == 70
    assert re.fullmatch(
        r"reindex: unexpected LookupError at test_cli\.py:\d+: no such thing; the index is as it was\n",
        result.stderr,
    )


def test_verify_names_a_damaged_file(reindex, folders):
    reindex()
    folder = generation.current(folders / "index")
    assert reindex("verify").stdout.startswith(f"{folder.name}: 5 projects, ")
    path = folder / "stored.bin"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    result = reindex("verify")
    assert result.exit_code == 65
    assert result.stderr == f"reindex: {path} is damaged; run: reindex --full\n"


def test_verify_and_info_tell_of_the_history(reindex, folders):
    reindex()
    path = folders / "index" / "HISTORY"
    for command in ("verify", "info"):
        assert "history: 5 projects since 20" in reindex(command).stdout
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    result = reindex("verify")
    assert result.exit_code == 65
    assert result.stderr.startswith(f"reindex: {path} is damaged (at byte ")
    path.unlink()
    assert "history: none yet; the next reindex begins it" in reindex("verify").stdout
    assert "there was no history of this index: it begins now" in reindex().stdout


def test_how_long_changes_are_kept_is_an_option(reindex, folders):
    reindex()
    edit(folders, "Ergo Group, Inc.", "Ergo Group")
    assert reindex("--keep-changes", "0").exit_code == 0
    assert [type(one).__name__ for one in journal.read(folders / "index").records] == ["Snapshot", "Run"]
    assert reindex("--keep-changes", "-1").exit_code == 2


@pytest.mark.parametrize("command", ["verify", "info", "rollback"], ids=str)
def test_without_an_index_there_is_nothing_to_look_after(reindex, command):
    result = reindex(command)
    assert result.exit_code == 65
    assert len(result.stderr.splitlines()) == 1


def test_info_lists_the_generations_and_rollback_changes_them(reindex, folders):
    reindex()
    first = generation.current_name(folders / "index")
    edit(folders, "Ergo Group, Inc.", "Ergo Group")
    reindex()
    second = generation.current_name(folders / "index")
    lines = reindex("info").stdout.splitlines()
    assert [line.split()[:4] for line in lines[:2]] == [
        ["current", second, "5", "projects"],
        ["previous", first, "5", "projects"],
    ]
    result = reindex("rollback", "--index", str(folders / "index"))
    assert result.stdout == f"{first} is current again; the next reindex will follow the corpus\n"
    assert generation.generations(folders / "index") == [first, second]
    assert "  changed     1\n" in reindex().stdout


def test_one_project_is_told_in_the_singular(folders, reindex):
    (folders / "corpus" / "ilab.txt").unlink()
    (folders / "corpus" / "one.jsonl").write_text('{"title": "Mine safety"}')
    reindex()
    assert ": 1 project, " in reindex("verify").stdout
    assert "  1 project  " in reindex("info").stdout
    assert "history: 1 project since " in reindex("info").stdout


def test_analyze_shows_tokens_and_terms(reindex):
    reindex()
    assert reindex("analyze", "Workers’ follow-ups").stdout.splitlines()[:5] == [
        "position  characters  token                   term",
        "       0         0-7  workers                 worker",
        "       1        9-15  follow                  follow",
        "       1        9-19  follow-ups              followup",
        "       2       16-19  ups                     ups",
    ]


def test_analyze_escapes_what_a_terminal_would_act_on(reindex):
    told = reindex("analyze", "labour \x1b[31m \x9bred \u202e \udcff", "--index", "no\x1b[2Jfolder").stdout
    assert "no\\u001b[2Jfolder has no index yet" in told
    assert all(line.isprintable() for line in told.splitlines())


def test_analyze_shows_the_variants_that_the_index_knows(reindex):
    assert "no index yet" in reindex("analyze", "labour").stdout
    reindex()
    told = reindex("analyze", "Labour of the ILO").stdout.splitlines()
    assert [line.rpartition(", weight")[0] for line in told if "weight" in line] == [
        "labour also finds: labor (degree 2: spelling",
        "ilo also finds: international labor organization (degree 3: acronym",
    ]
    assert "labour as written (degree 1): in 0 projects" in told


def test_analyze_shows_words_as_people_write_them_and_all_their_ways(folders, reindex):
    record = {"title": "T. S. Eliot", "description": "Mueller on C and on COVID 19 and COVID19"}
    (folders / "corpus" / "words.jsonl").write_text(json.dumps(record))
    reindex()
    told = reindex("analyze", "C++ T.S. Müller COVID19 covid").stdout
    lines = [line.partition(", weight")[0] for line in told.splitlines() if "(degree" in line]
    assert lines[:5] == [
        "c++ as written (degree 1): in 0 projects",
        "ts as written (degree 1): in 0 projects",
        "ts also finds: t s (degree 2: spelling",
        "muller as written (degree 1): in 0 projects",
        "muller also finds: mueller (degree 2: spelling",
    ]
    assert "covid19 also finds: covid 19 (degree 2: spelling" in lines
    assert "covid also finds: covid19 (degree 2: inflection, in 1 project)" in lines
    assert "\\u001f" not in told


def started(folders, *line):
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from indexer.cli import main; main()", *line],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SEARCH_CORPUS_DIR": str(folders / "corpus"),
            "SEARCH_INDEX_DIR": str(folders / "index"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def up_to(process, word):
    """Return what the process prints, up to and with the line that holds a word."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            break
    return "".join(lines)


@pytest.mark.parametrize(
    ("sent", "code", "word"),
    [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted")],
    ids=["sigterm", "ctrl-c"],
)
def test_watch_follows_the_corpus_until_it_is_stopped(folders, sent, code, word):
    index = folders / "index"
    process = started(folders, "--watch")
    patience = threading.Timer(PATIENCE, process.kill)
    patience.start()
    up_to(process, "Wrote generation")
    edit(folders, "12/15/2019 - 03/30/2024", "12/15/2019 - 03/30/2025")
    told = up_to(process, "Wrote generation")
    process.send_signal(sent)
    _, complaint = process.communicate()
    patience.cancel()
    assert "end date 2024-03-30 -> 2025-03-30" in told
    assert process.returncode == code
    assert complaint.splitlines()[-1] == f"reindex: {word}"
    left = {path.name for path in index.iterdir()}
    assert left == {"CURRENT", "HISTORY", "INDEX.TAG", "LOCK", *generation.generations(index)}


@pytest.mark.parametrize(
    ("named", "hint"),
    [
        pytest.param("my grants", "--corpus 'my grants'", id="folder"),
        pytest.param("list.csv", "reindex describe list.csv", id="file"),
    ],
)
def test_path_in_place_of_a_command_is_told_how_to_pass_it(tmp_path, monkeypatch, named, hint):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my grants").mkdir()
    (tmp_path / "list.csv").write_text("title\n")
    ended = CliRunner().invoke(main, [named])
    assert (ended.exit_code, hint in ended.output) == (2, True)
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        pytest.param(
            ["--port", "5"], "an option of search-app, which starts the server", id="server's option"
        ),
        pytest.param(["verify", "--corpus", "x"], "of reindex, and stands before 'verify'", id="above"),
        pytest.param(["serve"], "to start the server, run: search-app", id="server"),
        pytest.param(["reindex"], "to bring the index up to date, run: reindex", id="itself"),
        pytest.param(["no/such"], "and no such file or folder", id="path"),
        pytest.param(["verify", "index"], "pass --index DIR", id="index"),
        pytest.param(["rollback", "index"], "pass --index DIR", id="rollback"),
        pytest.param(["analyze", "labor", "law"], "put a text of several words in quotes", id="words"),
        pytest.param(["describe", "list.csv", "b.csv"], "name one file at a time", id="files"),
        pytest.param(["describe", "my grants"], "run: reindex --corpus 'my grants' --check", id="folder"),
    ],
)
def test_what_is_mistyped_is_told_what_to_type(tmp_path, monkeypatch, typed, hint):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my grants").mkdir()
    (tmp_path / "list.csv").write_text("title\n")
    ended = CliRunner().invoke(main, typed, prog_name="reindex")
    assert (ended.exit_code, hint in ended.output) == (2, True)
    assert not (tmp_path / "index").exists()


def test_command_wins_over_a_folder_of_its_name(tmp_path, monkeypatch):
    (tmp_path / "verify").mkdir()
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["verify"]).exit_code == 65
