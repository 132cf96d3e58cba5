"""List what the product runs on: every locked library, its version, its licence, and who asks for it.

`python -m bench.licences`, then `python -m bench.report docs/operations.md`. The list is that
of `requirements.lock`, or of another with `--lock`; the licences are what the installed libraries say of
themselves.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import click

from bench.tables import FIGURES, Table, keep

LOCK = Path("requirements.lock")
COLUMNS = ("library", "version", "licence", "needed by")
# A sentence of a licence in the place of its name; the classifier says it shorter.
LONGEST = 90

_PINNED = re.compile(r"^([\w.-]+)==(\S+)[^#]*?((?:\n +#.*)+)", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "


@click.command()
@click.option("--lock", type=click.Path(exists=True, path_type=Path), default=LOCK, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=FIGURES, show_default=True, help="Figures.")
def main(lock: Path, out: Path) -> None:
    """List the locked libraries with their licences; of another lock file those that LOCK lacks."""
    own = set() if lock == LOCK else {name for name, *_ in pinned(LOCK)}
    rows = tuple(
        (name, version, licence(name), needed_by(why))
        for name, version, why in pinned(lock)
        if name not in own
    )
    libraries = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    keep(
        out,
        lock.stem.replace("requirements", "licences"),
        {"libraries": libraries},
        [Table("Libraries", COLUMNS, rows)],
    )


def pinned(lock: Path) -> list[tuple[str, str, str]]:
    """Return name, version and reason of each library in a lock file."""
    return _PINNED.findall(lock.read_text(encoding="utf-8"))


def licence(name: str) -> str:
    """Return the licence that an installed library declares."""
    try:
        declared = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return "not installed here"
    # Where the whole text stands in the place of the name, its first line is the name.
    named = str(declared.get("license_expression") or declared.get("license") or "").partition("\n")[0]
    if named and len(named) <= LONGEST:
        return named
    classifiers = declared.get("classifier", [])
    return (
        ", ".join(one.removeprefix(_CLASSIFIER) for one in classifiers if one.startswith(_CLASSIFIER))
        or "see its LICENSE file"
    )


def needed_by(comments: str) -> str:
    """Return who asks for a library, from the comments that follow it in the lock file."""
    names = [line.strip(" #").removeprefix("via").strip() for line in comments.splitlines()]
    return ", ".join(name.partition(" (")[0] for name in names if name)


if __name__ == "__main__":
    main()
