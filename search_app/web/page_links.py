"""The addresses that lead on from one page of a list: its other pages, and its other forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from search_app.web.urls import pages_around


class Turns(NamedTuple):
    """Where turning pages leads; None before the first page, and after the last."""

    first: str
    prev: str | None
    next: str | None
    last: str


@dataclass(frozen=True, slots=True)
class PageLinks:
    """A page of a list itself, the pages around it and its other forms, the exports by name."""

    self_: str
    first: str
    prev: str | None
    next: str | None
    last: str
    html: str
    json: str
    exports: Mapping[str, str] = field(default_factory=dict)


def turns(page: int, pages: int, at: Callable[[int], str]) -> Turns:
    """Return where turning leads from a page, maybe behind the last of so many; `at` gives an address."""
    return Turns(at(1), *pages_around(page, pages, at), at(max(pages, 1)))
