"""Tables in JSON: each record a list of values, whose names are the first row or stand elsewhere.

{"columns": ["title", "start"], "data": [["Clean water", 2020], …]}, as data frames are saved; Socrata's
{"meta": {"view": {"columns": [{"name": "title"}, …]}}, "data": […]}; [["title", "start"], […], …].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.corpus.fields import MAX_COLUMNS, Said, field_of, layout_of
from indexer.corpus.formats.trees.nesting import Open, Path, place_in

# Fields that names must say, to be names of columns.
_ENOUGH_FIELDS = 2
# What objects that describe a column call its name, the one that people read first.
_NAMES = ("name", "label", "title", "fieldName", "id", "key", "field")
# How Socrata marks the columns that it adds to a list: its own ids, positions and times of the rows.
_TYPE, _ADDED = "dataTypeName", "meta_data"
# How far names and rows are looked for, in events.
_MOST_EVENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class JsonTable:
    """Where the rows stand, the names of their values, and whether the first row is these names."""

    path: Path
    names: tuple[str, ...]
    named_by_first: bool


@dataclass(slots=True)
class _List(Open):
    """A list or an object with the texts in it, and how many values it has.

    `added` has the places of texts that name columns which a portal added.
    """

    texts: list[str] = field(default_factory=list)
    added: set[int] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)
    size: int = 0


def table_of_records(events: Iterable[tuple[str, object]], known: int, said: Said) -> JsonTable | None:
    """Return the table whose names say most of projects, None if none says more than `known` fields.

    `said` is what the corpus says of columns.
    """
    names: dict[tuple[str, ...], Path] = {}
    rows: dict[Path, int] = {}
    stack: list[_List] = []
    for number, (event, value) in enumerate(events):
        if event == "map_key":
            stack[-1].name = str(value)
        elif event.startswith("start_"):
            stack.append(_List(place_in(stack), is_list=event == "start_array"))
        elif event.startswith("end_"):
            _end(stack, names, rows, said)
        elif stack:
            _add(stack[-1], value)
        if number > _MOST_EVENTS:
            break
    tables = [
        JsonTable(path, found, named_by_first=place == path)
        for found, place in names.items()
        for path, width in rows.items()
        if width == len(found) and _known(found, said) > known
    ]
    return max(tables, key=lambda table: _known(table.names, said), default=None)


def _add(inner: _List, value: object) -> None:
    inner.size += 1
    if not isinstance(value, str):
        return
    if inner.is_list:
        if len(inner.texts) < MAX_COLUMNS:
            inner.texts.append(value)
    elif inner.name in _NAMES or inner.name == _TYPE:
        inner.named[inner.name] = value


def _end(stack: list[_List], names: dict[tuple[str, ...], Path], rows: dict[Path, int], said: Said) -> None:
    """Take a list that ended for a row, or for names, and hand the name of a column to the list around."""
    ended = stack.pop()
    around = stack[-1] if stack else None
    if around:
        around.size += 1
    if not ended.is_list:
        if (
            around
            and around.is_list
            and (name := next((ended.named[n] for n in _NAMES if n in ended.named), ""))
        ):
            if ended.named.get(_TYPE) == _ADDED:
                around.added.add(len(around.texts))
            around.texts.append(name)
        return
    if around and around.is_list:
        rows.setdefault(ended.path, ended.size)
    texts = _names(ended)
    # Of a list of lists only the first may name the others.
    may_name = around is None or not around.is_list or around.size == 1
    if may_name and len(texts) == ended.size and _known(texts, said) >= _ENOUGH_FIELDS:
        names.setdefault(texts, ended.path)


def _names(ended: _List) -> tuple[str, ...]:
    """Return the names of columns, "" for those that a portal added; its ids count where there are no others.

    They are of its rows and change when a list is replaced.
    """
    has_ids = any(
        field_of(text)[1] == "id" for place, text in enumerate(ended.texts) if place not in ended.added
    )
    return tuple(
        "" if place in ended.added and (has_ids or field_of(text)[1] != "id") else text
        for place, text in enumerate(ended.texts)
    )


def _known(names: tuple[str, ...], said: Said) -> int:
    layout = layout_of(names, said) if 1 < len(names) <= MAX_COLUMNS else None
    return layout.known if layout else 0
