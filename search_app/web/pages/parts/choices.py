"""Choices of a form as HTML: the options of a list, and what is carried along unseen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from markupsafe import Markup

# Lists kept with a choice made: orders and page sizes, of which there are few.
_KEPT_LISTS = 256


@lru_cache(_KEPT_LISTS)
def options(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """Return values with their labels as options, one of them chosen."""
    lines = [
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    ]
    return Markup("\n".join(lines))  # noqa: S704


def hidden_inputs(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Return parameters that a form sends along."""
    lines = [f'<input type="hidden" name="{escape(name)}" value="{escape(text)}">' for name, text in pairs]
    return Markup("\n".join(lines))  # noqa: S704
