"""Completions with how many projects the search for each finds: what is promised is what is found.

A word is ranked by its use, but what is typed before it may say more than that both are there: the field
that it is looked for in ("title:cou"), quotes around it, an operator ("mexico -cou").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from search_app.results import Completion


def counted(
    completions: Iterable[Completion], totals: Callable[[Sequence[str]], Sequence[int]]
) -> tuple[Completion, ...]:
    """Return completions with the `totals` of those that are searched, without those that find nothing."""
    offered = list(completions)
    words = [number for number, one in enumerate(offered) if one.kind == "word"]
    found = totals([offered[number].text for number in words]) if words else ()
    for number, total in zip(words, found, strict=True):
        offered[number] = replace(offered[number], count=total)
    return tuple(one for one in offered if one.count)
