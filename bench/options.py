"""The options that the measuring commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from bench.tables import FIGURES
from bench.workspace import WORK, from_file, generated

Command = TypeVar("Command", bound=Callable[..., None])

# Large enough to tell engines apart, small enough that a first try takes a minute.
SIZE = 10_000


def peers(*known: str) -> Callable[[Command], Command]:
    """Give a command the option that says which of the peers it knows take part."""

    def _names(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
        given = tuple(name for name in (part.strip() for part in text.split(",")) if name)
        if unknown := [name for name in given if name not in known]:
            raise click.BadParameter(f"no peer {', '.join(unknown)}; there are {', '.join(known)}")
        return given

    return click.option(
        "--peers", "names", default=",".join(known), callback=_names, show_default=True, help='"" for none.'
    )


def cluster(shards: int, replicas: int, queries: int | None = None) -> Callable[[Command], Command]:
    """Give a command the options that say which cluster is asked, how an index lies there, and queries."""
    url = click.option(
        "--url", "urls", multiple=True, required=True, metavar="URL", help="A node; repeatable."
    )
    found = [
        url,
        click.option("--shards", type=click.IntRange(1), default=shards, show_default=True),
        click.option("--replicas", type=click.IntRange(0), default=replicas, show_default=True),
    ]
    if queries is not None:
        asked = click.IntRange(1)
        found.append(
            click.option(
                "--queries", "number", type=asked, default=queries, show_default=True, help="Of each kind."
            )
        )

    def _with_options(command: Command) -> Command:
        for option in reversed(found):
            command = option(command)
        return command

    return _with_options


def corpora(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what to measure on: `corpora`, and where to write: `out`."""

    @click.option(
        "--size", "sizes", type=click.IntRange(1), multiple=True, help="Generated projects; repeatable."
    )
    @click.option(
        "--corpus", "file", type=click.Path(exists=True, path_type=Path), help="A .jsonl or .jsonl.gz."
    )
    @click.option(
        "--work", type=click.Path(path_type=Path), default=WORK, show_default=True, help="Kept indexes."
    )
    @click.option(
        "--out", type=click.Path(path_type=Path), default=FIGURES, show_default=True, help="Figures."
    )
    @wraps(command)
    def with_corpora(sizes: tuple[int, ...], file: Path | None, work: Path, **others: object) -> None:
        chosen = [generated(work, size) for size in sizes or (() if file else (SIZE,))]
        if file:
            chosen.append(from_file(work, file))
        command(corpora=chosen, **others)

    return with_corpora
