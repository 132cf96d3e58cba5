"""A report for people: a table of counts, then what came, went, changed or was not taken, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.document import Rejection
from indexer.reporting.report import Change, FieldChange, Report

# Of each list; the generation's files have everything.
SHOWN = 20
# Of the reasons of many rejections, the most frequent.
REASONS = 5
# Of a text: enough to recognise a record.
EXCERPT = 160
# Of a long text, around what changed in it.
CONTEXT = 30
ELLIPSIS = "\u2026"
# Files with a line of their own; an archive may hold thousands.
_MOST_FILES = 1_000


def summary(report: Report) -> str:
    """Return a report as lines of text."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield from _counts(report)
    yield from _section("Changed", report.changed_count, map(_change, report.changed))
    yield from _section("Added", report.added_count, map(_change, report.added))
    yield from _section("Removed", report.removed_count, map(_change, report.removed))
    yield from _section("Rejected", report.rejected_count, map(_rejection, report.rejected))
    yield from _reasons(report)
    yield from _section("Warnings", len(report.warnings), map(_bullet, report.warnings))
    if report.fields:
        yield from ("", "Own fields", *map(_bullet, report.fields))
    yield from _section("Data quality", len(report.notes), map(_bullet, report.notes))
    if not report.generation and report.sources:
        yield ""
        yield f"Files ({len(report.sources):,})"
        yield from (f"  {_one_line(source.line(), None)}" for source in report.sources[:_MOST_FILES])
        if len(report.sources) > _MOST_FILES:
            yield f"  and {len(report.sources) - _MOST_FILES:,} more; `--json` lists all"
    yield ""
    yield _outcome(report)


def _counts(report: Report) -> Iterator[str]:
    counts = {
        "added": report.added_count,
        "changed": report.changed_count,
        "removed": report.removed_count,
        "unchanged": report.unchanged,
        "rejected": report.rejected_count,
        "duplicates": report.duplicates,
        **({"replaced": report.replaced} if report.replaced else {}),
        "projects": report.projects,
    }
    width = max(len(f"{count:,}") for count in counts.values())
    for name, count in counts.items():
        yield f"  {name:<12}{count:>{width},}"


def _section(heading: str, count: int, blocks: Iterable[str]) -> Iterator[str]:
    if count:
        yield ""
        yield f"{heading} ({count:,})" if count <= SHOWN else f"{heading} (first {SHOWN} of {count:,})"
        for _, block in zip(range(SHOWN), blocks, strict=False):
            yield block


def _change(change: Change) -> str:
    source_line = f"  [{change.source_line}]" if change.source_line else ""
    return "\n".join(
        [f"  {_one_line(change.title)}{source_line}", *(f"    {_field(one)}" for one in change.fields)]
    )


def _field(change: FieldChange) -> str:
    before, after = _difference(_one_line(change.before, None), _one_line(change.after, None))
    return f"{change.field} {before or 'none'} -> {after or 'none'}"


def _rejection(record: Rejection) -> str:
    source_line = f"{record.path}:{record.line}" if record.line else record.path
    lines = [f"  {source_line}: {_one_line(record.reason)}"]
    return "\n".join([*lines, f"    {_one_line(record.text)}"] if record.text else lines)


def _reasons(report: Report) -> Iterator[str]:
    """Count the reasons where not every record is shown."""
    if report.rejected_count > SHOWN:
        yield "  in all:"
        for reason, count in report.rejected_reasons[:REASONS]:
            yield f"    {count:,} x {_one_line(reason)}"


def _bullet(text: str) -> str:
    return f"  {_one_line(text)}"


def _outcome(report: Report) -> str:
    if report.written:
        return f"Wrote generation {report.generation} in {report.seconds:.1f} s."
    if report.generation:
        return f"Nothing changed; generation {report.generation} stays."
    return "Checked only; nothing was written."


def _one_line(text: str, longest: int | None = EXCERPT) -> str:
    """Return text that cannot steer a terminal, in one line."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return shown if longest is None or len(shown) <= longest else shown[:longest] + ELLIPSIS


def _difference(before: str, after: str) -> tuple[str, str]:
    """Return both texts without the long parts that they share at their ends."""
    if max(len(before), len(after)) <= 2 * CONTEXT:
        return before, after
    start = max(_shared(before, after) - CONTEXT, 0)
    end = max(_shared(before[:start:-1], after[:start:-1]) - CONTEXT, 0)
    return _cut(before, start, end), _cut(after, start, end)


def _cut(text: str, start: int, end: int) -> str:
    middle = _one_line(text[start : len(text) - end])
    return ELLIPSIS * bool(start) + middle + ELLIPSIS * bool(end)


def _shared(one: str, other: str) -> int:
    """Return how many characters both texts begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((source_line for source_line, (a, b) in pairs if a != b), min(len(one), len(other)))
