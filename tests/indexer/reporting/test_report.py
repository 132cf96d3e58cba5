"""The report of a run: what counts as a change, the files it is kept in, and how it reads."""

from dataclasses import replace
from datetime import date

import pytest

from indexer.document import Project, Rejection
from indexer.intake.rejections import Rejections
from indexer.reporting.report import (
    REJECTED_EXCERPT,
    Change,
    FieldChange,
    Report,
    compare,
    from_json,
    kept_json,
    read_back,
    to_json,
)
from indexer.reporting.source_reports import SourceReport
from indexer.reporting.summary import summary
from indexer.storage.arrays.inventory import REJECTED
from indexer.storage.folder.report_files import read_report, rejected_lines, write_report
from tests.documents import CALLE

NOTHING = Report(
    added=(), changed=(), removed=(), added_count=0, changed_count=0, removed_count=0, unchanged=5,
    rejected=(), warnings=(), projects=5, duplicates=5, generation="20270101T000000.000000Z", written=False,
    seconds=0.1,
)  # fmt: skip
EXTENDED = Change(
    CALLE.id, CALLE.title, "ilab.txt:15", (FieldChange("end date", "2024-03-30", "2025-03-30"),)
)
FULL = replace(
    NOTHING,
    added=(Change("safe-gold", "Safe Gold", "grants.csv:2"),),
    changed=(EXTENDED,),
    removed=(Change("safe-seas", "Safe Seas", ""),),
    added_count=1,
    changed_count=1,
    removed_count=1,
    unchanged=3,
    rejected=(
        Rejection("grants.csv", 7, "no title", "G7,,\x1b[2JText"),
        Rejection("x.xlsx", 0, "not a format that is read", ""),
    ),
    warnings=("ilab.txt:20: this record is cut off",),
    rejected_count=2,
    notes=("3 without a description: grants.csv:2",),
    written=True,
)


def rejections_of(whole):
    """Return the rejections of a report as a run has them."""
    rejected = Rejections()
    rejected.extend(whole.rejected)
    return rejected


def test_a_change_is_told_field_by_field():
    after = replace(CALLE, end=date(2025, 3, 30), start=None, grantee="", extra=(("Country", "Mexico"),))
    assert compare(CALLE, after) == (
        FieldChange("grantee", "American Institutes for Research", ""),
        FieldChange("start date", "2019-12-15", "unknown"),
        FieldChange("end date", "2024-03-30", "2025-03-30"),
        FieldChange("Country", "", "Mexico"),
    )


def test_the_same_project_has_no_change():
    assert compare(CALLE, replace(CALLE, source_line="elsewhere.csv:3")) == ()


def test_a_column_that_is_gone_is_a_change():
    before = Project("a", "A", extra=(("Amount", "$4"), ("Country", "Mali")))
    assert compare(before, Project("a", "A", extra=(("Country", "Mali"),))) == (
        FieldChange("Amount", "$4", ""),
    )


@pytest.mark.parametrize("whole", [NOTHING, FULL], ids=["nothing", "full"])
def test_a_report_survives_its_json_and_its_files(whole, tmp_path):
    assert from_json(to_json(whole)) == whole
    write_report(tmp_path, kept_json(whole))
    rejections_of(whole).write(tmp_path / REJECTED)
    assert read_back(read_report(tmp_path), rejected_lines(tmp_path, 10)) == whole


def test_of_a_long_rejected_record_the_beginning_is_read_back(tmp_path):
    long = replace(NOTHING, rejected=(Rejection("a.csv", 2, "no title", "x" * 3 * REJECTED_EXCERPT),))
    rejections_of(long).write(tmp_path / REJECTED)
    (found,) = read_back(kept_json(long), rejected_lines(tmp_path, 10)).rejected
    assert found.text == "x" * REJECTED_EXCERPT


def test_a_rejected_record_is_a_line_of_its_own_file(tmp_path):
    rejections_of(FULL).write(tmp_path / REJECTED)
    assert (tmp_path / "rejected.jsonl").read_text() == (
        '{"path":"grants.csv","line":7,"reason":"no title","text":"G7,,\\u001b[2JText"}\n'
        '{"path":"x.xlsx","line":0,"reason":"not a format that is read","text":""}\n'
    )


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"added": 1}', b"\xff"], ids=["", "list", "empty", "odd", "bytes"]
)
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the parser's own for half of these
        from_json(text)


