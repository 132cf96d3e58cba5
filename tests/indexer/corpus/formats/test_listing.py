"""The copied listing page: the real one, and what people and browsers do to it."""

import io
import re
import textwrap
from datetime import date

import pytest

from indexer.corpus.formats import listing
from indexer.corpus.reading import Part, Reading
from indexer.document import Project, Rejection
from tests.documents import SEED, SEED_PAGE

PAGE = SEED_PAGE.read_text(encoding="utf-8")
LINES = [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]


def read(page, warnings=None):
    """Return the records of a page, given as text or bytes."""
    raw = page if isinstance(page, bytes) else page.encode()
    warn = (lambda one: warnings.append(str(one))) if warnings is not None else lambda _: None
    found = listing.read(io.BytesIO(raw), Reading("page.txt", warn=warn))
    return [Project(*one.content, f"page.txt:{one.line}") if isinstance(one, Part) else one for one in found]


def only(page):
    """Return the one project of a page."""
    (project,) = read(page)
    assert isinstance(project, Project)
    return project


def described(record):
    """Return what a page says of a project, in its order."""
    return record.title, record.start, record.end, record.description, record.grantee


def test_the_real_page_gives_five_projects_twice():
    records = read(PAGE)
    assert records == [*SEED, *SEED]
    assert [record.source_line for record in records] == [f"page.txt:{line}" for line in LINES]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(PAGE.replace("\n", "\r\n").encode(), id="windows-lines"),
        pytest.param(PAGE.replace("\n", "\r").encode(), id="old-mac-lines"),
        pytest.param(PAGE.encode("utf-8-sig"), id="byte-order-mark"),
        pytest.param(PAGE.encode("utf-16"), id="utf-16"),
        pytest.param(PAGE.encode("cp1252"), id="windows-1252"),
        pytest.param(PAGE.replace(" ", "\xa0").encode(), id="non-breaking-spaces"),
        pytest.param(PAGE.replace(" |\n", "|\n").encode(), id="no-space-before-marks"),
        pytest.param(PAGE.replace("|\n", "|\n\n").encode(), id="blank-lines"),
        pytest.param(re.sub(r"(\d{4}) - (\d)", "\\1\u2013\\2", PAGE).encode(), id="dashes"),
        pytest.param(PAGE.rstrip().encode(), id="no-last-line-break"),
        pytest.param(PAGE.replace(" |\n|\n", " | |\n").encode(), id="empty-cell-on-the-same-line"),
    ],
)
def test_the_real_page_survives_the_clipboard(page):
    assert read(page) == [*SEED, *SEED]


def test_wrapped_lines_are_joined():
    wrapped = "\n".join(textwrap.fill(line, 60, break_on_hyphens=False) for line in PAGE.splitlines())
    assert read(wrapped) == [*SEED, *SEED]


def test_pages_pasted_after_each_other_are_one_list():
    assert read(PAGE + PAGE) == [*SEED] * 4


def test_a_page_cut_in_its_last_title_does_not_touch_the_next_page():
    cut = PAGE[: PAGE.rindex("Improving Working Conditions in the Mexican Automotive Supply Chain (") + 20]
    records = read(cut + "\n" + PAGE)
    assert [record for record in records if isinstance(record, Project)] == [*SEED, *SEED[:4], *SEED, *SEED]
    (rejected,) = (record for record in records if isinstance(record, Rejection))
    assert (rejected.line, rejected.text) == (30, "Improving Working Co")


@pytest.mark.parametrize(
    ("head", "title", "start"),
    [
        pytest.param("Safe Gold, Phase 201/15/2020", "Safe Gold, Phase 2", date(2020, 1, 15), id="digit"),
        pytest.param("After COVID-1912/01/2021", "After COVID-19", date(2021, 12, 1), id="two-digits"),
        pytest.param("Reform of 201901/23/2020", "Reform of 2019", date(2020, 1, 23), id="year"),
        pytest.param("Safe Gold (SAFE)01/15/2020", "Safe Gold (SAFE)", date(2020, 1, 15), id="acronym"),
        pytest.param("Safe Gold (2017-19)01/15/2020", "Safe Gold (2017-19)", date(2020, 1, 15), id="years"),
        pytest.param("Safe Gold, Inc.01/15/2020", "Safe Gold, Inc.", date(2020, 1, 15), id="full-stop"),
        pytest.param("Safe | Sound01/15/2020", "Safe | Sound", date(2020, 1, 15), id="mark-in-title"),
        pytest.param("Safe Gold 01/15/2020", "Safe Gold", date(2020, 1, 15), id="space"),
        pytest.param("Safe Gold\n01/15/2020", "Safe Gold", date(2020, 1, 15), id="dates-on-their-own-line"),
        pytest.param("Safe Gold1/5/2020", "Safe Gold", date(2020, 1, 5), id="one-digit-month"),
    ],
)
def test_a_title_ends_where_its_dates_begin(head, title, start):
    project = only(f"Intro\nResults\n{head} - 12/31/2023 Moves children out of mines. |\nVerité |\n|\n")
    assert described(project) == (title, start, date(2023, 12, 31), "Moves children out of mines.", "Verité")


