"""The names that a query may have before a colon: those of text fields, of codes, and of own fields."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.storage.own_fields import OwnField, searched_of
from indexer.storage.schema import ANY_FIELD, OWN_TEXTS, TEXT_FIELDS

# The field of codes in a query: id:30345.
CODE_FIELD = "id"
# Names that people give to what every index narrows by dates, and how their parameters begin.
_DATES = {
    **dict.fromkeys(("date", "year", "active", "active_year", "before", "after"), "active"),
    **dict.fromkeys(("start", "start_date", "start_year"), "start"),
    **dict.fromkeys(("end", "end_date", "end_year"), "end"),
    **dict.fromkeys(("added", "first_seen"), "added"),
    **dict.fromkeys(("changed", "last_changed"), "changed"),
}


class FieldNames:
    """Which names before a colon are fields of one index, and how else its other fields are asked for."""

    def __init__(self, declared: Sequence[OwnField]) -> None:
        """Take the own fields of the index."""
        self._declared = declared
        own = [one.name for one in searched_of(self._declared)]
        texts = [name for name in TEXT_FIELDS if name != OWN_TEXTS]
        self._listed = (*texts, CODE_FIELD, *own)
        self._fields = {name: name for name in (*self._listed, ANY_FIELD)}
        if own:
            self._fields[OWN_TEXTS] = OWN_TEXTS
        # A code is found whatever column it stands in.
        self._fields |= {one.name: CODE_FIELD for one in self._declared if one.type == "code"}

    def field(self, name: str) -> str:
        """Return the field that a folded name means in a query, "" if it means none."""
        return self._fields.get(name, "")

    def is_other(self, name: str) -> bool:
        """Tell whether a folded name is a field that is asked for otherwise."""
        return name == "status" or name in _DATES or any(one.name == name for one in self._declared)

    def refusal(self, name: str, typed: str) -> tuple[str, str]:
        """Return why a folded name, as it was `typed`, is no field of a query, and the parameters instead."""
        known = next((one for one in self._declared if one.name == name), None)
        if known:
            why, instead = _instead(known)
        elif begin := _DATES.get(name):
            why = "is not searched by words"
            instead = f"In the address, {begin}_from=2020 and {begin}_to=2021-06 narrow by time."
        elif name == "status":
            why, instead = "is not searched by words", "In the address, status=active narrows by it."
        else:
            why, instead = f"is no field ({', '.join(self._listed)})", ""
        return f"“{typed}” {why}; it was taken as a word.", instead


def _instead(field: OwnField) -> tuple[str, str]:
    name = field.name
    if field.type in ("money", "number"):
        given = f"{name}_from=1000 and {name}_to=5000 narrow by it"
        return "has numbers and no words", f"In the address, {given}."
    if field.type == "date":
        return "has dates and no words", f"In the address, {name}=2021 or {name}_from=2021-06 narrow by it."
    if field.type == "keyword":
        return "is not searched by words", f"In the address, {name}= and a whole value narrow by it."
    return "is not searched", ""
