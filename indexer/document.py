"""The document: a grant project, its identity and its status on a day."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import orjson

Status = Literal["planned", "active", "completed", "unknown"]
STATUSES: tuple[Status, ...] = ("planned", "active", "completed", "unknown")

# Every list shows titles and grantees whole; a longer text is no name, but a column taken for another.
MAX_NAME_LENGTH = 5_000
# Long enough to read a title back from an address, short enough to paste.
SLUG_LENGTH = 64
# 32 bits tell apart projects that share a title; the slug tells apart the rest.
IDENTITY_HASH_BYTES = 4
# 48 bits: names in other scripts have nothing else.
GRANTEE_HASH_BYTES = 6
# 128 bits: no accidental collision in any corpus that fits on a disk.
FINGERPRINT_BYTES = 16

# What a stored form begins with: its id, as JSON.
_BEGINNING = re.compile(rb'\[("(?:[^"\\]|\\.)*"),')

# Part of the history: change it whenever the same content has another stored form, or fingerprints of one
# version would not compare with those of another.
STORED_FORM = 1

# What a source says of a project: the fields of `Project` in their order, without its place.
Content = tuple[str, str, str, str, date | None, date | None, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Project:
    """A grant project as its source states it; texts are NFC, dates are days or unknown.

    `extra` holds the columns of its source that the product does not know, as name and text; `source_line`
    is "file:line" and no part of the content.
    """

    id: str
    title: str
    description: str = ""
    grantee: str = ""
    start: date | None = None
    end: date | None = None
    extra: tuple[tuple[str, str], ...] = ()
    source_line: str = field(default="", compare=False)

    def stored(self) -> bytes:
        """Return the canonical form (a UTF-8 JSON array), the same bytes for the same content."""
        return stored_form(self.content())

    def content(self) -> Content:
        """Return all but the place."""
        return self.id, self.title, self.description, self.grantee, self.start, self.end, self.extra

    @classmethod
    def from_stored(cls, stored: bytes | memoryview, source_line: str = "") -> Project:
        """Return the project whose `stored()` form this is."""
        id, title, description, grantee, start, end, *more = orjson.loads(stored)  # noqa: A001
        extra = tuple(more[0].items()) if more else ()
        return cls(id, title, description, grantee, _day(start), _day(end), extra, source_line)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def stored_form(content: Content) -> bytes:
    """Return the canonical form of a content, as `Project.stored` does."""
    return orjson.dumps((*content[:6], dict(content[6])) if content[6] else content[:6])


def beginning_of(project_id: str) -> bytes:
    """Return what the stored forms of projects with an id begin with, and no others."""
    return b"[" + orjson.dumps(project_id) + b","


def id_of(stored: bytes) -> str:
    """Return the id of a stored form; what stands behind it is not parsed."""
    match = _BEGINNING.match(stored)
    if match is None:
        raise ValueError("a stored project without an id")
    found: str = orjson.loads(match[1])
    return found


def texts_of(stored: bytes) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield title, description, grantee and other columns of stored forms with commas between them."""
    for row in orjson.loads(b"[" + stored + b"]"):
        yield row[1], row[2], row[3], row[6] if len(row) > 6 else {}


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that was not taken: where it stands, why, and its text so that nothing is lost."""

    path: str
    line: int
    reason: str
    text: str


# What a warning is about. "encoding" and "date order" are guesses that may have every text or date wrong.
WarningKind = Literal["encoding", "date order", "dates", "columns", "rows", "record"]
GUESSES: tuple[WarningKind, ...] = ("encoding", "date order")


@dataclass(frozen=True, slots=True)
class SourceWarning:
    """What is doubtful about a source that was read: where, in which column, with a sample of its text."""

    path: str
    line: int
    kind: WarningKind
    message: str
    column: str = ""
    sample: str = ""

    def __str__(self) -> str:
        """Return the place and the message in a line."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return (
            f'{place}: column "{self.column}": {self.message}' if self.column else f"{place}: {self.message}"
        )


def fingerprint_of(stored: bytes) -> bytes:
    """Return 16 bytes that change when anything in a project's stored form does."""
    return hashlib.blake2b(stored, digest_size=FINGERPRINT_BYTES).digest()


def slug_of(text: str) -> str:
    """Return the beginning of a text in letters that any address can have, "" where it has none."""
    words = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-")
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return slug


def grantee_slug(name: str) -> str:
    """Return what a grantee is called in addresses: a slug of the name plus a hash of exactly this name.

    It depends on nothing else, so that it stays as it is whoever comes or goes.
    """
    digest = hashlib.blake2b(name.encode(), digest_size=GRANTEE_HASH_BYTES).hexdigest()
    slug = slug_of(name)
    return f"{slug}-{digest}" if slug else digest


def identity(title: str, start: date | None) -> str:
    """Return the id of a project whose source gives none.

    A slug of the title plus a stable hash of title and start date: an extended end date or an
    edited description keeps the project's address.
    """
    slug = slug_of(title)
    seed = f"{title}\n{start.isoformat() if start else ''}".encode()
    digest = hashlib.blake2b(seed, digest_size=IDENTITY_HASH_BYTES).hexdigest()
    return f"{slug}-{digest}" if slug else digest


def status_on(day: date, start: date | None, end: date | None) -> Status:
    """Return the status of an interval on a day; "unknown" where a date that is needed is missing."""
    if start is not None and start > day:
        return "planned"
    if end is not None and end < day:
        return "completed"
    if start is None or end is None:
        return "unknown"
    return "active"
