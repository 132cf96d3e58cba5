"""Bytes to text and text to clean text: what every source format needs before its records are cut."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from indexer.text.analysis import normalise

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
# What grant lists are saved in when it is not UTF-8; a free guess takes short texts for rarer pages.
_OLD_ENCODINGS = ["cp1252", "utf_16_le", "utf_16_be", "cp1250", "mac_roman"]
# A UTF-8 text with fewer damaged bytes than this share of its non-ASCII bytes is still UTF-8.
_DAMAGED_SHARE = 0.2
# Enough to tell an encoding, little enough to be quick.
_SAMPLE_BYTES = 256_000
_BLOCK_BYTES = 1 << 20

_ASCII = bytes(range(128))
# Controls, invisible marks that split or reorder words, lone surrogates and what XML cannot hold. The
# joiners U+200C and U+200D stay: Persian and Hindi words need them.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return `text` in NFC, in one line with single spaces, without controls and lone surrogates."""
    if not text.isprintable() or "  " in text:
        text = " ".join(_REMOVED.sub("", text).split())
    return text.strip() if text.isascii() else normalise(text.strip())


def decode(raw: bytes) -> str:
    """Return the text of a file: by its byte order mark, as UTF-8, or in the likeliest older encoding."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _decode_old(raw)


def _decode_old(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    if text.count("\ufffd") <= _DAMAGED_SHARE * len(raw.translate(None, _ASCII)):
        return text
    return raw.decode(_old_encoding(raw[:_SAMPLE_BYTES]), "replace")


def _old_encoding(sample: bytes) -> str:
    # Imported here because nearly every file is UTF-8 and the detector takes long to load.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OLD_ENCODINGS).best()
    return best.encoding if best else "cp1252"


def encoding_of(stream: BinaryIO) -> str:
    """Return the encoding that `decode` would take for a stream, and rewind it; it is not held as a whole."""
    sample = stream.read(_SAMPLE_BYTES)
    stream.seek(0)
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    damaged = others = 0
    while block := stream.read(_BLOCK_BYTES):
        if not block.isascii() or decoder.getstate()[0]:
            damaged += decoder.decode(block).count("\ufffd")
            others += len(block.translate(None, _ASCII))
    damaged += decoder.decode(b"", final=True).count("\ufffd")
    stream.seek(0)
    if damaged <= _DAMAGED_SHARE * others:
        return "utf-8"
    return _old_encoding(sample)
