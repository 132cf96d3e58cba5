"""Flattened records of JSON and XML to projects; each has columns of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import orjson

from indexer.corpus.dates import DateSurvey
from indexer.corpus.dates.order import classified
from indexer.corpus.fields import Layout, Said, layout_of
from indexer.corpus.fields.row_kinds import NAMES_OF_COLUMNS, are_names_of_columns, may_list_columns
from indexer.corpus.fields.table_kinds import LOOKED_AT, TOPICS, are_topics, kind_of_record, may_list_topics
from indexer.corpus.formats.grid import decide_dates, describe_columns
from indexer.corpus.reading import Reading
from indexer.corpus.record import content, rejection
from indexer.document import Project, Rejection


@dataclass(frozen=True, slots=True)
class TreeRecord:
    """A record: its number in the file, and its values by the paths to them."""

    number: int
    values: dict[str, object]


Records = Callable[[], Iterator[TreeRecord | Rejection]]


def projects(records: Records, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every record; `records` begins anew each time it is called."""
    account = reading.account
    titles = [*islice(_titles_alone(records, reading.said), LOOKED_AT)]
    of_all = NAMES_OF_COLUMNS if are_names_of_columns(titles) else ""
    if are_topics(titles) and _may_list_topics(records, reading.said):
        of_all = TOPICS
    for record in records():
        if isinstance(record, Rejection):
            yield record
            continue
        if kind := of_all or _kind(record, reading.said):
            account.leave_out(kind, record.number, _text(record))
            continue
        try:
            layout = _layout(record, reading.said)
            if not account.columns:
                describe_columns(tuple(record.values), layout, reading)
            if not account.dated and _has_numeric_dates(layout, record):
                decide_dates(_survey(records, reading.said), reading)
            account.date_notes.line = record.number
            found = content(layout, [*record.values.values(), None], account=account)
            yield Project(*found, f"{reading.path}:{record.number}")
        except ValueError as error:
            yield rejection(reading.path, record.number, str(error), _text(record))


def _kind(record: TreeRecord, said: Said) -> str:
    return kind_of_record((*record.values,), [*record.values.values()], said)


def _may_list_topics(records: Records, said: Said) -> bool:
    first = next((record for record in records() if not isinstance(record, Rejection)), None)
    names = (*first.values,) if first else ()
    layout = layout_of(names, said)
    return layout is not None and may_list_topics(names, layout, said)


def _text(record: TreeRecord) -> str:
    return orjson.dumps(record.values, default=str).decode()


def _titles_alone(records: Records, said: Said) -> Iterator[str]:
    """Yield the titles of records, up to the first that has a place for more of a project."""
    for record in records():
        if not isinstance(record, Rejection):
            layout = layout_of(tuple(record.values), said)
            if layout is None or not may_list_columns(layout):
                return
            title = [*record.values.values(), None][layout.title]
            yield title if isinstance(title, str) else ""


def _layout(record: TreeRecord, said: Said) -> Layout:
    layout = layout_of(tuple(record.values), said)
    if layout is None:
        raise ValueError("no title")
    return layout


def _dates(layout: Layout, record: TreeRecord) -> Iterator[str]:
    values = [*record.values.values()]
    yield from (value for place in layout.date_places() if isinstance(value := values[place], str))


def _has_numeric_dates(layout: Layout, record: TreeRecord) -> bool:
    return any(classified(text) for text in _dates(layout, record))


def _survey(records: Records, said: Said) -> DateSurvey:
    survey = DateSurvey()
    for record in records():
        if not isinstance(record, Rejection):
            layout = layout_of(tuple(record.values), said)
            for text in _dates(layout, record) if layout else ():
                survey.add(text)
    return survey
