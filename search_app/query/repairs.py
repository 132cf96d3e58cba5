"""What of a typed text could not be taken as typed, and how that is told."""

from __future__ import annotations

from collections.abc import Sequence

from search_app.query.typed import TypedWord
from search_app.results import Repair


class Repairs(dict[str, Repair]):
    """What was repaired, by code: each kind is reported once."""

    def add(self, code: str, message: str) -> None:
        """Report a repair."""
        self.setdefault(code, Repair(code, message))

    def look_at(self, text: str, found: Sequence[TypedWord]) -> None:
        """Report marks that stand for nothing in a text, typed without a blank, that has these words."""
        if not found:
            self.add("lone_operator", "What has neither letters nor digits was left out.")
        elif "*" in text:
            self.add("wildcard_dropped", "“*” works at the end of a word only; elsewhere it was left out.")
        elif "?" in text[:-1]:
            self.add(
                "wildcard_dropped", "“?” stands for no letter here; it was left out. A word may end with “*”."
            )
