"""Figures of a measurement: their statistics, and the JSON and Markdown in which they are kept.

A measurement `search-100000` leaves `search-100000.json` (all figures, and the machine they are from) and
`search-100000.md` (its tables) in the folder of figures. `python -m bench.report` puts the tables into the
documents, so that no figure is ever typed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import math
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

FIGURES = Path("docs/figures")
# Whose versions decide what the figures mean.
LIBRARIES = ("numpy", "nltk", "whoosh3", "flask", "granian", "tantivy", "bm25s", "datasette")
# What a search without its page passes through.
ENGINE = ("backend", "embedded", "engine", "facets", "query", "scoring", "snippets", "words")
ROOT = Path(__file__).resolve().parents[1]
# What a measurement is of, by how its name begins. Of a library's licence or a crash no time is measured.
_READING = ("indexer/storage", "indexer/text", "search_app")
MEASURED = {
    "search-cluster": ("indexer", "search_app"),
    "search": (*_READING[:2], *(f"search_app/{room}" for room in ENGINE)),
    "profile": (*_READING[:2], *(f"search_app/{room}" for room in ENGINE)),
    "pages": _READING,
    "long-records": _READING,
    "http": _READING,
    "ranking": _READING,
    "meaning": ("indexer", "search_app"),
    "build": ("indexer",),
    "weight": ("indexer",),
    "sizing": ("indexer",),
    "own-fields": ("indexer", "search_app"),
    "cluster": ("indexer", "search_app"),
}.items()
# More digits would pretend to a precision that no machine in use has.
DIGITS = 3

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: a cell is text, a number, or None for what was not measured."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """Return the table in GitHub's Markdown, its title above and its notes below."""
        ruler = ("---", *("---:" for _ in self.columns[1:]))
        rows = [self.columns, ruler, *(tuple(shown(cell) for cell in row) for row in self.rows)]
        lines = [f"**{self.title}**", "", *(f"| {' | '.join(row)} |" for row in rows), ""]
        return "\n".join([*lines, *(f"- {note}" for note in self.notes), *([""] if self.notes else [])])


@dataclass(frozen=True, slots=True)
class Spread:
    """The median and the 95th percentile of some measurements, in their unit."""

    median: float
    p95: float
    number: int

    @classmethod
    def of(cls, measured: Sequence[float]) -> Spread:
        """Return the spread of at least one measurement."""
        return cls(float(np.median(measured)), float(np.percentile(measured, 95)), len(measured))


def shown(cell: Cell) -> str:
    """Return a cell as people read it: thousands apart, three digits, a dash for nothing."""
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell.replace("|", "\\|")
    if cell == 0 or isinstance(cell, int) or abs(cell) >= 10 ** (DIGITS - 1):
        return f"{cell:,.0f}"
    decimals = DIGITS - 1 - math.floor(math.log10(abs(cell)))
    return f"{cell:.{decimals}f}"


def ratio(peer: float | None, ours: float | None) -> str:
    """Return how many times `ours` goes into `peer`, as `12.3x`; a dash where one was not measured."""
    return f"{shown(peer / ours)}x" if ours and peer is not None else "-"


def share(part: float, whole: float) -> str:
    """Return the share that `part` is of `whole`, as `0.123`; a dash where there is no whole."""
    return shown(part / whole) if whole else "-"


def keep(out: Path, name: str, figures: Mapping[str, object], tables: Sequence[Table]) -> None:
    """Write figures and tables of the measurement `name` into `out`, and show the tables."""
    out.mkdir(parents=True, exist_ok=True)
    text = "\n".join(table.markdown() for table in tables) + f"\n{_where()}\n"
    whole = {"measurement": name, "environment": environment(), "code": code(name), **figures}
    (out / f"{name}.json").write_text(
        json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (out / f"{name}.md").write_text(text, encoding="utf-8")
    click.echo(text)


def code(name: str) -> str:
    """Return a fingerprint of the code that a measurement is of: another one, and its figures are old."""
    packages = next((own for kind, own in MEASURED if name.startswith(kind)), ())
    found = sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))
    every = hashlib.blake2b(digest_size=8)
    for path in found:
        every.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return every.hexdigest()


def environment() -> dict[str, object]:
    """Return the machine and the versions that figures were measured with."""
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{library: version for library in LIBRARIES if (version := installed(library))},
    }


def installed(library: str) -> str | None:
    """Return the version of a library, or None where it is not installed."""
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def processor() -> str:
    """Return the name of the processor as the system knows it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _where() -> str:
    known = environment()
    versions = ", ".join(
        f"{library} {known[library]}" for library in ("sqlite", *LIBRARIES) if library in known
    )
    machine = f"{known['cores']} cores of {known['processor']}, Python {known['python']}"
    return f"Measured {known['day']} on {machine}; {versions}."
