"""Projects of any number, made from a seed: the same number and seed give the same projects.

`python -m bench.corpus --size 100000 --out projects.jsonl` writes them as a maintainer would drop them
into a corpus folder. Descriptions have about 90 words, titles 8; a project takes up words again, as real
ones do; there is a grantee for every 20 projects, and a few have very many; 3 % lack a date.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from bench.lexicon import FUNCTION_WORDS, Lexicon, grantee_names, lexicons, zipf
from indexer.document import Project

SEED = 20_260_101
DESCRIPTION_WORDS = (60, 120)
TITLE_WORDS = (5, 11)
# About the share of a, the, of, and ... in English prose; titles have fewer.
PROSE_FUNCTION_SHARE, TITLE_FUNCTION_SHARE = 0.38, 0.2
SENTENCE_WORDS = 18
# How often a word is one of the first of its project again: what a project is about, it repeats.
ECHO_SHARE, ECHOED = 0.15, 12
PROJECTS_PER_GRANTEE = 20
FIRST_DAY, LAST_DAY = date(1995, 1, 1).toordinal(), date(2030, 12, 31).toordinal()
DAYS_RUNNING = (180, 2200)
UNKNOWN_DATES = 0.03
# Drawn at a time: bounds the memory of the drawing, whatever the number of projects.
BATCH = 2_000
# A part of a corpus folder stays far below the size at which `reindex` refuses a file.
PART = 50_000

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Source:
    rng: np.random.Generator
    prose: Lexicon
    titles: Lexicon
    grantees: list[str]


def generate(size: int, seed: int = SEED) -> Iterator[Project]:
    """Yield `size` projects; the same arguments give the same projects."""
    rng = np.random.default_rng(seed)
    prose, titles = lexicons(rng, PROSE_FUNCTION_SHARE, TITLE_FUNCTION_SHARE)
    names = grantee_names(rng, max(1, size // PROJECTS_PER_GRANTEE))
    source = _Source(rng, prose, titles, names)
    for first in range(0, size, BATCH):
        yield from _batch(source, first, min(BATCH, size - first))


def _batch(source: _Source, first: int, size: int) -> Iterator[Project]:
    descriptions = _texts(source.rng, source.prose, size, DESCRIPTION_WORDS)
    titles = _texts(source.rng, source.titles, size, TITLE_WORDS)
    chances = np.cumsum(zipf(len(source.grantees), 1.0, 2.0))
    grantees = np.searchsorted(chances[:-1], source.rng.random(size)).tolist()
    dates = _dates(source.rng, size)
    for place, (title, words, grantee, (start, end)) in enumerate(
        zip(titles, descriptions, grantees, dates, strict=True)
    ):
        heading = _heading(title, words)
        yield Project(f"gp-{first + place:07d}", heading, _prose(words), source.grantees[grantee], start, end)


def _texts(rng: np.random.Generator, words: Lexicon, size: int, between: tuple[int, int]) -> list[list[str]]:
    lengths = rng.integers(between[0], between[1] + 1, size)
    ends = np.cumsum(lengths)
    drawn = words.draw(rng, int(ends[-1]))
    _echo(rng, drawn, np.repeat(ends - lengths, lengths))
    units = words.units[drawn].tolist()
    return [units[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)]


def _echo(rng: np.random.Generator, drawn: Ints, starts: Ints) -> None:
    again = np.flatnonzero(rng.random(len(drawn)) < ECHO_SHARE)
    echoed = starts[again] + rng.integers(ECHOED, size=len(again))
    drawn[again] = drawn[np.minimum(echoed, again)]


def _heading(title: list[str], description: list[str]) -> str:
    # Two words come from the description: a title says what the text is about.
    topic = [word for word in description[:ECHOED] if word not in FUNCTION_WORDS][:2]
    return " ".join(word[0].upper() + word[1:] for word in (*title[2:], *topic))


def _prose(words: list[str]) -> str:
    sentences = (
        " ".join(words[first : first + SENTENCE_WORDS]) for first in range(0, len(words), SENTENCE_WORDS)
    )
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)


def _dates(rng: np.random.Generator, size: int) -> Iterator[tuple[date | None, date | None]]:
    starts = rng.integers(FIRST_DAY, LAST_DAY - DAYS_RUNNING[0], size)
    ends = np.minimum(starts + rng.integers(*DAYS_RUNNING, size), LAST_DAY)
    unknown = (rng.random(size) < UNKNOWN_DATES) * rng.integers(1, 4, size)
    for start, end, lacking in zip(starts.tolist(), ends.tolist(), unknown.tolist(), strict=True):
        yield (
            None if lacking & 1 else date.fromordinal(start),
            None if lacking & 2 else date.fromordinal(end),
        )


def read(path: Path) -> Iterator[Project]:
    """Yield the projects of a .jsonl or .jsonl.gz file with the keys of `row`."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            start, end = (
                date.fromisoformat(day) if day else None for day in (row["start_date"], row["end_date"])
            )
            yield Project(row["id"], row["title"], row["description"], row["grantee"], start, end)


def row(project: Project) -> dict[str, str | None]:
    """Return a project as a line of a .jsonl file has it; dates are ISO days."""
    return {
        "id": project.id,
        "title": project.title,
        "description": project.description,
        "start_date": project.start.isoformat() if project.start else None,
        "end_date": project.end.isoformat() if project.end else None,
        "grantee": project.grantee,
        **dict(project.extra),
    }


def write(projects: Iterable[Project], path: Path) -> int:
    """Write projects as JSON lines and return their number."""
    number = 0
    with path.open("w", encoding="utf-8") as lines:
        for project in projects:
            lines.write(json.dumps(row(project), ensure_ascii=False) + "\n")
            number += 1
    return number


def write_parts(projects: Iterable[Project], folder: Path) -> int:
    """Write a corpus folder of files with `PART` projects each and return the number of projects."""
    folder.mkdir(parents=True, exist_ok=True)
    remaining, written = iter(projects), 0
    while number := write(islice(remaining, PART), path := folder / f"part-{written:08d}.jsonl"):
        written += number
    path.unlink()
    return written


def read_parts(folder: Path) -> Iterator[Project]:
    """Yield the projects of a corpus folder that `write_parts` wrote, in their order."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from read(path)


@click.command()
@click.option("--size", type=click.IntRange(1), required=True, help="Number of projects.")
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same projects."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The .jsonl to write."
)
def main(size: int, seed: int, out: Path) -> None:
    """Write a corpus of generated projects."""
    click.echo(f"{write(generate(size, seed), out):,} projects in {out}")


if __name__ == "__main__":
    main()
