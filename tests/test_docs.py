"""The docs against the product: what they list is there, and what is there is listed."""

import contextlib
import io
import re

import pytest

from docs import readme
from indexer.build import reindex
from indexer.cli import main
from indexer.corpus.files.sources import KINDS, PACKED
from search_app.facets.table import FACETS
from search_app.web.urls import order_of
from tests.documents import ROOT
from tests.test_architecture import FLOORS

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
# Every document that names modules.
GUIDES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# What the README may have at most: it is read in one go.
MOST_README_LINES = 150


def test_the_generated_parts_of_the_readme_are_as_the_code_says():
    assert readme.written(README) == README, "run: python -m docs.readme"


def test_the_readme_lists_the_commands_and_no_others():
    listed = {
        command.split()[0] for command in re.findall(r"^\| `reindex ([a-z][\w ]*)", README, re.MULTILINE)
    }
    assert listed == set(main.commands)


def test_every_flag_named_in_the_readme_exists():
    known = {name for option in main.params for name in option.opts} | {"--help-settings", "--help"}
    assert set(re.findall(r"`[^`\n]*?(--[a-z-]+)", README)) <= known


def test_every_parameter_of_a_search_is_in_the_api_reference():
    reference = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in order_of(FACETS) if f"`{name}`" not in reference] == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_no_file_names_a_package_registry():
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert locks
    assert [
        path.name for path in locks if re.search(r"https?://|--(extra-)?index-url", path.read_text())
    ] == []


def test_the_readme_is_read_in_one_go():
    assert README.count("\n") <= MOST_README_LINES


def test_the_readme_has_no_hole_in_the_sources_that_it_lists():
    listed = set(re.findall(r"`(\.[a-z]+)`", README.partition("| file |")[2].partition("\n\n")[0]))
    assert listed <= {*KINDS, PACKED}
    reference = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert {*KINDS, PACKED} <= set(re.findall(r"`(\.[a-z]+)`", reference))


def test_the_example_with_whoosh_runs(tmp_path, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    reindex(ROOT / "corpus", tmp_path / "index")
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(example, "README.md", "exec"), {})
    assert "Towards Effective Courts and Coordinated Labor Justice" in printed.getvalue()
    assert 'class="match' in printed.getvalue()


def test_every_document_is_in_the_index_of_documents():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    documents = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert [name for name in documents if f"({name})" not in index] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_path_that_is_named_exists(path):
    named = re.findall(
        r"`((?:indexer|search_app|tests|bench|docs|deploy|corpus)/[\w./-]*)`",
        path.read_text(encoding="utf-8"),
    )
    assert [one for one in named if "/." not in one and not (ROOT / one).exists()] == []


def test_the_architecture_names_every_room_and_every_folder_in_it():
    rooms = {f"{package}/{room}" for package, floors in FLOORS.items() for room in floors}
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for package in FLOORS
        for path in (ROOT / package).glob("*/*/__init__.py")
    }
    assert [room for room in rooms | folders if f"`{room}" not in ARCHITECTURE] == []


@pytest.mark.parametrize("package", FLOORS)
def test_the_picture_shows_the_floors(package):
    part = ARCHITECTURE.partition(f"subgraph {package}[")[2].partition("\n  end")[0]
    shown = {
        room: int(floor)
        for floor, rooms in re.findall(r"\"(\d+) · ([\w, ]+)\"", part)
        for room in rooms.split(", ")
    }
    assert shown == FLOORS[package]


def test_the_architecture_explains_the_words_it_uses():
    glossary = ARCHITECTURE.partition("\n## Words\n")[2]
    words = {
        "corpus",
        "project",
        "generation",
        "segment",
        "token",
        "term",
        "posting",
        "occurrence",
        "facet",
        "hit",
    }
    assert [word for word in words if not re.search(rf"^\| [^|]*\b{word}\b", glossary, re.MULTILINE)] == []
