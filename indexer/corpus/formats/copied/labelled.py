"""The page of one project: labels with their values, as text that was copied or as the lines of a saved page.

    Improving Working Conditions (CALLE)
    Project Duration: December 2019 - March 2024
    Funding and Year
    $10,000,000 (FY 2019)
    Grantee: American Institutes for Research
    The project trains inspectors.

A label ends with a colon, or stands alone above its value. What comes first is the title, what has no label
the description.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.corpus.fields import field_of, layout_of
from indexer.corpus.reading import Reading
from indexer.corpus.record import project, rejection
from indexer.document import Project, Rejection

# A line of a page and its number in the file.
Line = tuple[int, str]

# The fields that labels name, and the columns that they become.
_COLUMNS = {
    "span": "Dates", "description": "Description", "grantee": "Grantee", "start": "Start date",
    "end": "End date", "id": "ID",
}  # fmt: skip
_FIELDS = frozenset(["title", *_COLUMNS])
# Labels that are no field of a project; what they say is kept under their name.
_KEPT = frozenset(
    (
        "funding and year|funding|funding amount|amount|award amount|total funding|budget|year|fiscal year"
        "|country|countries|region|regions|implementing partners|implementing partner|partners|contact"
        "|contact information|contacts|themes|theme|topic|topics|program|programme|solicitation|status"
    ).split("|")
)
_LABEL = re.compile(r"([^:]{2,40}):\s*(.*)", re.DOTALL)
_DATED = frozenset(["span", "start", "end"])
# What stands above the title of a page that was copied whole.
_ABOVE = re.compile(r"(?:skip to .*|home|results:?|menu|search|breadcrumb|.*[›»>].*)", re.IGNORECASE)


@dataclass(slots=True)
class _Page:
    """What the lines of a page said so far."""

    values: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    free: list[Line] = field(default_factory=list)
    again: list[Line] = field(default_factory=list)


def is_labelled(lines: Sequence[str]) -> bool:
    """Return whether lines have the labels of a project's page: one of dates, and another one."""
    known = [label for line in lines if (label := _label_of(line.strip())[0])]
    dated = any(field_of(label)[1] in _DATED for label in known)
    return dated and len({label.casefold() for label in known}) > 1


def is_label(text: str) -> bool:
    """Return whether a text is the label of a field, given that it is one of something."""
    return bool(_label_of(f"{text.rstrip(' :')}:")[0])


def read(lines: Sequence[Line], title: str, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project of a page; the same page again below it is the same project.

    `title` is that of a saved page, which says what its heading is; "" for one that has to be found.
    """
    first = title or next((text for _, text in lines if text and not _ABOVE.fullmatch(text)), "")
    starts = [place for place, (_, text) in enumerate(lines) if text == first] or [0]
    if title or not first or _label_of(first)[0]:
        starts = starts[:1] if title else [0]
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _record(_parsed(lines[0 if title else begin : end]), reading, title)


def _parsed(lines: Sequence[Line]) -> _Page:
    page = _Page()
    following = deque(lines)
    while following:
        number, text = following.popleft()
        label, value = _label_of(text)
        if not label:
            page.free += [(number, text)] if text else []
            continue
        # What stands below is the value, unless it is the next label: then there is none.
        while not value and following and not _label_of(following[0][1])[0]:
            value = following.popleft()[1]
        if not value:
            continue
        named = field_of(label)[1]
        known, key = (page.values, named) if named in _FIELDS else (page.extra, label)
        if key in known and known[key] != value:
            page.again.append((number, label))
        known.setdefault(key, value)
    return page


def _label_of(line: str) -> tuple[str, str]:
    """Return the label that a line begins with or is, and the value after it; "" for a line without."""
    match = _LABEL.fullmatch(line) if len(line) < 4_000 else None
    label, value = (match[1].strip(), match[2].strip()) if match else (line, "")
    if len(label) > 40:
        return "", ""
    field, kept = field_of(label)[1], _is_kept(label)
    # "Project" or "Abstract" alone is a heading of the text, or a word of it.
    alone = match is not None or field in ("span", "start", "end", "grantee")
    return (label, value) if kept or (alone and field in _FIELDS) else ("", "")


def _is_kept(label: str) -> bool:
    return " ".join(label.casefold().replace("&", " and ").split()) in _KEPT


def _record(page: _Page, reading: Reading, title: str) -> Project | Rejection:
    values, free = page.values, page.free
    while free and not title and "title" not in values and _ABOVE.fullmatch(free[0][1]):
        free = free[1:]
    line = free[0][0] if free else 0
    if title:
        # What stands above its heading is of the site.
        begin = next((place for place, one in enumerate(free) if one[1] == title), 0)
        free = [one for one in free[begin:] if one[1] != title]
        values.setdefault("title", title)
    elif "title" not in values and free:
        values["title"] = free[0][1]
        free = free[1:]
    described = [values["description"]] if values.get("description") else []
    values["description"] = "\n\n".join([*described, *(text for _, text in free)])
    for number, label in page.again:
        reading.doubt(
            "record", f'"{label}" stands here once more: if this is another project, save it in its own file',
            line=number,
        )  # fmt: skip
    given = {_COLUMNS[name]: values[name] for name in _COLUMNS if values.get(name)} | page.extra
    try:
        layout = layout_of(("Title", *given))
        assert layout is not None, "the first column is a title"
        row = [values.get("title"), *given.values(), None]
        return project(layout, row, f"{reading.path}:{line}", reading.account)
    except ValueError as error:
        text = " | ".join(filter(None, [*values.values(), *page.extra.values()]))
        return rejection(reading.path, line, str(error), text[: reading.limits.record])
