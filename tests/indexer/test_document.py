"""Projects: stored form, identity and status."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import (
    SLUG_LENGTH,
    STATUSES,
    Project,
    fingerprint_of,
    id_of,
    identity,
    status_on,
    texts_of,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DAYS = st.none() | st.dates()
PROJECTS = st.builds(
    Project,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    DAYS,
    DAYS,
    st.dictionaries(TEXT, TEXT, max_size=3).map(lambda extra: tuple(extra.items())),
)
COURTS = Project("courts", "Courts", "About courts.", "Verité", date(2020, 1, 2), date(2021, 3, 4))


@given(PROJECTS)
def test_a_stored_project_comes_back_as_it_was(project):
    stored = project.stored()
    assert Project.from_stored(stored) == project
    assert Project.from_stored(stored).stored() == stored
    texts = (project.title, project.description, project.grantee, dict(project.extra))
    assert list(texts_of(b",".join((stored, COURTS.stored(), stored)))) == [
        texts,
        ("Courts", "About courts.", "Verité", {}),
        texts,
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"title": "Court"}, id="title"),
        pytest.param({"description": ""}, id="description"),
        pytest.param({"grantee": "Verite"}, id="grantee"),
        pytest.param({"start": None}, id="start"),
        pytest.param({"end": date(2021, 3, 5)}, id="end"),
        pytest.param({"extra": (("Amount", "1"),)}, id="extra column"),
    ],
)
def test_the_fingerprint_tells_of_every_change(changes):
    assert fingerprint_of(replace(COURTS, **changes).stored()) != fingerprint_of(COURTS.stored())


@given(st.text(alphabet='a"\\,[]{}\n\u00e9\u5de5', max_size=9), st.text(max_size=5))
def test_the_id_of_a_stored_project_is_read_from_its_beginning(project_id, title):
    assert id_of(Project(project_id, title, '["x",').stored()) == project_id
    with pytest.raises(ValueError, match="without an id"):
        id_of(b"{}")


def test_the_place_is_no_part_of_the_content():
    elsewhere = replace(COURTS, source_line="other.csv:7")
    assert elsewhere == COURTS
    assert elsewhere.stored() == COURTS.stored()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        pytest.param("Labor Courts", "labor-courts", id="words"),
        pytest.param("  Verité – “Courts” (TECLAB)! ", "verite-courts-teclab", id="accents and marks"),
        pytest.param(
            "labor " * 30, ("labor-" * 11)[: SLUG_LENGTH + 1].rpartition("-")[0], id="cut between words"
        ),
        pytest.param("x" * 100, "x" * SLUG_LENGTH, id="one long word"),
    ],
)
def test_an_identity_begins_with_a_readable_title(title, slug):
    assert identity(title, date(2020, 1, 1)).rpartition("-")[0] == slug


def test_an_identity_without_latin_letters_is_a_hash():
    assert identity("劳工法院", None).isalnum()


def test_an_identity_depends_on_title_and_start_only():
    same = identity("Courts", date(2020, 1, 1))
    assert identity("Courts", date(2020, 1, 1)) == same
    assert (
        len({same, identity("Courts", None), identity("Courts", date(2020, 1, 2)), identity("courts", None)})
        == 4
    )


BEFORE, DAY, AFTER = date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 2)


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        pytest.param(AFTER, AFTER, "planned", id="starts later"),
        pytest.param(AFTER, None, "planned", id="starts later, end unknown"),
        pytest.param(DAY, AFTER, "active", id="starts on the day"),
        pytest.param(BEFORE, DAY, "active", id="ends on the day"),
        pytest.param(DAY, DAY, "active", id="one day"),
        pytest.param(BEFORE, BEFORE, "completed", id="ended before"),
        pytest.param(None, BEFORE, "completed", id="ended before, start unknown"),
        pytest.param(BEFORE, None, "unknown", id="started, end unknown"),
        pytest.param(None, AFTER, "unknown", id="ends later, start unknown"),
        pytest.param(None, None, "unknown", id="no date"),
    ],
)
def test_status_on_a_day(start, end, status):
    assert status_on(DAY, start, end) == status
    assert status in STATUSES
