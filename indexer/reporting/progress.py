"""How far a `reindex` is: a bar on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, Protocol

import click

if TYPE_CHECKING:
    from tqdm import tqdm

# Between two lines about the same stage.
SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """What is told how far a stage is; `total` is None where it is not known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take the news."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """Give a progress that shows itself as fits standard error."""
    if quiet:
        yield lambda _stage, _done, _total: None
    elif sys.stderr.isatty():
        bar = _Bar()
        try:
            yield bar
        finally:
            bar.close()
    else:
        yield _Lines()


class _Bar:
    """One bar, which begins anew with each stage and disappears at the end."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[NoReturn] | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        # Imported here because only a terminal needs it.
        from tqdm import tqdm

        bar = self._bar
        if bar is None or stage != self._stage:
            self.close()
            bar = tqdm(desc=stage, total=total, unit=" projects", leave=False, file=sys.stderr)
            self._stage, self._bar = stage, bar
        bar.total = total
        bar.update(done - bar.n)

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self._bar is not None:
            self._bar.close()


class _Lines:
    """A line when a stage begins, and every few seconds while it lasts."""

    def __init__(self) -> None:
        self._stage = ""
        self._spoken = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._spoken < SECONDS_BETWEEN_LINES:
            return
        self._stage, self._spoken = stage, now
        of_total = f" of {total:,}" if total is not None else ""
        click.echo(f"{stage} {done:,}{of_total}" if done else stage, err=True)
