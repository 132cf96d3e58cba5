"""Pages whose end is missing: the last record of such a one may be a part of what it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.corpus.reading import Part, Reading
from indexer.document import Project, Rejection

# What a saved page opens it closes, if it is whole; of a part that was copied the list or table.
_OPENED = re.compile(r"<(/?)(html|body|table|ul|ol|main|article)\b", re.IGNORECASE)


def is_cut(text: str) -> bool:
    """Return whether the end of a page is missing: its outermost element is never closed."""
    names = [(match[1], match[2].lower()) for match in _OPENED.finditer(text)]
    opened = next((name for slash, name in names if not slash), "")
    return opened != "" and ("/", opened) not in names


def cut_last(
    records: Iterator[Project | Rejection], reading: Reading
) -> Iterator[Project | Rejection | Part]:
    """Yield records, the last of them, if it is a project, as a part."""
    last: Project | Rejection | None = None
    for record in records:
        if last is not None:
            yield last
        last = record
    if isinstance(last, Project):
        line = int(last.source_line.rpartition(":")[2])
        reading.doubt(
            "record", "the page ends here before it is closed: this record counts only where no whole one has"
            " its title and start", line=line,
        )  # fmt: skip
        yield Part(line, last.content())
    elif last is not None:
        yield last
