"""Files as publishers give them, made up but true to their layout: every project as its source says."""

import json

import pytest

from indexer.corpus import contents
from indexer.document import Project, Rejection
from tests.documents import CORPORA

FOLDER = CORPORA / "publishers"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json"))


@pytest.fixture
def reading(tmp_path):
    """Return a function that reads one file as a corpus of its own: its projects and what is said of it."""

    def _read(name):
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / name).write_bytes((FOLDER / name).read_bytes())
        sources = contents.Sources()
        events = [*contents._projects(contents.files(corpus, sources=sources))]
        (source,) = sources.found
        return events, source

    return _read


def expected(name):
    return json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_project_is_as_its_source_says(reading, name):
    events, source = reading(name)
    wanted = expected(name)
    assert [one for one in events if isinstance(one, Rejection)] == []
    assert [shown(one, want) for one, want in zip(events, wanted["projects"], strict=True)] == wanted[
        "projects"
    ]
    assert source.publisher == wanted.get("publisher", "")
    assert source.date_order == wanted.get("date_order", source.date_order)
    columns = dict(source.columns)
    assert {name: columns[name] for name in wanted.get("kinds", {})} == wanted.get("kinds", {})
    assert sorted({one.kind for one in source.warnings} - {"encoding"}) == sorted(
        wanted.get("warnings", {one.kind for one in source.warnings} - {"encoding"})
    )


def shown(project, want):
    """Return a project as an expected one is written: without an id or a description that it leaves open."""
    assert isinstance(project, Project)
    extra = dict(project.extra)
    return {
        "id": project.id if want["id"] is not None else None,
        "title": project.title,
        "description": project.description if want["description"] is not None else None,
        "start": project.start and project.start.isoformat(),
        "end": project.end and project.end.isoformat(),
        "grantee": project.grantee,
        "extra": {name: extra.get(name) for name in want["extra"]},
    }


def test_each_publisher_has_a_file():
    from indexer.corpus.fields import publishers

    known = {expected(name).get("publisher", "") for name in NAMES}
    assert {one.name for one in publishers()} - known == set()
