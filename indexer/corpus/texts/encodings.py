"""The encoding of a file: by its mark, its own word, as UTF-8, or guessed; every guess is told.

UTF-8 with a few bad bytes stays UTF-8: they become U+FFFD and their lines are named. What is no UTF-8 and
does not say what it is, is guessed by what each of the old encodings would make of it (see `evidence`): of
those that fit alike the commonest counts, which is Windows-1252.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, BinaryIO

from indexer.corpus.texts.encoding_names import shown
from indexer.corpus.texts.guessing import ASCII, around, excerpt, mixed, ranked, sample
from indexer.reporting.numbers import counted

UTF8_MARK = codecs.BOM_UTF8
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of a file that is looked at for what it is in, and of its lines beyond ASCII for what language; in bytes.
_SAMPLE_BYTES = 256_000
_EVIDENCE_BYTES = 6_000
_BLOCK_BYTES = 1 << 20
# A declared encoding may be wrong in this share of the bytes beyond ASCII; UTF-8 in this, at once.
_DAMAGED_SHARE = 0.05
_SURELY_UTF8 = 0.2
# Two encodings whose texts fit alike but for less than this cannot be told apart.
_ALIKE = 0.15
# Lines that are named.
_NAMED_LINES = 20
# In a text of two or four bytes a character these many of the others are zero, and hardly any of its own.
_MANY_ZEROS, _FEW_ZEROS = 0.25, 0.05

_JAPANESE_MAIL = re.compile(rb"\x1b\$[@B]")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line with bytes that the encoding of its file does not have; from 1."""

    number: int
    sample: str


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text, and why; `sample` is of what a guess made, `other` of the next.

    `bad_lines` are the first of `bad` lines that have bytes of another encoding.
    """

    name: str
    reason: str
    is_guess: bool = False
    sample: str = ""
    other: str = ""
    errors: str = "replace"
    bad_lines: tuple[BadLine, ...] = ()
    bad: int = 0

    def warnings(self) -> Iterator[tuple[int, str, str]]:
        """Yield what has to be told of it: line (0 for the whole file), message and sample."""
        if self.is_guess:
            message = f"read as {shown(self.name)} by guess: {self.reason}"
            yield 0, message + "; if a text looks wrong, save the file as UTF-8", self.sample
        for line in self.bad_lines:
            yield line.number, f"bytes that are not {shown(self.name)}, shown as \ufffd", line.sample
        if self.bad > len(self.bad_lines):
            more = self.bad - len(self.bad_lines)
            yield 0, f"{counted(more, 'more line')} with bytes that are not {shown(self.name)}", ""


def decode(raw: bytes) -> str:
    """Return the text of a file in its likeliest encoding; bytes that it does not have become U+FFFD."""
    try:
        return raw.decode() if not raw.startswith(tuple(mark for mark, _ in _MARKS)) else _decoded(raw)
    except UnicodeDecodeError:
        return _decoded(raw)


def _decoded(raw: bytes) -> str:
    encoding = encoding_of(io.BytesIO(raw))
    return raw.decode(encoding.name, encoding.errors)


def encoding_of(stream: BinaryIO | IO[bytes], declared: str = "") -> Encoding:
    """Return the encoding of a stream, which is read once from its beginning and rewound.

    `declared` is the codec that the file names itself, as `declared_in` finds it.
    """
    head = stream.read(_SAMPLE_BYTES)
    stream.seek(0)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, "it begins with the mark of this encoding")
    if wide := _wide(head):
        return Encoding(wide, "every other byte is zero", True, excerpt(_start(head, wide)))
    survey = _Survey(declared)
    while lines := stream.readlines(_BLOCK_BYTES):
        survey.add(lines)
    stream.seek(0)
    return survey.encoding()


class _Survey:
    """What the bytes of a file show: whether they are UTF-8, or what they declare, and where they are not."""

    def __init__(self, declared: str) -> None:
        self.declared = declared if declared != "utf-8" else ""
        self._says_utf8 = declared == "utf-8"
        self.number = 0
        self.beyond = 0
        self.utf8, self.own = _Damage("utf-8"), _Damage(self.declared or "utf-8")
        self.present = bytearray(256)
        self.evidence: list[bytes] = []
        self.evidence_bytes = 0
        self.mail = False

    def add(self, lines: list[bytes]) -> None:
        """Look at the next lines of the file."""
        block = b"".join(lines)
        first, self.number = self.number + 1, self.number + len(lines)
        self.mail = self.mail or _JAPANESE_MAIL.search(block) is not None
        if block.isascii():
            return
        self.beyond += len(block.translate(None, ASCII))
        is_utf8 = self.utf8.add(block, lines, first)
        if self.declared:
            self.own.add(block, lines, first)
        if not is_utf8 or self.declared:
            for byte in {*block}:
                self.present[byte] = 1
            self._collect(lines)

    def _collect(self, lines: list[bytes]) -> None:
        for line in lines:
            if self.evidence_bytes >= _EVIDENCE_BYTES:
                return
            if not line.isascii():
                self.evidence.append(line[: _EVIDENCE_BYTES // 2])
                self.evidence_bytes += len(self.evidence[-1])

    def encoding(self) -> Encoding:
        """Return what all that was seen says."""
        if not self.beyond:
            if self.mail:
                return Encoding("iso2022_jp", "it has the marks of Japanese mail", True)
            return Encoding(self.declared or "utf-8", "it has no byte beyond ASCII")
        if not self.utf8.bad_bytes:
            return self._as_utf8()
        if self.declared and self.own.bad_bytes <= _DAMAGED_SHARE * self.beyond:
            return self.own.told("it says so itself")
        if self.utf8.bad_bytes <= _SURELY_UTF8 * self.beyond:
            return self.utf8.told("all but a few bytes are UTF-8")
        return self._guess()

    def _as_utf8(self) -> Encoding:
        if self.declared:
            reason = f"it says that it is {shown(self.declared)}, but all its bytes are UTF-8"
            return Encoding("utf-8", reason, True, sample(self.evidence, "utf-8"))
        return Encoding("utf-8", "all its bytes are UTF-8")

    def _guess(self) -> Encoding:
        raw = b"".join(self.evidence)
        best, *others = ranked(raw, bytes(number for number in range(128, 256) if self.present[number]))
        if mixed(raw) >= best.score:
            told = self.utf8.told("most of its other bytes are UTF-8")
            return replace(told, is_guess=True, sample=sample(self.evidence, "utf-8"))
        says = self.declared or ("utf-8" if self._says_utf8 else "")
        reason = f"it says that it is {shown(says)}, which it is not, and " if says else ""
        reason += f"its letters are {best.language.name}, as this encoding has them"
        here = sample(self.evidence, best.name)
        other = ""
        for one in others:
            there = sample(self.evidence, one.name)
            if best.score - one.score < _ALIKE and there != here:
                reason += f'; in {shown(one.name)} it would be "{there}"'
                other = there
                break
        return Encoding(best.name, reason, True, here, other)


class _Damage:
    """The bytes that are not of an encoding, and the lines they stand on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bad_bytes = 0
        self.bad = 0
        self.lines: list[BadLine] = []

    def add(self, block: bytes, lines: list[bytes], first: int) -> bool:
        """Look at lines, the number of the first given; return whether all are of the encoding."""
        try:
            block.decode(self.name)
        except UnicodeDecodeError:
            for number, line in enumerate(lines, first):
                self._add_line(line, number)
            return False
        return True

    def _add_line(self, line: bytes, number: int) -> None:
        text = line.decode(self.name, "replace")
        lost = text.count("\ufffd") - line.count(b"\xef\xbf\xbd" if self.name == "utf-8" else b"\n\n")
        if lost > 0:
            self.bad_bytes += lost
            self.bad += 1
            if len(self.lines) < _NAMED_LINES:
                self.lines.append(BadLine(number, around(text, text.find("\ufffd"))))

    def told(self, reason: str) -> Encoding:
        """Return the encoding with the lines that are damaged."""
        return Encoding(self.name, reason, bad_lines=tuple(self.lines), bad=self.bad)


def _wide(head: bytes) -> str:
    """Return UTF-16 or UTF-32 where zero bytes show it, "" else."""
    if b"\0" not in head:
        return ""
    for name, width, own in (
        ("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1),
    ):  # fmt: skip
        zeros = [head[place::width].count(0) / max(len(head) // width, 1) for place in range(width)]
        others = [share for place, share in enumerate(zeros) if place != own]
        # In UTF-32 the highest byte of each character is zero.
        enough = zeros[width - 1 - own] == 1.0 if width == 4 else others[0] >= _MANY_ZEROS
        if enough and zeros[own] <= _FEW_ZEROS and _is_text(_start(head, name)):
            return name
    return ""


def _is_text(text: str) -> bool:
    odd = sum(char == "\ufffd" or (char < " " and char not in "\t\n\r\f\v") for char in text)
    return odd <= 0.01 * len(text)


def _start(head: bytes, name: str) -> str:
    return codecs.getincrementaldecoder(name)("replace").decode(head)
