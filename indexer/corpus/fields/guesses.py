"""What a column may be whose name is not known: the field with the nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from indexer.corpus.fields.composed import speaks_of, words_of
from indexer.corpus.fields.names import FIELDS_BY_KEY, key_of

# How alike two names must be (difflib's ratio): a letter more, less or other in a word of seven.
_NEARNESS = 0.82
_SHORTEST = 4
_LONGEST = 60
# Words that make of a field another thing: "organization URL" is no slip for "organization name".
_OTHER_THINGS = frozenset("url website email phone form type city address postcode uri vat status".split())
_IDS = {"id", "ids", "code"}
# A list with fewer columns lacks more than names.
_ENOUGH_COLUMNS = 3


def nearest(name: str, found: set[str]) -> str:
    """Return the field whose name is nearest to that of a column, "" if none is near or it is `found`.

    "Projct Titel" -> "title".
    """
    key = key_of(name)
    if not _SHORTEST <= len(key) <= _LONGEST or not _OTHER_THINGS.isdisjoint(words_of(name)):
        return ""
    field = _nearest(key)
    is_id = field == "id" or _IDS.isdisjoint(words_of(name))
    is_dated = field == "span" and bool(found & {"start", "end"})
    return field if is_id and field not in found and not is_dated else ""


def missing(names: Sequence[str], found: set[str], left: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what no column of a list says, where others speak of it: the dates, the grantee; and these.

    `found` are the fields that columns of `names` became, `left` the columns that became none.
    """
    if len(names) < _ENOUGH_COLUMNS:
        return
    others = _OTHER_THINGS | _IDS
    spoken = {name: speaks_of(name) if others.isdisjoint(words_of(name)) else set() for name in left}
    if not found & {"start", "end", "span"}:
        near = [name for name in left if spoken[name] & {"start", "end"}]
        if near := near or [name for name in left if "day" in spoken[name]]:
            yield "when a project starts or ends", near
    if "grantee" not in found and (near := [name for name in left if "grantee" in spoken[name]]):
        yield "who the grantee is", near


@cache
def _names() -> list[str]:
    return [*FIELDS_BY_KEY]


def _nearest(key: str) -> str:
    near = get_close_matches(key, _names(), n=1, cutoff=_NEARNESS)
    return FIELDS_BY_KEY[near[0]][1] if near else ""


def why_no_title(rows: Iterable[Sequence[str]]) -> str:
    """Return why rows of a table cannot be headings, with the column that is perhaps meant for the title."""
    reason = "no column is named title; the first row must name the columns, or fields.toml the title"
    for names in rows:
        for name in names:
            if nearest(name, set()) == "title":
                return f'{reason}. Is it "{name.strip()}"?'
    return reason
