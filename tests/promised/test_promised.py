"""What docs/promises.md promises: nothing that is in the list goes, and what version 1.0 wrote is read."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from indexer.build import reindex
from tests.building import write_corpus
from tests.conftest import application
from tests.documents import CALLE, CAMINOS, ROOT, TECLAB
from tests.promised.listing import choices, fields, present, promised

PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
# Written by version 1.0 over three runs: CALLE, then TECLAB and CALLE with another text, then both and more.
HISTORY = Path(__file__).parent / "HISTORY"


def test_nothing_that_was_promised_is_gone():
    gone = set(promised()) - set(present())
    assert not gone, "promised for all of 1.x (docs/promises.md)"


def test_each_promise_is_listed_once_in_order():
    assert promised() == sorted(set(promised()))


@pytest.mark.parametrize("kind", sorted({line.split()[0] for line in promised()}))
def test_the_page_says_what_each_kind_of_promise_is(kind):
    assert f"`{kind}`" in PAGE


def test_a_field_is_listed_by_its_path_and_type_wherever_it_is_described():
    schemas = {
        "Hit": {"type": "object", "properties": {"day": {"type": ["string", "null"], "format": "date"}}}
    }
    schema = {"type": "object", "properties": {"hits": {"type": "array", "items": {"$ref": "#/schemas/Hit"}}}}
    listed = ["hits array", "hits[] object", "hits[].day null|string date"]
    assert list(fields(schema, schemas)) == listed
    assert list(fields({"anyOf": [{"type": "null"}, schema]}, schemas)) == listed


def test_the_words_that_a_parameter_takes_are_listed_of_one_and_of_several():
    assert choices({"enum": [0, 1]}) == ["0", "1"]
    assert choices({"type": "array", "items": {"enum": ["a"]}}) == ["a"]
    assert choices({"type": "string"}) == []


def test_a_history_of_version_1_goes_on(tmp_path):
    (tmp_path / "index").mkdir()
    shutil.copy(HISTORY, tmp_path / "index")
    report = reindex(write_corpus(tmp_path / "corpus", [CALLE, TECLAB, CAMINOS]), tmp_path / "index")
    assert not report.warnings
    hits = application(tmp_path / "index").test_client().get("/api/v1/search").json["results"]
    seen = {hit["id"]: (hit["first_seen"], hit["last_changed"]) for hit in hits}
    assert seen == {
        CALLE.id: ("2026-11-27T08:27:07Z", "2026-11-27T08:27:09Z"),
        TECLAB.id: ("2026-11-27T08:27:08Z", None),
        CAMINOS.id: ("2026-11-27T08:27:09Z", None),
    }


def test_the_first_heading_of_the_changelog_is_the_version_or_what_is_not_released():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] in {"Unreleased", version}
    assert version in headings


def test_the_manual_lists_the_exit_codes_that_the_commands_name():
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## Exit codes")[2]
    for place, name in enumerate(("reindex", "search-app"), 1):
        rows = [row.split("|")[1:-1] for row in manual.partition("\n## ")[0].splitlines() if row[:1] == "|"][
            2:
        ]
        listed = {code for row in rows if row[place].strip() for code in row[0].replace(" ", "").split(",")}
        assert listed == {line.split()[2] for line in promised() if line.startswith(f"exit {name} ")}, name
