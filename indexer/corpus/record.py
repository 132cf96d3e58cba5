"""A record's values to a project: what makes it one that can be taken, and every reason why it is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from indexer.corpus.account import Account
from indexer.corpus.dates import Edge, Span, day_of, fiscal_span_of, in_order, iso_day, span_of
from indexer.corpus.fields import Layout
from indexer.corpus.texts import clean, paragraphs, storable
from indexer.document import MAX_NAME_LENGTH, Content, Project, Rejection, identity
from indexer.text.sentences import first_sentence
from indexer.text.visible import says_something, visible

# Titles by which a source says that it has none.
_PLACEHOLDERS = (
    "title|no title|title not available|title unavailable|no title available|not available|untitled|unknown"
    "|unknown title|title unknown|n/a|na|none|null|nan|tba|tbd"
)
PLACEHOLDERS = frozenset(_PLACEHOLDERS.split("|"))
# What may be wrapped around one: "[Title not available.]"
_WRAPPING = " .\u2026!?*-\u2013\u2014_[]()\"'"
_LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS)) + 4
# An id is part of an address.
MAX_ID_LENGTH = 200
# Longer date texts are cleaned before they are looked up, so that no memo holds them.
_DATE_LENGTH = 40
_SHORTEST_SPAN = len("2019-202")
# Where nobody asks how a record was read.
_UNHEARD = Account()
# How much of a record that is too large stands in its rejection.
EXCERPT = 2_000

_JSON_NAMES = {bool: "true or false", list: "a list", dict: "an object"}


def project(
    layout: Layout, values: Sequence[object], source_line: str, account: Account | None = None
) -> Project:
    """Return the project that a record's values make, as `content` does."""
    return Project(*content(layout, values, account=account), source_line)


def content(
    layout: Layout,
    values: Sequence[object],
    tidy: Callable[[str], str] = clean,
    account: Account | None = None,
) -> Content:
    """Return the content of the project that a record's values, with a None after the last, make.

    `tidy` cleans a text; a source that knows its texts to be clean but for blanks around them may give a
    quicker one. The dates are read as `account` says, and what is to be told of them is told to it. Raises
    ValueError with every reason why it is no project.
    """
    reasons: list[str] = []
    if layout.others:
        values = _with_others(layout, values)
    # The types are asked here, not in a function of its own: this runs for every text of a corpus.
    title = tidy(one) if type(one := values[layout.title]) is str else _text("title", one, reasons)
    if layout.title_from >= 0 and not title:
        title = first_sentence(tidy(_text("description", values[layout.title_from], reasons)))
    if not usable_title(title) and not reasons:
        reasons.append(f'no usable title: "{visible(title[:EXCERPT])}"' if title else "no title")
    given = tidy(one) if type(one := values[layout.id]) is str else _text("id", one, reasons)
    if layout.ids_count_rows and given.isdigit():
        given = ""
    if len(given) > MAX_ID_LENGTH:
        reasons.append(f"an id of {len(given):,} characters; at most {MAX_ID_LENGTH}")
    text = values[layout.description]
    body = paragraphs if tidy is clean else tidy
    description = body(text) if type(text) is str else _text("description", text, reasons)
    name = values[layout.grantee]
    grantee = tidy(name) if type(name) is str else _text("grantee", name, reasons)
    start, end = _days(layout, values, reasons, account or _UNHEARD)
    if len(title) > MAX_NAME_LENGTH or len(grantee) > MAX_NAME_LENGTH:
        reasons += _too_long(title=title, grantee=grantee)
    if reasons:
        raise ValueError("; ".join(reasons))
    extra = _extra_values(layout, values, tidy) if layout.extra else ()
    return given or identity(title, start), title, description, grantee, start, end, extra


def _too_long(**names: str) -> Iterator[str]:
    for what, name in names.items():
        if len(name) > MAX_NAME_LENGTH:
            yield f"a {what} of {len(name):,} characters; at most {MAX_NAME_LENGTH:,}"