@pytest.mark.parametrize(
    "description",
    [
        "Trains inspectors | judges | clerks.",
        "Runs 01/01/2021 - 06/30/2021 as a pilot, then (07/01/2021 - 12/31/2022) in full.",
        "First line.\nSecond line.\n\nThird line.",
        "Ends a line with a mark |\nand goes on.",
        "Begins a line\n| with a mark.",
        "Dates on a line of their own:\n01/01/2021 - 12/31/2021\nand more.",
        "Dates in a line of their own: 01/01/2021 - 12/31/2021 |\nafter a mark.",
        "A double || mark.",
        "Results\nare measured.",
    ],
    ids=[
        "marks",
        "dates",
        "lines",
        "mark-at-end",
        "mark-at-start",
        "dates-alone",
        "dates-mark",
        "double",
        "results",
    ],
)
def test_a_description_may_hold_marks_dates_and_line_breaks(description):
    first = "Safe Seas02/01/2018 - 01/31/2022 Trains fishers. |\nPartners for Decent Work |\n|\n"
    page = f"Results\n{first}Safe Gold01/15/2020 - 12/31/2023 {description} |\nVerité |\n|\n{first}"
    records = read(page)
    assert [record.title for record in records] == ["Safe Seas", "Safe Gold", "Safe Seas"]
    assert " ".join(records[1].description.split()) == " ".join(description.split())
    assert records[1].grantee == "Verité"


def test_a_record_on_one_line_is_read():
    project = only("Safe Gold01/15/2020 - 12/31/2023 Moves children out of mines. | Verité | |")
    assert described(project) == (
        "Safe Gold", date(2020, 1, 15), date(2023, 12, 31), "Moves children out of mines.", "Verité",
    )  # fmt: skip


def test_a_title_against_its_dates_begins_a_record_where_the_empty_cell_is_missing():
    page = (
        "One01/15/2020 - 12/31/2021 A. |\nVerité |\nTwo01/15/2022 - 12/31/2023 B. |\nErgo Group, Inc. |\n|\n"
    )
    assert [described(record) for record in read(page)] == [
        ("One", date(2020, 1, 15), date(2021, 12, 31), "A.", "Verité"),
        ("Two", date(2022, 1, 15), date(2023, 12, 31), "B.", "Ergo Group, Inc."),
    ]


@pytest.mark.parametrize(
    ("cells", "description", "grantee"),
    [
        ("A text. |\n|\n|\n", "A text.", ""),
        ("A text. |\n|\n", "A text.", ""),
        ("|\nVerité |\n|\n", "", "Verité"),
        ("A | text. |\n|\n|\n", "A | text.", ""),
    ],
    ids=["empty-grantee", "no-grantee", "no-description", "empty-grantee-mark-in-text"],
)
def test_cells_may_be_empty(cells, description, grantee):
    project = only(f"Safe Gold01/15/2020 - 12/31/2023 {cells}")
    assert (project.description, project.grantee) == (description, grantee)


@pytest.mark.parametrize(
    ("rest", "description", "grantee"),
    [
        (" Moves children out of mi", "Moves children out of mi", ""),
        (" Moves children | out of mi", "Moves children | out of mi", ""),
        (" Moves children out of mines. |", "Moves children out of mines.", ""),
        (" Moves children out of mines. |\nVeri", "Moves children out of mines.", "Veri"),
        ("", "", ""),
    ],
    ids=["in-description", "after-a-mark", "before-grantee", "in-grantee", "after-dates"],
)
def test_a_last_record_that_is_cut_off_is_taken_with_a_warning(rest, description, grantee):
    warnings = []
    (project,) = read(f"Intro\nResults\nSafe Gold01/15/2020 - 12/31/2023{rest}", warnings)
    assert described(project) == (
        "Safe Gold", date(2020, 1, 15), date(2023, 12, 31), description, grantee,
    )  # fmt: skip
    assert warnings == [
        "page.txt:3: this record is cut off: it counts only where no whole one has its title and start"
    ]


def test_a_whole_last_record_gives_no_warning():
    warnings = []
    read("Safe Gold01/15/2020 - 12/31/2023 A text. |\nVerité |", warnings)
    read(PAGE, warnings)
    assert warnings == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("TBD - 12/31/2023", None, date(2023, 12, 31)),
        ("01/15/2020 - Present", date(2020, 1, 15), None),
        ("01/15/2020 - TBD", date(2020, 1, 15), None),
    ],
    ids=["no-start", "present", "no-end"],
)
def test_one_date_may_be_open(text, start, end):
    project = only(f"Results\nSafe Gold{text} A text. |\nVerité |\n|\n")
    assert described(project) == ("Safe Gold", start, end, "A text.", "Verité")


def test_without_a_heading_only_the_line_before_the_dates_is_the_title():
    project = only("What we fund, in short.\nSafe Gold01/15/2020 - 12/31/2023 A text. |\nVerité |\n|\n")
    assert (project.title, project.source_line) == ("Safe Gold", "page.txt:2")


def test_what_is_no_record_is_rejected_with_its_line():
    (rejected,) = read("Just a note.\n")
    assert rejected == Rejection(
        "page.txt",
        1,
        'no "start - end" dates: a record that is cut off, or text that is no project',
        "Just a note.",
    )


@pytest.mark.parametrize(
    "unit",
    ["|", "| ", "|\n", "results ", "01/01/2020 - ", "T01/01/2020 -", " \n"],
    ids=["marks", "spaced", "lines", "results", "dates", "titles", "blanks"],
)
def test_a_megabyte_of_nothing_but_marks_is_read_at_once(unit):
    """An expression that looks at the same blanks again and again needs hours for some of these."""
    assert len(read("Results\n" + unit * (1_000_000 // len(unit)) + "x")) <= 1
