"""The orders of hits as sort keys: total, unknown values last both ways, ties newest first, then by id."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.cluster.mappings import SEEN
from indexer.storage.own_fields import OwnField
from search_app.cluster.asking.translation import Query
from search_app.request import Sort

# Orders by what the history says.
SEEN_NAMES = frozenset(one.name for one in SEEN)
_DIRECTIONS = {"asc": "desc", "desc": "asc"}
_MISSING = {"_last": "_first", "_first": "_last"}


def sort_keys(order: Sort, declared: Sequence[OwnField]) -> list[Query]:
    """Return the keys of an order, the last of which no two projects share."""
    display = [_by("start", "desc"), _by("id", "asc")]
    name, direction = order.removeprefix("-"), "desc" if order.startswith("-") else "asc"
    own = {one.name: one.type for one in declared}
    if order == "relevance":
        return [{"_score": {"order": "desc"}}, *display]
    if name in SEEN_NAMES:
        return [_by(f"m_{name}", direction), *display]
    if name in own:
        return [_by(f"{'d' if own[name] == 'date' else 'n'}_{name}", direction), *display]
    if name == "grantee":
        return [_by("grantee_order", "asc"), _by("grantee_name", "asc"), *display]
    if name == "title":
        return [_by("title_order", "asc"), *display]
    if order == "-start_date":
        return display
    return [_by(name.removesuffix("_date"), direction), *display]


def reverse_keys(keys: Sequence[Query]) -> list[Query]:
    """Return the keys of the opposite order."""
    found = []
    for one in keys:
        name, key = next(iter(one.items()))
        missing = {"missing": _MISSING[key["missing"]]} if "missing" in key else {}
        found.append({name: {"order": _DIRECTIONS[key["order"]], **missing}})
    return found


def _by(field: str, direction: str) -> Query:
    return {field: {"order": direction, "missing": "_last"}}
