"""The operators and the other marks of the query language, and where they stand in a text."""

from __future__ import annotations

import re
from typing import Literal

from search_app.query.repairs import AFTER

Operator = Literal["and", "or", "not"]

OPERATORS: dict[str, Operator] = {
    "AND": "and", "&&": "and", "&": "and", "OR": "or", "||": "or", "|": "or", "NOT": "not",
}  # fmt: skip
# Before a word, a phrase or a group, at once.
NEGATIONS = "-!\N{MINUS SIGN}"
LEXEMES = re.compile(
    rf'"(?P<phrase>[^"]*)(?P<closed>(?:"{AFTER})?)|(?P<open>\()|(?P<close>\){AFTER})'
    rf'|(?P<not>[{NEGATIONS}](?=["(]))|(?P<word>[^\s"()]+?:(?=[{NEGATIONS}]["(])|[^\s"()]+)'
)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»\N{FULLWIDTH QUOTATION MARK}", '"'))
# Between two letters of Hebrew it abbreviates, as their own mark does that keyboards lack.
_ABBREVIATES = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
FIELD = re.compile(r"([^\W\d_]\w*):(.*)", re.DOTALL)


def with_plain_quotes(text: str) -> str:
    """Return a text with one quotation mark for all that there are, where it is one."""
    return _ABBREVIATES.sub("\N{HEBREW PUNCTUATION GERSHAYIM}", text.translate(_QUOTES))
