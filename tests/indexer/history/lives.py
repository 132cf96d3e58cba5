"""Drawn lives of a corpus: a day is some edits and one `reindex`, or a rollback."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import strategies as st

from indexer.build import BuildOptions, reindex
from indexer.storage import generation
from tests.indexer.corpus.test_each_format import COLUMNS, FORMATS
from tests.indexer.history.plain_model import Model, Row, differences
from tests.indexer.test_build import arrays
from tests.indexer.text.meaning.letters import LETTERS, named

FIRST_DAY = datetime(2024, 1, 1, 8, tzinfo=UTC)
# What every corpus says of its own columns, so that no value decides what they are.
FIELDS = """
[fields.country]
type = "keyword"
columns = ["Country"]
separator = ";"
[fields.theme]
type = "keyword"
columns = ["Theme"]
[fields.budget]
label = "Budget"
type = "money"
columns = ["Budget_USD"]
unit = "USD"
decimals = "point"
"""
VALUES = {
    "title": ("Courts of labour", "Safe mines", "Schools, not fields", "Côte d'Ivoire cocoa"),
    "description": ("", "Of law.", "Children in mines and “courts”.", "Labor inspection; wages | hours"),
    "grantee": ("ILO", "Verité", "Smith, Jones & Co", ""),
    "Country": ("Ghana; Peru", "Nepal", "Ghana", ""),
    "Theme": ("Mining", "Child labour", "Rights"),
    "Budget_USD": ("1,500,000", "2,000,000", "75,000"),
    "Note": ("", "see annex", "second phase"),
}
STARTS = ("2019-02-01", "2021-11-30", "2023-01-05")


class Edit(NamedTuple):
    """A way in which people change a corpus; numbers choose among what is there."""

    way: str
    one: int
    other: int
    column: str = "title"


class Day(NamedTuple):
    """What is done on a day: edits and `reindex`, or a rollback; with `undo`, first the corpus is as it was indexed."""

    undo: bool
    edits: tuple[Edit, ...]
    full: bool
    meaning: bool
    rollback: bool


WAYS = (
    "add",
    "add",
    "change",
    "change",
    "change",
    "remove",
    "move",
    "rename",
    "reformat",
    "restore",
    "shuffle",
)
edits = st.builds(
    Edit, st.sampled_from(WAYS), st.integers(0, 99), st.integers(0, 99), st.sampled_from([*VALUES])
)
days = st.builds(
    Day,
    st.sampled_from((False, False, True)),
    st.lists(edits, max_size=4).map(tuple),
    st.sampled_from((False, False, True)),
    st.sampled_from((False, False, False, True)),
    st.sampled_from((False, False, False, True)),
)


def row_of(number: int, one: int) -> Row:
    """Return the row of a new project."""
    texts = {name: values[(one + place) % len(values)] for place, (name, values) in enumerate(VALUES.items())}
    texts |= {
        "id": f"p-{number}",
        "start_date": STARTS[number % 3],
        "end_date": "2025-06-30" if one % 2 else "",
    }
    texts["title"] += f" {number}"
    return tuple(texts[name] for name in COLUMNS)


def texts_of(row: Row) -> dict[str, str]:
    """Return a row as texts by the names of columns."""
    return dict(zip(COLUMNS, row, strict=True))


@dataclass
class Corpus:
    """The files of a corpus as rows by file name; once removed, rows may come back."""

    files: dict[str, dict[str, Row]]
    removed: list[Row] = field(default_factory=list)
    numbers: int = 0

    @classmethod
    def of(cls, size: int) -> Corpus:
        """Return a corpus of two files."""
        rows = [row_of(number, number * 3) for number in range(size)]
        files = {"a-grants.csv": rows[::2], "b-grants.jsonl": rows[1::2]}
        return cls({name: {row[0]: row for row in found} for name, found in files.items()}, numbers=size)

    @property
    def rows(self) -> dict[str, Row]:
        """All rows by id."""
        return {key: row for found in self.files.values() for key, row in found.items()}

    def edit(self, edit: Edit) -> None:
        """Change the corpus in one way."""
        names = sorted(self.files)
        name, other = names[edit.one % len(names)], names[edit.other % len(names)]
        found = self.files[name]
        key = sorted(found)[edit.other % len(found)]
        if edit.way == "add":
            self._put(name, row_of(self.numbers, edit.other))
            self.numbers += 1
        elif edit.way == "change":
            self._put(name, self._changed(found[key], edit))
        elif edit.way == "restore" and self.removed:
            self._put(name, self.removed.pop())
        elif edit.way == "remove" and len(self.rows) > 2:
            self.removed.append(found.pop(key))
        elif edit.way == "move" and other != name:
            self._put(other, found.pop(key))
        elif edit.way in ("rename", "reformat"):
            kinds = sorted(FORMATS)
            kind = kinds[edit.other % len(kinds)] if edit.way == "reformat" else name.split("-")[1]
            self.files[f"{'abcdefg'[edit.one % 7]}{edit.other}-{kind}"] = self.files.pop(name)
        elif edit.way == "shuffle":
            self.files[name] = dict(reversed(found.items()))
        self.files = {name: found for name, found in self.files.items() if found}

    def _put(self, name: str, row: Row) -> None:
        self.files[name][row[0]] = row

    def _changed(self, row: Row, edit: Edit) -> Row:
        texts, values = texts_of(row), VALUES[edit.column]
        texts[edit.column] = values[edit.one % len(values)]
        if edit.column == "title":
            texts["title"] += f" {row[0][2:]}"
        return tuple(texts[name] for name in COLUMNS)

    def write(self, folder: Path) -> Path:
        """Bring a folder to the files of the corpus."""
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        (folder / "fields.toml").write_text(FIELDS)
        for name, found in self.files.items():
            (folder / name).write_bytes(FORMATS[name.split("-")[1]](list(found.values())))
        return folder


class Life:
    """A corpus with its index, an index that is built anew each time, and the model of both."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.corpus, self.model = folder, Corpus.of(size), Model()
        self.index, self.meaning = folder / "index", False
        self.files: dict[datetime, dict] = {}

    def live(self, day):
        """Do what is done on a day."""
        if day.rollback and len(self.model.generations) > 1:
            generation.rollback(self.index)
            self.model.rolled_back()
            return
        if day.undo and self.model.generations:
            self.corpus.files = copy.deepcopy(self.files[self.model.generations[0][0]])
        for edit in day.edits:
            self.corpus.edit(edit)
        self.meaning ^= day.meaning
        self._reindex(full=day.full)

    def _reindex(self, *, full):
        corpus = self.corpus.write(self.folder / "corpus")
        options = {"allow_shrink": True, "meaning": LETTERS if self.meaning else ""}
        rows = self.corpus.rows
        found = reindex(corpus, self.index, BuildOptions(full=full, **options))
        before = self.model.served if self.model.generations else {}
        added, changed, removed = differences(before, rows)
        assert not found.rejected
        assert {one.id for one in found.added} == added
        assert {one.id for one in found.changed} == changed
        assert {one.id for one in found.removed} == removed
        assert (found.projects, found.unchanged) == (len(rows), len(rows) - len(added) - len(changed))
        if not found.written:
            assert rows == before
            return
        moment = datetime.strptime(found.generation, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
        self.model.built(moment, rows)
        self.files[moment] = copy.deepcopy(self.corpus.files)
        reindex(corpus, self.folder / "full", BuildOptions(full=True, **options))
        assert arrays(self.index) == arrays(self.folder / "full")


def given_days(patch: pytest.MonkeyPatch) -> None:
    """Begin each generation on a day of its own, and have a model of meaning."""
    days_since = itertools.count(1)
    patch.setattr(generation, "now", lambda: FIRST_DAY + timedelta(days=next(days_since)))
    named(patch, LETTERS)
