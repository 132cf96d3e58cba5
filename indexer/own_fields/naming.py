"""What a field of a corpus is called in parameters: its column's name, but none that means something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from indexer.storage.own_fields import OwnField

# The names that no field may have: they mean something else in an address, an answer or a query.
# The read path is not imported here; a test holds this list against its parameters.
# Parameters of a search and of the pages:
_PARAMETERS = """
q op expand explain sort page per_page facets as_of status status_not grantee grantee_not active_from
active_to active_on start_from start_to end_from end_to active_year start_year end_year added_from
added_to changed_from changed_to date_mode from to view columns chart find listed meaning format
"""
# Fields of a query, members of a project and of an answer, and columns of an export:
_MEMBERS = """
id title description start end start_date end_date score url matched fields totals total related relaxed
added changed source any
"""
RESERVED = frozenset((_PARAMETERS + _MEMBERS).split())


def name_of(label: str) -> str:
    """Return the name in parameters of a column: "Año fiscal" -> "ano_fiscal"."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return name if name[:1].isalpha() else f"column_{name}".rstrip("_")


def labelled(fields: Sequence[OwnField]) -> Iterator[OwnField]:
    """Give each field whose column has a name for programs one for people: "award_type" -> "Award type".

    Two that would be called alike stay as they are.
    """
    labels = [_readable(field.label) for field in fields]
    for field, label in zip(fields, labels, strict=True):
        yield replace(field, label=label) if labels.count(label) == 1 else field


def _readable(label: str) -> str:
    text = re.sub(r"(?<=\w)[_.]+(?=\w)", " ", label)
    return text[:1].upper() + text[1:] if text == text.lower() else text


def named_apart(fields: Iterable[OwnField], reserved: Collection[str]) -> Iterator[OwnField]:
    """Give each field a name of its own that is no parameter's."""
    taken = set(reserved)
    for field in fields:
        name = f"column_{field.name}" if field.name in taken else field.name
        number = 2
        while name in taken:
            name, number = f"column_{field.name}_{number}", number + 1
        taken |= {name, *parameters_of(name)}
        yield replace(field, name=name)


def parameters_of(name: str) -> tuple[str, ...]:
    """Return the parameters that a field may have beside its own name."""
    return f"{name}_not", f"{name}_from", f"{name}_to"
