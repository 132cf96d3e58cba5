"""Numbers as people read them."""

from __future__ import annotations

from indexer.reporting.numbers import counted


def thousands(number: int) -> str:
    """Return a number with its thousands apart: 1,866."""
    return f"{number:,}"


def projects(number: int) -> str:
    """Return a number of projects."""
    return counted(number, "project")