def usable_title(title: str) -> bool:
    """Return whether a clean title says anything: not empty, of marks or invisible, and no placeholder."""
    if len(title) > _LONGEST_PLACEHOLDER:
        return says_something(title)
    core = title.casefold().strip(_WRAPPING)
    return core not in PLACEHOLDERS and says_something(core)


def rejection(path: str, line: int, reason: str, text: str) -> Rejection:
    """Return a rejection whose text can be stored and shown, whatever the source held."""
    return Rejection(path, line, storable(reason), storable(text))


def _text(name: str, value: object, reasons: list[str]) -> str:
    if value is None:
        return ""
    try:
        return clean(value) if isinstance(value, str) else _from_json(value)
    except TypeError as error:
        reasons.append(f"the {name} is {error}, not a text")
        return ""


def _from_json(value: object) -> str:
    if value is None or value != value:  # NaN, as data frames write what is missing
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return clean("; ".join(value))
    if isinstance(value, (bool, list, dict)):
        raise TypeError(_JSON_NAMES[type(value)])
    return str(value)


def _with_others(layout: Layout, values: Sequence[object]) -> list[object]:
    """Return the values, those of other columns in the place of fields that are empty."""
    filled = list(values)
    for place, others in layout.others:
        if not _says_something(filled[place]):
            filled[place] = next((values[other] for other in others if _says_something(values[other])), None)
    return filled


def _says_something(value: object) -> bool:
    return not value.isspace() if isinstance(value, str) and value else value is not None and value != ""


def _days(
    layout: Layout, values: Sequence[object], reasons: list[str], account: Account
) -> tuple[date | None, date | None]:
    try:
        span = values[layout.span]
        if span is not None:
            return _span_days(_text("dates", span, reasons), layout, account)
        first, last = values[layout.start], values[layout.end]
        if type(first) is not str or len(first) >= _DATE_LENGTH:
            first = _text("start date", first, reasons)
        if type(last) is not str or len(last) >= _DATE_LENGTH:
            last = _text("end date", last, reasons)
        if not last and (both := _both_in_one(first, account)):
            return both.start, both.end
        start = iso_day(first) or _day(first, "start", layout, account)
        return in_order(start, iso_day(last) or _day(last, "end", layout, account))
    except ValueError as error:
        reasons.append(str(error))
        return None, None


def _day(text: str, edge: Edge, layout: Layout, account: Account) -> date | None:
    dates = account.dates
    of = layout.publisher
    if of and (of.compact, of.ahead, of.unix_days) != (dates.compact, dates.ahead, dates.unix_days):
        dates = replace(dates, compact=of.compact, ahead=of.ahead, unix_days=of.unix_days)
    found = day_of(text, edge, dates)
    if found.note:
        account.date_notes.add(found.note, text, found.day, edge)
    return found.day


def _span_days(text: str, layout: Layout, account: Account) -> tuple[date | None, date | None]:
    if layout.fiscal:
        found = fiscal_span_of(text, account.dates)
    else:
        found = span_of(text, account.dates, alone=layout.bare_years)
    for note in found.notes:
        account.date_notes.add(note, text, found.start, "dates")
    if text and not found.found and layout.bare_years:
        account.date_notes.add("no span", text, None, "dates")
    return found.start, found.end


def _both_in_one(text: str, account: Account) -> Span | None:
    """Return the span that a start date holds where there is no end date: "2019-2024"."""
    if len(text) <= _SHORTEST_SPAN or (text[4] == text[7] == "-" and len(text) == len("2020-01-31")):
        return None
    try:
        found = span_of(text, account.dates, alone=False)
    except ValueError:
        return None
    return found if found.end else None


def _extra_values(
    layout: Layout, values: Sequence[object], tidy: Callable[[str], str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, text)
        for name, place in layout.extra
        if (text := tidy(one) if type(one := values[place]) is str else _shown(one))
    )


def _shown(value: object) -> str:
    try:
        return clean(value) if isinstance(value, str) else _from_json(value)
    except TypeError:
        return clean(json.dumps(value, ensure_ascii=False))
