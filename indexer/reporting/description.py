"""How one file is read, as an explanation for its maintainer (`explained`) or for a program (`to_json`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import orjson

from indexer.document import Project, Rejection
from indexer.reporting.numbers import counted
from indexer.reporting.source_reports import CALLED, LEFT_OUT, SourceReport

# Of a text: enough to recognise it.
_EXCERPT = 100
_ELLIPSIS = "\u2026"
# Extra columns of a project that are shown, and warnings of the file.
_EXTRAS = 6
_WARNINGS = 20
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a file, where its publisher's names were read, and its first projects and rejections.

    `guesses` has columns that are not known, each with the field that it may be; `fields` says what the other
    columns become, in a corpus of this file alone.
    """

    source: SourceReport
    publisher_source: str
    guesses: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]
    projects: tuple[Project, ...]
    rejected: tuple[Rejection, ...]


def to_json(found: Description | list[Description]) -> bytes:
    """Return a description, or several, as JSON, their parts under their own names."""
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def explained(found: Description) -> str:
    """Return a description as lines of text that cannot steer a terminal."""
    return "\n".join("".join(char if char.isprintable() else " " for char in line) for line in _lines(found))


def _lines(found: Description) -> Iterator[str]:
    source = found.source
    yield source.path
    yield ""
    facts = {
        "Read as": source.format or "nothing that is read",
        "Publisher": source.publisher and f"{source.publisher} (columns by {found.publisher_source})",
        "Encoding": source.encoding,
        "Headings": source.heading and f"{source.heading}",
        "Dates": _dates(source),
        "Holds": _counts(source),
    }
    yield from (f"{name:<10} {text}" for name, text in facts.items() if text)
    yield from _section("Columns", _columns(found))
    yield from _section("Own fields, by this file alone", iter(found.fields))
    yield from _section("The first projects", _projects(found.projects))
    yield from _section("Doubts", _warnings(source))
    yield from _section("The first rejected records", map(_rejection, found.rejected))


def _section(heading: str, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield from ("", heading)
        yield _INDENT + line


def _dates(source: SourceReport) -> str:
    if source.date_order:
        return f"{source.date_order}: {source.date_reason}"
    return "none that could be read in two ways" if source.projects else ""


def _counts(source: SourceReport) -> str:
    counts = [counted(source.projects, "project")]
    counts += [f"{source.rejected:,} rejected"] if source.rejected else []
    kind = "no project" if source.left_out == 1 else "no projects"
    counts += [f"{source.left_out:,} left out as {kind}"] if source.left_out else []
    return ", ".join(counts)


def _columns(found: Description) -> Iterator[str]:
    guesses = dict(found.guesses)
    width = min(max((len(name) for name, _ in found.source.columns), default=0), 40)
    for name, became in found.source.columns:
        yield f"{_short(name, 40):<{width}}  {_became(name, became, guesses)}"


def _became(name: str, became: str, guesses: dict[str, str]) -> str:
    if name in guesses:
        return f"kept, not known; is it the {CALLED.get(guesses[name], guesses[name])}?"
    field, _, more = became.partition(", ")
    if field in ("title", "description", "grantee", *CALLED):
        return f"-> {CALLED.get(field, field)}" + (f", {more}" if more else "")
    if became == LEFT_OUT:
        return "left out: its publisher makes it anew each time"
    return f"kept as {became}" if became else "kept" if name else "left out: it has no name"


def _projects(projects: tuple[Project, ...]) -> Iterator[str]:
    for project in projects:
        yield f"{project.source_line.rpartition(':')[2]}: {_short(project.title)}"
        yield f"  {_day(project.start)} to {_day(project.end)}, {_short(project.grantee) or 'no grantee'}"
        yield f"  id {_short(project.id)}"
        if project.description:
            yield f"  {_short(project.description)}"
        extras = [f"{name}: {_short(text, 40)}" for name, text in project.extra[:_EXTRAS]]
        more = len(project.extra) - _EXTRAS
        if extras:
            yield f"  {' | '.join(extras)}" + (f" | and {more} more" if more > 0 else "")


def _warnings(source: SourceReport) -> Iterator[str]:
    for warning in source.warnings[:_WARNINGS]:
        yield f"{warning.kind}: {_short(str(warning), 300)}"
    if len(source.warnings) > _WARNINGS:
        yield f"and {len(source.warnings) - _WARNINGS} more"


def _rejection(record: Rejection) -> str:
    place = f"{record.path}:{record.line}" if record.line else record.path
    return f"{place}: {_short(record.reason, 300)}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "unknown"


def _short(text: str, longest: int = _EXCERPT) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[:longest] + _ELLIPSIS
