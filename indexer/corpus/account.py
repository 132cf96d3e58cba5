"""How one file was read, for whoever wants to know: filled while it is read, told when that is done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from indexer.corpus.dates import MONTH_FIRST, DateReading, Habit
from indexer.corpus.dates.notes import DateNotes
from indexer.document import SourceWarning
from indexer.reporting.source_reports import SourceReport

# Rows that are no projects and are shown with their text.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column became: a field of the project, an extra of some kind, or what it may be a name for."""

    name: str
    became: str
    guess: str = ""


@dataclass(slots=True)
class LeftOut:
    """Rows of one kind that are no projects: how many, the line of the first, and the first texts."""

    count: int = 0
    line: int = 0
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """The facts of a file: format, publisher, encoding, headings, dates, columns, and what was left out.

    `caption` is what a saved page calls itself. `key` is the hash of the bytes of a file that is read as
    a whole; `earlier` is what the last run said of a file with the same bytes. `only_titles` says that
    its columns are ids and titles alone, and others that say nothing of a project.
    """

    format: str = ""
    publisher: str = ""
    publisher_source: str = ""
    encoding: str = ""
    heading: str = ""
    caption: str = ""
    dates: DateReading = MONTH_FIRST
    dated: bool = False
    habit: Habit | None = None
    columns: list[ColumnUse] = field(default_factory=list)
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    date_notes: DateNotes = field(default_factory=DateNotes)
    only_titles: bool = False
    key: str = ""
    earlier: SourceReport | None = None
    warnings: list[SourceWarning] = field(default_factory=list)

    def leave_out(self, kind: str, line: int, text: str) -> None:
        """Count a row that is no project."""
        left_out = self.left_out.setdefault(kind, LeftOut(line=line))
        left_out.count += 1
        if len(left_out.samples) < _SHOWN:
            left_out.samples.append(text)

    def column_of(self, field: str) -> str:
        """Return the name of the column that became a field, "start" for one; else the field itself."""
        wanted = "span" if field == "dates" else field
        return next((use.name for use in self.columns if use.became == wanted), field)

    def report(self, path: str, projects: int, rejected: int) -> SourceReport:
        """Return what is said of the file, with how many projects and rejections it gave."""
        if self.earlier is not None:
            warnings = tuple(replace(warning, path=path) for warning in self.earlier.warnings)
            return replace(self.earlier, path=path, warnings=warnings)
        return SourceReport(
            path=path,
            key=self.key,
            format=self.format,
            publisher=self.publisher,
            encoding=self.encoding,
            heading=self.heading,
            date_order=self.dates.order if self.dated else "",
            date_reason=self.dates.reason if self.dated else "",
            columns=tuple((use.name, use.became) for use in self.columns),
            projects=projects,
            rejected=rejected,
            left_out=sum(one.count for one in self.left_out.values()),
            warnings=tuple(self.warnings),
        )
