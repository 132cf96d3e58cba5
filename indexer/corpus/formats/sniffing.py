"""What a file holds whatever its name says: publishers save tables as pages, and pages as .xls."""

from __future__ import annotations

import csv
import re
from codecs import getincrementaldecoder
from itertools import pairwise

from indexer.corpus.fields import MAX_COLUMNS, Said, layout_of
from indexer.corpus.formats.table import DELIMITERS
from indexer.corpus.texts import UTF8_MARK, UTF16_MARKS

# The headings of a table are within so many lines, and name so many fields.
_TOP, _ENOUGH_NAMES = 10, 2
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF-": "a PDF, whatever its name says; save the table as .csv or .html",
    b"{\\rtf": "a text document (RTF), whatever its name says; save the table as .csv or .html",
    b"PAR1": "a Parquet file, whatever its name says; export the table as .csv",
    b"SQLite format 3\0": "a database (SQLite), whatever its name says; export the table as .csv",
    b"\x1f\x8b": "packed with gzip; let its name end with .gz",
    b"\x28\xb5\x2f\xfd": "packed with Zstandard; unpack it, and put what is in it here",
    b"BZh": "packed with bzip2; unpack it, and put what is in it here",
    b"\xfd7zXZ\0": "packed with xz; unpack it, and put what is in it here",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive; unpack it, and put what is in it here",
    b"Rar!\x1a\x07": "a RAR archive; unpack it, and put what is in it here",
}
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table|head|body|meta|div)\b", re.IGNORECASE
)

# A page that was saved as one file with its pictures is a message of parts, or of one page, with headers.
_HEADER = re.compile(rb"\s*[A-Za-z-]+:", re.ASCII)
_MESSAGE = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_PAGE_INSIDE = re.compile(rb"^content-type:\s*(?:multipart/(?:related|alternative)|text/html)", re.I | re.M)
# A line drawn under or over headings, as lists printed from programs have it.
_RULE = re.compile(r"[\s|+:=_-]*")
# What begins as XML is a sheet that Excel 2003 saved, or a page that says so.
_XML, _PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s"), re.compile(rb"<html\b", re.IGNORECASE)


def kind_within(kind: str, head: bytes, said: Said = ()) -> str:
    """Return the kind of a file by its first bytes, given the kind that its name says.

    `said` is what the corpus says of columns.
    Only what cannot be of the kind that the name says is taken for another.
    """
    if head.startswith((_ZIP, _OLE)):
        return "workbook"
    if kind in ("workbook", "table", "listing") and is_web_archive(head):
        return "page"
    if kind in ("workbook", "table") and _XML.match(_plain(head)):
        return "page" if _PAGE.search(_plain(head)) else "xml"
    if kind == "workbook":
        return "page" if _MARKUP.match(_plain(head)) else "table"
    if kind == "table" and _MARKUP.match(_plain(head)):
        return "page"
    if kind == "listing" and _is_table(head, said):
        return "table"
    if kind == "xml" and _MARKUP.match(head) and not head.lstrip().startswith(b"<?xml"):
        return "page"
    return kind


def is_web_archive(head: bytes) -> bool:
    """Return whether a file begins as a page does that was saved as one file (MHTML)."""
    return _is_message(head) and _PAGE_INSIDE.search(head) is not None


def _is_message(head: bytes) -> bool:
    return _HEADER.match(head) is not None and _MESSAGE.search(head) is not None


def is_one_value(head: bytes) -> bool:
    """Return whether JSON is no object a line: a list, or an object that goes on over lines."""
    head = head.removeprefix(UTF8_MARK).lstrip()
    return head.startswith(b"[") or head.partition(b"\n")[0].rstrip() == b"{"


def why_another_format(head: bytes) -> str:
    """Return what a file is by its first bytes that no reader takes, and what to do; "" if it may be read."""
    if _is_message(head) and not is_web_archive(head):
        return "an e-mail; save what is attached to it, and put that here"
    return next((reason for mark, reason in _OTHERS.items() if head.startswith(mark)), "")


def _is_table(head: bytes, said: Said) -> bool:
    """Return whether a text is a table: a line of headings, and as many separators in the line below it."""
    lines = [line for line in _text(_plain(head)).splitlines() if line.strip()]
    # A rule has a bar for each column, or none; the first row may have others in its texts.
    without_rules = [line for line in lines if not _RULE.fullmatch(line)]
    return any(
        _are_headings(_cells(above, separator), _cells(below, separator), said)
        for above, below in (*pairwise(lines[:_TOP]), *pairwise(without_rules[:_TOP]))
        for separator in DELIMITERS
    )


def _cells(line: str, separator: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=separator)))
    except csv.Error:
        return ()


def _are_headings(names: tuple[str, ...], cells: tuple[str, ...], said: Said) -> bool:
    # A sentence may have commas as well, but seldom as many as the next one.
    if not 1 < len(names) == len(cells) <= MAX_COLUMNS:
        return False
    layout = layout_of(names, said)
    return layout is not None and layout.known >= _ENOUGH_NAMES


def _text(head: bytes) -> str:
    """Return the beginning of a file as text; for names of columns Latin-1 is near enough to its kin."""
    try:
        return getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _plain(head: bytes) -> bytes:
    return head[2:].replace(b"\0", b"") if head.startswith(UTF16_MARKS) else head
