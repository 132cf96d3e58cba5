"""Where in JSON an object or list stands: the names and places around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Parts of a path that are no names: an element of a list, any member of an object.
ITEM, ANY = "\0item", "\0any"
# What a list of titles is called.
_TITLES = ("titles", "title", "names", "labels")

Path = tuple[str, ...]


@dataclass(slots=True)
class Open:
    """An object or list that is being read: where it stands, and the name that it has come to."""

    path: Path
    is_list: bool
    name: str = ""


def place_in(stack: Sequence[Open]) -> Path:
    """Return where an object or list stands that begins inside those of a stack."""
    if not stack:
        return ()
    return (*stack[-1].path, ITEM if stack[-1].is_list else stack[-1].name)


def are_titles(path: Path) -> bool:
    """Return whether objects are the titles of what stands around, as DataCite gives each several."""
    return len(path) > 2 and path[-1] == ITEM and path[-2].lower() in _TITLES
