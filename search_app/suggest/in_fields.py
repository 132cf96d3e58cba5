"""Completions of a text that names a field ("title:cour"): words that something is found with there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from indexer.text.folding import fold
from search_app.results import Completion
from search_app.suggest.proposal import Found
from search_app.words.field_names import FieldNames

_NAME = re.compile(r"(?<!\w)([^\W\d_]\w*):")


def names_field(text: str, names: FieldNames) -> bool:
    """Tell whether a text has the name of a field before a colon."""
    return any(names.field(fold(found[1])) for found in _NAME.finditer(text))


def found_there(completions: Iterable[Completion], find: Callable[[str], Found]) -> tuple[Completion, ...]:
    """Return completions without the words that nothing has in the field named, and count those that stay."""
    kept = []
    for one in completions:
        total, relaxed_to = find(one.text) if one.kind == "word" else (one.count, None)
        if total and relaxed_to is None:
            kept.append(replace(one, count=total))
    return tuple(kept)
