"""Dates in characters that are not ASCII: wide digits, typesetters' hyphens, East Asian years and days."""

from __future__ import annotations

import re
import unicodedata

# Year, month and day, each with its sign, in Chinese, Japanese and Korean.
_EAST_ASIAN = re.compile(
    r"\s*(\d{4})\s*[\u5e74\ub144](?:\s*(\d{1,2})\s*[\u6708\uc6d4](?:\s*(\d{1,2})\s*[\u65e5\u53f7\uc77c])?)?\s*",
    re.ASCII,
)
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-"))


def in_ascii(text: str) -> str:
    """Return a date with ASCII digits and hyphens, as far as it has others; letters stay as they are.

    The dash between two dates is no hyphen, and stays too.
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    match = _EAST_ASIAN.fullmatch(plain)
    return "-".join(filter(None, match.groups())) if match else plain
