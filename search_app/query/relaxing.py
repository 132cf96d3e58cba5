"""What is looked for in turn: what a text asks for, then the same less strictly, until something is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from whoosh import query as wq

from search_app.query.parsing import Parsed, parse
from search_app.request import Operator
from search_app.results import RelaxedTo
from search_app.words.vocabulary import Vocabulary


def asked(parsed: Parsed, op: Operator) -> wq.Query:
    """Return the tree that a text asks for, all of its words or any."""
    return parsed.relaxed if op == "or" else parsed.strict


def ways(
    readings: list[Parsed], q: str, op: Operator, vocabulary: Vocabulary
) -> Iterator[tuple[Parsed, wq.Query, RelaxedTo | None]]:
    """Yield what to look for, each less strict than the one before; other `readings` are made when needed."""
    first = readings[0]
    yield first, asked(first, op), None
    if first.quoted and first.reading.expand:
        reading = replace(first.reading, quoted_forms=True)
        readings.append(parse(q, vocabulary, reading))
        forms = readings[-1]
        yield forms, asked(forms, op), "forms"
    if op == "and" and len(first.clauses) > 1:
        yield from ((parsed, parsed.relaxed, "any") for parsed in readings)
