"""The docs against the product: what they list is there, and what is there is listed."""

import re

import pytest

from docs import readme
from indexer.cli import main
from search_app.facets.table import FACETS
from search_app.web.urls import order_of
from tests.documents import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


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
