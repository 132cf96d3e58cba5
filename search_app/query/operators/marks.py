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
QUOTES = str.maketrans(dict.fromkeys("“”„«»\N{FULLWIDTH QUOTATION MARK}", '"'))
FIELD = re.compile(r"([^\W\d_]\w*):(.*)", re.DOTALL)
