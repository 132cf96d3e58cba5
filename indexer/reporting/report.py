"""What a `reindex` did: added, changed by field, removed, unchanged, rejected, doubted.

`summary` prints it for people, `to_json` for programs; in its generation it is kept as JSON as well
(`storage.folder.report_files`), beside every rejected record with its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from os.path import commonprefix

import orjson

from indexer.document import GUESSES, Project, Rejection, SourceWarning
from indexer.errors import IndexerError
from indexer.reporting.source_reports import SourceReport, source_report
from indexer.reporting.typed import is_typed

# Of many rejections a report lists the first, with the beginnings of their texts; the file has all.
LISTED_REJECTIONS = 1_000
REJECTED_EXCERPT = 2_000


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that has another value than before; dates as ISO days or "unknown"."""

    field: str
    before: str
    after: str

    def shown(self, most: int, lead: int) -> FieldChange:
        """Return the same with the part of each long value that has the first difference.

        A part has at most `most` characters, and `lead` of them stand before the difference.
        """
        first = len(commonprefix((self.before, self.after)))  # noqa: RUF071  of any texts
        parts = (_part(text, first - lead, most) for text in (self.before, self.after))
        return FieldChange(self.field, *parts)


@dataclass(frozen=True, slots=True)
class Change:
    """A project that came, went or changed, and in what; `source_line` is where it stands now."""

    id: str
    title: str
    source_line: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run. The tuples of changes and rejections may be cut; the counts are exact.

    `replaced` counts records whose id a later one has, which is taken in their place; `rejected_reasons` has
    the most frequent reasons, each with its count.
    """

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    added_count: int
    changed_count: int
    removed_count: int
    unchanged: int
    rejected: tuple[Rejection, ...]
    warnings: tuple[str, ...]
    projects: int
    duplicates: int
    generation: str | None
    written: bool
    seconds: float
    notes: tuple[str, ...] = ()
    rejected_count: int = 0
    rejected_reasons: tuple[tuple[str, int], ...] = ()
    sources: tuple[SourceReport, ...] = ()
    fields: tuple[str, ...] = ()
    replaced: int = 0

    def guesses(self) -> list[SourceWarning]:
        """Return the warnings that a whole file may be read wrongly: its encoding, its order of dates."""
        return [one for source in self.sources for one in source.warnings if one.kind in GUESSES]


def compare(before: Project, after: Project) -> tuple[FieldChange, ...]:
    """Return what changed between two states of a project, field by field."""
    old, new = _texts(before), _texts(after)
    return tuple(
        FieldChange(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    )


def _texts(project: Project) -> dict[str, str]:
    return {
        "title": project.title,
        "description": project.description,
        "grantee": project.grantee,
        "start date": _day(project.start),
        "end date": _day(project.end),
        **dict(project.extra),
    }


def _part(text: str, begin: int, most: int) -> str:
    if len(text) <= most:
        return text
    begin = max(min(begin, len(text) - most), 0)
    end = begin + most
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "unknown"


def to_json(report: Report) -> bytes:
    """Return a report as JSON, its fields under their own names."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def from_json(text: bytes) -> Report:
    """Return the report that `to_json` wrote; raise ValueError if it is none."""
    try:
        values = orjson.loads(text)
        known = {field.name: values[field.name] for field in fields(Report) if field.name in values}
        for name in ("added", "changed", "removed"):
            known[name] = tuple(_change(**change) for change in known[name])
        known["rejected"] = tuple(Rejection(**record) for record in known["rejected"])
        for name in ("warnings", "notes", "fields"):
            known[name] = tuple(known.get(name, ()))
        known["rejected_reasons"] = tuple(
            (reason, count) for reason, count in known.get("rejected_reasons", ())
        )
        known["sources"] = tuple(map(source_report, known.get("sources", ())))
        found = Report(**known)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a report: {error}") from error
    if not is_typed(found, Report):
        raise ValueError("not a report: a value has another type")
    return found


def _change(id: str, title: str, source_line: str, fields: list[dict[str, str]]) -> Change:  # noqa: A002
    return Change(id, title, source_line, tuple(FieldChange(**field) for field in fields))


def kept_json(report: Report) -> bytes:
    """Return what its generation keeps of a report: all but the rejected records, which have a file."""
    return to_json(replace(report, rejected=()))


def read_back(text: bytes, rejected: Iterable[bytes]) -> Report:
    """Return the report of which a generation has kept `text`, and a line for each rejected record.

    Raise ValueError if it is none.
    """
    return replace(from_json(text), rejected=tuple(map(_listed, rejected)))


def _listed(line: bytes) -> Rejection:
    try:
        found = Rejection(**orjson.loads(line))
    except TypeError as error:
        raise ValueError(f"not a rejection: {error}") from error
    if not is_typed(found, Rejection):
        raise ValueError("not a rejection: a value has another type")
    return replace(found, text=found.text[:REJECTED_EXCERPT])


class RejectedError(IndexerError):
    """Records were rejected, or guesses made, where none may be; `report` tells which."""

    def __init__(self, report: Report) -> None:
        """Carry the report of the build that was given up."""
        guesses = report.guesses()
        count, of = report.rejected_count, len(guesses)
        rejected = "1 record was" if count == 1 else f"{count:,} records were"
        guessed = (
            "1 encoding or order of dates was" if of == 1 else f"{of:,} encodings or orders of dates were"
        )
        reasons = [f"{rejected} rejected"] if count else []
        reasons += [f"{guessed} guessed"] if of else []
        super().__init__(f"{' and '.join(reasons)}; nothing was written")
        self.report = report
