"""The listing page as people copy it: projects run together in plain text.

    Title01/23/2023 - 07/23/2027 Description, which may hold | and go over
    several lines |
    Grantee |
    |

An empty cell (`|` after `|`, at the end of a line) closes a record. In a record the first pair of dates ends
the title, and the last `|` begins the grantee. A title that runs straight into its dates begins a record
even where the empty cell before it is missing. What stands before the word "Results" is no project. A last
record that is cut off counts, with a warning, if it has both dates and no whole one is the same; else it is
rejected. Pages of a region and of a project are known by their own marks (`copied`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from indexer.corpus.dates import RANGE, range_texts
from indexer.corpus.fields import Layout
from indexer.corpus.formats.copied import fixed_width, labelled, region
from indexer.corpus.reading import Part, Reading, megabytes
from indexer.corpus.record import project, rejection
from indexer.document import Project, Rejection

# Lines before the dates that make more than this are a title below other text: its last line counts.
MAX_TITLE_LENGTH = 300

_LAYOUT = Layout(title=0, start=1, end=2, description=3, grantee=4)
# The repeats are possessive: they never give back what they matched, so a megabyte of blanks or marks is
# looked at once.
_RESULTS = re.compile(r"^[^\S\n]*+(?:search )?results:?[^\S\n]*+(?:\(?\d+\)?[^\S\n]*+)?$", re.I | re.M)
_MARKS = re.compile(r"\|[\s|]*+")
_CELL_END = re.compile(r"\|[^\S\n]*+\n")
# Dates written against the end of a title; in a sentence a space or a mark stands before them (or before
# the first of two digits of their month).
_APART = r"\s.,;:|/(\[-"
_GLUED = re.compile(rf"(?<=[^{_APART}])(?<![{_APART}][0-9])(?:{RANGE.pattern})")


@dataclass(frozen=True, slots=True)
class _Block:
    """The text of one record, the line it begins at, and how many marks closed it: none if it is cut off."""

    text: str
    line: int
    marks: int


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection | Part]:
    """Yield the project, or the rejection, of every record of one or several copied pages."""
    text = reading.decoded(stream).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    marks = list(_MARKS.finditer(text))
    if table := fixed_width.found_in(lines[: fixed_width.LOOKED_AT], reading.said):
        yield from fixed_width.read(lambda: lines, table, reading)
        return
    if region.is_region(text):
        reading.account.format = "copied page of a region"
        # A listing may stand above it; it ends with its last empty cell.
        end = max((run.end() for run in marks if run.group().count("|") > 1), default=0)
        if end:
            yield from _listed(text[:end], reading)
        yield from region.read(text[end:], text.count("\n", 0, end) + 1, reading)
    elif not marks and labelled.is_labelled(lines):
        reading.account.format = "copied page of a project"
        yield from labelled.read([(number, one.strip()) for number, one in enumerate(lines, 1)], "", reading)
    else:
        reading.account.format = "copied listing"
        yield from _listed(text, reading)


def _listed(text: str, reading: Reading) -> Iterator[Project | Rejection | Part]:
    heading = _RESULTS.search(text)
    if heading is None or RANGE.search(text, 0, heading.start()):
        pages = [text]
    else:
        pages = _pages(text, text[: heading.end()].strip())
    line = 1
    for page in pages:
        for number, block in enumerate(_blocks(page, line)):
            # Without a heading, nothing tells an introduction from the lines of the first title.
            yield _record(block, reading, last_line_only=number == 0 and len(pages) == 1)
        line += page.count("\n")


def _pages(text: str, introduction: str) -> list[str]:
    # Pages pasted one after the other repeat the introduction; a bare "Results" may be a line of text.
    before, *pages = text.split(introduction, -1 if "\n" in introduction else 1)
    blank = "\n" * introduction.count("\n")
    return [before, *(blank + page for page in pages)]


def _blocks(text: str, line: int) -> Iterator[_Block]:
    start = 0
    for run in _MARKS.finditer(text):
        after_last = run.group().rpartition("|")[2]
        marks = run.group().count("|")
        if marks > 1 and ("\n" in after_last or run.end() == len(text)):
            yield from _split(text[start : run.start()], line, marks)
            line += text.count("\n", start, run.end())
            start = run.end()
    yield from _split(text[start:], line, 0)


def _split(text: str, line: int, marks: int) -> Iterator[_Block]:
    start = 0
    for cut in _starts_inside(text):
        yield _Block(text[start:cut], line, 0)
        line += text.count("\n", start, cut)
        start = cut
    if text[start:].strip():
        yield _Block(text[start:], line, marks)


def _starts_inside(text: str) -> Iterator[int]:
    head = RANGE.search(text)
    while head and (following := _GLUED.search(text, head.end())):
        line_start = text.rfind("\n", head.end(), following.start()) + 1
        if line_start:
            yield line_start
        head = following


def _record(block: _Block, reading: Reading, *, last_line_only: bool) -> Project | Rejection | Part:
    head = RANGE.search(block.text)
    before = block.text[: head.start()] if head else block.text
    offset = _title_start(before, last_line_only=last_line_only)
    line = block.line + before.count("\n", 0, offset)
    source_line = f"{reading.path}:{line}"
    try:
        if len(block.text) > reading.limits.record:
            raise ValueError(
                f"a record of {megabytes(len(block.text))}; at most {megabytes(reading.limits.record)}"
            )
        if head is None:
            raise ValueError('no "start - end" dates: a record that is cut off, or text that is no project')
        description, grantee = _cells(block.text[head.end() :].strip(), block.marks)
        start, end = range_texts(head)
        found = project(_LAYOUT, [before[offset:], start, end, description, grantee, None], source_line)
    except ValueError as error:
        return rejection(
            reading.path, line, str(error), block.text[offset : offset + reading.limits.record].strip()
        )
    if block.marks or (grantee and block.text.rstrip().endswith("|")):
        return found
    reading.doubt(
        "record",
        "this record is cut off: it counts only where no whole one has its title and start",
        line=line,
    )
    return Part(line, found.content())


def _title_start(before: str, *, last_line_only: bool) -> int:
    heading = max((match.end() for match in _RESULTS.finditer(before)), default=0)
    title = before[heading:].strip()
    if last_line_only or len(title) > MAX_TITLE_LENGTH:
        title = title.rpartition("\n")[2]
    return before.rindex(title) if title else heading


def _cells(rest: str, marks: int) -> tuple[str, str]:
    if not marks:
        rest = rest.removesuffix("|")
    ends = list(_CELL_END.finditer(rest))
    if ends:
        return rest[: ends[-1].start()], rest[ends[-1].end() :]
    if marks == 2:
        # The whole record stands on one line.
        description, mark, grantee = rest.rpartition("|")
        return (description, grantee) if mark else (rest, "")
    return rest, ""
