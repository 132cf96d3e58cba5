"""Numbers as people read them."""

from __future__ import annotations


def thousands(number: int) -> str:
    """Return a number with its thousands apart: 1,866."""
    return f"{number:,}"


def counted(number: int, noun: str) -> str:
    """Return a number of things: 1 grantee, 1,866 grantees."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def projects(number: int) -> str:
    """Return a number of projects."""
    return counted(number, "project")
