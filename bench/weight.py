"""List what an index weighs, part by part: bytes of each array for a byte of text.

`python -m bench.weight --size 100000`, then `python -m bench.report`. The text is that of titles,
descriptions and grantees, as for `bench.build`; the index is all that a first build leaves, its history too.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from bench import options
from bench.build import text_bytes
from bench.ours import Ours
from bench.tables import Table, keep, shown
from bench.workspace import Corpus, apart, remove

MEGABYTE = 1_000_000
# Parts that weigh less than this share of the text stand in one row.
SMALL = 0.005


@click.command()
@options.corpora
def main(corpora: list[Corpus], out: Path) -> None:
    """Build an index of each corpus and weigh its parts."""
    for corpus in corpora:
        parts, text = weighed(corpus), text_bytes(corpus)
        table = Table(
            f"What an index of {shown(corpus.projects)} projects weighs", COLUMNS, rows(parts, text)
        )
        keep(out, f"weight-{corpus.name}", {"text_bytes": text, "parts": parts}, [table])


COLUMNS = ("part", "MB", "of the text")


def weighed(corpus: Corpus) -> dict[str, int]:
    """Return the bytes of each part of a new index; an array or a blob is a part, under its name."""
    folder = corpus.place / "weighing"
    remove(folder)
    apart(Ours().build, corpus.folder, folder)
    parts: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file():
            parts[path.name] += path.stat().st_size
    remove(folder)
    return dict(parts.most_common())


def rows(parts: dict[str, int], text: int) -> tuple[tuple[str, float, float], ...]:
    """Return a row for each large part, the heaviest first, one for all others, and their sum."""
    large = {name: size for name, size in parts.items() if size >= SMALL * text}
    whole = sum(parts.values())
    others = {f"{len(parts) - len(large)} others": whole - sum(large.values()), "all": whole}
    return tuple((name, size / MEGABYTE, size / text) for name, size in {**large, **others}.items())


if __name__ == "__main__":
    main()
