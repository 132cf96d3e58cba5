"""Memory of a process and of all that it starts, looked at from outside while it works (Linux).

What files are mapped to is not counted, for the system takes it back when it needs it. Nothing of the process
itself waits for the looks, or hides from them in a long call.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

Result = TypeVar("Result")

# Seconds between two looks.
LOOK_EVERY = 0.02
KIBIBYTE, MEBIBYTE = 2**10, 2**20


class Look(NamedTuple):
    """What was held at a moment: seconds of the system's steady clock, and bytes."""

    moment: float
    held: int


class Stage(NamedTuple):
    """A part of the work, and when it began, in seconds of the system's steady clock."""

    name: str
    began: float


class Stages:
    """Takes down which stages a work goes through, as a `Progress` is told of them."""

    def __init__(self, first: str) -> None:
        """Begin with a stage."""
        self.gone_through = [Stage(first, time.monotonic())]

    def __call__(self, stage: str, _done: int, _total: int | None) -> None:
        """Take the news."""
        if stage != self.gone_through[-1].name:
            self.gone_through.append(Stage(stage, time.monotonic()))


def watched(action: Callable[..., Result], *arguments: object) -> tuple[Result, list[Look]]:
    """Return what `action` gives in a new process, and what that and its children held meanwhile."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        own = process.submit(os.getpid).result()
        working = process.submit(action, *arguments)
        looks = []
        while not working.done():
            looks.append(Look(time.monotonic(), sum(map(_anonymous, _family(own)))))
            wait([working], LOOK_EVERY)
        return working.result(), looks


def most_by_stage(looks: Sequence[Look], stages: Sequence[Stage]) -> dict[str, int]:
    """Return the most bytes held in each stage, beyond those when the first began; a stage may come again."""
    found = dict.fromkeys((one.name for one in stages), 0)
    beginnings = [one.began for one in stages]
    before = looks[max(bisect_right(looks, (beginnings[0], 0)) - 1, 0)].held
    for look in looks:
        if (place := bisect_right(beginnings, look.moment) - 1) >= 0:
            name = stages[place].name
            found[name] = max(found[name], look.held - before)
    return found


def _family(process: int) -> Iterator[int]:
    """Yield a process and all that it started, as far as they are still there."""
    yield process
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _family(int(child))


def _anonymous(process: int) -> int:
    """Return the bytes of memory of a process that no file is mapped to, 0 if it has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * KIBIBYTE
    return 0
