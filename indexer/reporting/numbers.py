"""Numbers of things, as reports and pages say them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number of things: 1 grantee, 1,866 grantees."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
