"""The pages of a list: the first, those around the one that is shown, and the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Pages listed on either side of the one that is shown.
PAGES_AROUND = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of a list, by its number."""

    number: int
    url: str
    is_current: bool


def page_links(page: int, pages: int, address: Callable[[int], str]) -> list[PageLink | None]:
    """Return the pages to list, with None for gaps between; none where there is one page."""
    if pages < 2:
        return []
    around = range(max(page - PAGES_AROUND, 2), min(page + PAGES_AROUND, pages - 1) + 1)
    listed: list[PageLink | None] = []
    last = 0
    for number in (1, *around, pages):
        if number - last > 1:
            listed.append(None)
        listed.append(PageLink(number, address(number), number == page))
        last = number
    return listed
