"""Search tips: what may be typed, each with an example from the words of the index."""

from __future__ import annotations

from search_app.suggest.examples import Examples


def tips(found: Examples) -> tuple[tuple[str, str], ...]:
    """Return what may be typed, and what it means."""
    word, other = found.word, found.other
    return (
        (f'"{found.phrase}"', "the words side by side"),
        (f"{word} -{other}", "without a word"),
        (f"{word} OR {other}", "one or the other"),
        (f"title:{word}", "in the title; also description: and grantee:"),
        (f"{found.beginning}*", "starts with"),
        (f"{found.slip}~", "similar spelling"),
    )
