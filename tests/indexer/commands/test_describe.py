"""`reindex describe`, the line for each file of `--check`, and what `--strict` takes for a failure."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from indexer.cli import main
from tests.documents import CORPORA

PUBLISHERS = CORPORA / "publishers"
FILES = sorted(path for path in PUBLISHERS.iterdir() if not path.name.endswith(".expected.json"))


def run(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_of_a_publisher_is_explained(file):
    result = run("describe", file)
    assert result.exit_code == 0
    wanted = json.loads((PUBLISHERS / f"{file.name}.expected.json").read_text(encoding="utf-8"))
    lines = result.stdout.splitlines()
    assert lines[0] == file.name
    assert "The first projects" in lines
    for project in wanted["projects"][:3]:
        assert any(project["title"][:60] in line for line in lines)
    for name in ("Columns", "Read as"):
        assert any(line.startswith(name) for line in lines)
    if "publisher" in wanted:
        assert any(line.startswith(f"Publisher  {wanted['publisher']} (") for line in lines)


def test_an_explanation_reads_as_one(tmp_path):
    file = tmp_path / "grants.csv"
    file.write_text(
        "Our grants\nProject Title,Start,End,Grantee,Amount (USD),Descripton,Colour,\n"
        'Safe Gold,31/01/2020,ongoing,Verité,"1,000",Ends it,red,\nClean Cocoa,01/02/2020,2021,Ergo,"2,000",,blue,\n'
        "No Dates,soon,,,,,,\nTotal,,,,3000,,,\n",
        encoding="utf-8",
    )
    result = run("describe", file)
    assert result.exit_code == 0
    assert result.stdout == (
        "grants.csv\n"
        "\n"
        "Read as    table, its columns separated by commas\n"
        "Encoding   utf-8\n"
        "Headings   line 2\n"
        'Dates      day first: "31/01/2020" can be read in no other way\n'
        "Holds      2 projects, 1 rejected, 1 left out as no project\n"
        "\n"
        "Columns\n"
        "  Project Title  -> title\n"
        "  Start          -> start date\n"
        "  End            -> end date\n"
        "  Grantee        -> grantee\n"
        "  Amount (USD)   kept as amount\n"
        "  Descripton     kept, not known; is it the description?\n"
        "  Colour         kept\n"
        "                 left out: it has no name\n"
        "\n"
        "Own fields, by this file alone\n"
        '  amount: money, facet (from "Amount (USD)")\n'
        '  shown with the project only: "Colour", "Descripton"\n'
        "\n"
        "The first projects\n"
        "  3: Safe Gold\n"
        "    2020-01-31 to unknown, Verité\n"
        "    id safe-gold-22a23a7f\n"
        "    Amount (USD): 1,000 | Descripton: Ends it | Colour: red\n"
        "  4: Clean Cocoa\n"
        "    2020-02-01 to 2021-12-31, Ergo\n"
        "    id clean-cocoa-85abefa5\n"
        "    Amount (USD): 2,000 | Colour: blue\n"
        "\n"
        "Doubts\n"
        '  columns: grants.csv: column "Descripton": not known; kept as an extra. Is it the description?\n'
        '  dates: grants.csv:3: column "End": "ongoing" says that there is none: unknown (once)\n'
        '  rows: grants.csv:6: 1 row left out as totals: "Total,,,,3000,,,"\n'
        "\n"
        "The first rejected records\n"
        '  grants.csv:5: start date "soon" is not a date; write 2020-01-31, 2020-01, 2020 or 01/31/2020\n'
    )


def test_a_program_gets_the_same_as_json():
    found = json.loads(run("describe", "--json", PUBLISHERS / "gtr-search.csv").stdout)
    assert found["source"]["publisher"] == "UKRI Gateway to Research, search results"
    assert found["source"]["date_order"] == "day first"
    assert [project["title"] for project in found["projects"]] == [
        "Precarious Work After Brexit",
        "Decent Digital Work",
    ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("notes.pdf", "%PDF", "not a format that is read; save the table as .csv or .html"),
        ("grants.zip", "PK", "not an archive that can be read"),
        ("grants.csv", "a,b\n1,2\n", "no column is named title; the first row must name the columns, or "),
    ],
    ids=["pdf", "zip", "no-title"],
)
def test_a_file_that_gives_nothing_is_explained_too(tmp_path, name, text, reason):
    (tmp_path / name).write_text(text)
    result = run("describe", tmp_path / name)
    assert result.exit_code == 1
    assert reason in result.stdout


def test_each_file_of_an_archive_is_explained(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(PUBLISHERS / "gtr-search.csv", "gtr/a.csv")
        archive.writestr("b.csv", "a,b\n1,2\n")
    text = run("describe", tmp_path / "all.zip").stdout
    assert "all.zip/gtr/a.csv" in text
    assert "all.zip/b.csv:1: no column is named title" in text
    found = json.loads(run("describe", "--json", tmp_path / "all.zip").stdout)
    assert [one["source"]["projects"] for one in found] == [2, 0]


def test_what_the_other_columns_become_is_explained(tmp_path):
    rows = "".join(f"P{n},Peru; Ghana,$1{n:03},note {n}\n" for n in range(30))
    (tmp_path / "a.csv").write_text(f"title,Country,Amount,Remark\n{rows}")
    text = run("describe", tmp_path / "a.csv").stdout
    assert '  country: keyword, facet, searched (from "Country")' in text
    assert '  amount: money, facet (from "Amount")' in text
    assert '  shown with the project only: "Remark"' in text


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "corpus").mkdir()
    return tmp_path


def reindex(folders, *flags):
    return run("--corpus", folders / "corpus", "--index", folders / "index", *flags)


AMBIGUOUS = "title,start\nSafe Gold,01/02/2020\n"


def test_a_check_ends_with_a_line_for_each_file(folders):
    (folders / "corpus" / "a.csv").write_text(AMBIGUOUS)
    (folders / "corpus" / "b.jsonl").write_text('{"title": "Clean Cocoa", "start": "31/01/2020"}\n[]\n')
    (folders / "corpus" / "c.pdf").write_text("%PDF")
    assert reindex(folders, "--check").stdout.splitlines()[-6:-2] == [
        "Files (3)",
        "  a.csv: 1 project, 1 warning (table, its columns separated by commas, utf-8, month first)",
        "  b.jsonl: 1 project, 1 rejected (JSON lines, utf-8, day first)",
        "  c.pdf: 0 projects, 1 rejected",
    ]


def test_strict_fails_on_a_guess_of_the_order_of_dates_and_not_on_other_doubts(folders):
    file = folders / "corpus" / "a.csv"
    file.write_text(AMBIGUOUS)
    result = reindex(folders, "--strict")
    assert result.exit_code == 1
    assert not (folders / "index" / "CURRENT").exists()
    file.write_text("title,start,end\nSafe Gold,31/01/2020,ongoing\nTotal,,\n")
    assert reindex(folders, "--strict").exit_code == 0


def test_the_report_as_json_has_all_that_is_said_of_a_file(folders):
    (folders / "corpus" / "a.csv").write_text(AMBIGUOUS)
    (source,) = json.loads(reindex(folders, "--json").stdout)["sources"]
    assert (source["date_order"], source["projects"], source["columns"]) == (
        "month first",
        1,
        [["title", "title"], ["start", "start"]],
    )
    (warning,) = source["warnings"]
    assert (warning["kind"], warning["path"], warning["line"]) == ("date order", "a.csv", 0)


def test_what_was_doubtful_is_told_again_when_another_file_changes(folders):
    (folders / "corpus" / "a.csv").write_text(AMBIGUOUS)
    first = json.loads(reindex(folders, "--json").stdout)
    (folders / "corpus" / "b.csv").write_text("title\nClean Cocoa\n")
    second = json.loads(reindex(folders, "--json").stdout)
    assert second["warnings"] == first["warnings"] != []
    assert second["sources"][0] == first["sources"][0]


def test_columns_are_called_as_the_corpus_says(tmp_path):
    (tmp_path / "grants.csv").write_text("Kurz,Von\nSafe Gold,2020-01-31\n")
    (tmp_path / "fields.toml").write_text('[columns]\ntitle = "Kurz"\nstart_date = "Von"\n')
    assert run("describe", tmp_path / "grants.csv", "--corpus", tmp_path / "none").exit_code == 1
    text = run("describe", tmp_path / "grants.csv", "--corpus", tmp_path).stdout
    assert "Kurz  -> title\n" in text
    assert "Von   -> start date\n" in text
    (tmp_path / "fields.toml").write_text('[columns]\nname = "Kurz"\n')
    wrong = run("describe", tmp_path / "grants.csv", "--corpus", tmp_path)
    assert (wrong.exit_code, "fields.toml:2: columns: unknown key name" in wrong.stderr) == (78, True)