def test_the_summary_tells_all_in_one_look():
    assert summary(FULL) == (
        "  added       1\n"
        "  changed     1\n"
        "  removed     1\n"
        "  unchanged   3\n"
        "  rejected    2\n"
        "  duplicates  5\n"
        "  projects    5\n"
        "\n"
        "Changed (1)\n"
        "  Improving Working Conditions in the Mexican Automotive Supply Chain (CALLE)  [ilab.txt:15]\n"
        "    end date 2024-03-30 -> 2025-03-30\n"
        "\n"
        "Added (1)\n"
        "  Safe Gold  [grants.csv:2]\n"
        "\n"
        "Removed (1)\n"
        "  Safe Seas\n"
        "\n"
        "Rejected (2)\n"
        "  grants.csv:7: no title\n"
        "    G7,, [2JText\n"
        "  x.xlsx: not a format that is read\n"
        "\n"
        "Warnings (1)\n"
        "  ilab.txt:20: this record is cut off\n"
        "\n"
        "Data quality (1)\n"
        "  3 without a description: grants.csv:2\n"
        "\n"
        "Wrote generation 20270101T000000.000000Z in 0.1 s."
    )


def test_the_summary_of_nothing_is_short():
    assert summary(NOTHING).splitlines()[-2:] == [
        "",
        "Nothing changed; generation 20270101T000000.000000Z stays.",
    ]


def test_the_summary_of_a_check_says_that_nothing_was_written():
    assert summary(replace(FULL, written=False, generation=None)).endswith(
        "Checked only; nothing was written."
    )


def test_long_lists_are_cut_and_counted():
    reasons = ["no title"] * 29 + ["3 cells; the header has 4"]
    many = tuple(Rejection("a.csv", line, reason, "x") for line, reason in enumerate(reasons, 1))
    rejected = Rejections()
    rejected.extend(many)
    text = summary(
        replace(
            NOTHING, rejected=many, rejected_count=30,
            rejected_reasons=tuple(rejected.reasons.most_common()),
        )
    )  # fmt: skip
    assert "Rejected (first 20 of 30)" in text
    assert "a.csv:20:" in text
    assert "a.csv:21:" not in text
    assert "  in all:\n    29 x no title\n    1 x 3 cells; the header has 4\n" in text


def rejections(number, reason="no title"):
    return tuple(Rejection("a.csv", line, reason, "x") for line in range(1, number + 1))


def changed_by(before, after):
    return {
        "changed": (Change("a", "A", "a.csv:2", (FieldChange("grantee", before, after),)),),
        "changed_count": 1,
    }


@pytest.mark.parametrize(
    ("told", "line", "others"),
    [
        pytest.param({"replaced": 3}, "  replaced    3", [], id="replaced"),
        pytest.param({}, "  duplicates  5", ["replaced"], id="none replaced"),
        pytest.param(
            {"rejected": rejections(20), "rejected_count": 20, "rejected_reasons": (("no title", 20),)},
            "Rejected (20)",
            ["in all"],
            id="as many as are shown",
        ),
        pytest.param(
            {"rejected": rejections(21), "rejected_count": 21, "rejected_reasons": (("no\x1b title", 21),)},
            "    21 x no title",
            ["\x1b"],
            id="a reason that acts",
        ),
        pytest.param({"warnings": ("odd",) * 21}, "Warnings (first 20 of 21)", [], id="many warnings"),
        pytest.param(changed_by("ILO", ""), "    grantee ILO -> none", [], id="gone"),
        pytest.param(changed_by("", "ILO"), "    grantee none -> ILO", [], id="come"),
        pytest.param(
            changed_by("-" * 90, "-" * 95), f"    grantee …{'-' * 30} -> …{'-' * 35}", [], id="longer"
        ),
    ],
)
def test_the_summary_tells(told, line, others):
    text = summary(replace(NOTHING, **told))
    assert line in text.splitlines()
    assert not [one for one in others if one in text]


def test_of_a_long_text_only_what_changed_is_shown():
    before = f"{'Trains many inspectors. ' * 20}It ends in 2024. {'More words follow. ' * 20}"
    after = before.replace("2024", "2026")
    change = Change("a", "A", "a.csv:2", compare(Project("a", "A", before), Project("a", "A", after)))
    text = summary(replace(NOTHING, changed=(change,), changed_count=1))
    assert (
        "    description …any inspectors. It ends in 2024. More words follow. More word…"
        " -> …any inspectors. It ends in 2026. More words follow. More word…\n"
    ) in text


def test_the_files_of_an_archive_are_told_up_to_a_thousand():
    report = replace(
        NOTHING, generation="", sources=tuple(SourceReport(f"a.zip/{n}.csv") for n in range(1_002))
    )
    assert "  and 2 more; `--json` lists all" in summary(report).splitlines()
    assert sum(line.startswith("  a.zip/") for line in summary(report).splitlines()) == 1_000


def test_what_columns_became_is_told():
    report = replace(NOTHING, fields=('country: keyword, facet, searched (from "Country")',))
    assert '\nOwn fields\n  country: keyword, facet, searched (from "Country")\n' in summary(report)
    assert from_json(to_json(report)) == report
