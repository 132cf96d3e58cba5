"""The work folder: corpora and the peers' indexes, made once and used again by every measurement.

    WORK/<corpus>/corpus/             part-....jsonl, as a maintainer would drop them
    WORK/<corpus>/corpus.count        how many projects they hold; written last
    WORK/<corpus>/<engine>-<version>/ an index

It can be removed at any time.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from bench.corpus import generate, read, read_parts, write_parts
from bench.engines import Engine
from bench.own_columns import with_columns
from bench.tables import shown
from indexer.corpus.record import usable_title
from indexer.document import Project

Result = TypeVar("Result")

# In the folder that the measurements stand in, and kept out of git.
WORK = Path("bench/.work")


@dataclass(frozen=True, slots=True)
class Corpus:
    """A prepared corpus: its name, its place in the work folder, and its number of projects."""

    name: str
    place: Path
    projects: int

    @property
    def folder(self) -> Path:
        """The corpus folder itself."""
        return self.place / "corpus"

    def read(self) -> Iterator[Project]:
        """Yield the projects in the order of the files."""
        return read_parts(self.folder)


def generated(work: Path, size: int) -> Corpus:
    """Return the generated corpus of `size` projects, made if it is not there yet."""
    return prepared(work / f"generated-{size}", lambda: generate(size))


def from_file(work: Path, path: Path) -> Corpus:
    """Return the corpus of a .jsonl or .jsonl.gz file, split into parts if it is not there yet.

    Projects without a usable title, which `reindex` rejects, are left out for every engine alike.
    """
    usable = (project for project in read(path) if usable_title(project.title))
    return prepared(work / path.name.partition(".")[0], lambda: usable)


def first(corpus: Corpus, size: int) -> Corpus:
    """Return the first `size` projects of a corpus as one of its own, for what is too slow for all of it."""
    place = corpus.place.with_name(f"{corpus.name}-first-{size}")
    return prepared(place, lambda: islice(corpus.read(), size))


def changed(corpus: Corpus, share: float, seed: int) -> Corpus:
    """Return a corpus in which a share of the projects, drawn by `seed`, have another description."""
    rng = random.Random(seed)
    return _extended(corpus, "changed", lambda _number: rng.random() < share)


def few_changed(corpus: Corpus, few: int) -> Corpus:
    """Return a corpus in which so many projects, evenly chosen, have another description."""
    step = max(corpus.projects // few, 1)
    chosen = {step // 2 + step * place for place in range(few)}
    return _extended(corpus, f"{few}-changed", chosen.__contains__)


def _extended(corpus: Corpus, name: str, chosen: Callable[[int], bool]) -> Corpus:
    """Return a corpus in which projects that are chosen by their numbers have another description."""

    def _projects() -> Iterator[Project]:
        for number, project in enumerate(corpus.read()):
            longer = replace(project, description=f"{project.description} Extended by one year.")
            yield longer if chosen(number) else project

    return prepared(corpus.place.with_name(f"{corpus.name}-{name}"), _projects)


def with_own_fields(corpus: Corpus) -> Corpus:
    """Return a corpus with six columns more (`bench.own_columns`)."""
    place = corpus.place.with_name(f"{corpus.name}-own-fields")
    return prepared(place, lambda: with_columns(corpus.read()))


def prepared(place: Path, projects: Callable[[], Iterator[Project]]) -> Corpus:
    """Return the corpus at a place, made of `projects` if it is not there yet."""
    count = place / "corpus.count"
    if not count.exists():
        with aside(place / "corpus") as folder:
            number = write_parts(projects(), folder)
        count.write_text(str(number))
    return Corpus(place.name, place, int(count.read_text()))


def place_of(corpus: Corpus, engine: Engine) -> Path:
    """Return where an engine's index of a corpus is kept."""
    return corpus.place / f"{engine.name.lower().replace(' ', '-')}-{engine.version}"


def index_of(corpus: Corpus, engine: Engine, *, keep: bool) -> Path:
    """Return an engine's index of a corpus: the one that there is, if `keep`, else a new one."""
    place = place_of(corpus, engine)
    if not keep or not place.exists():
        click.echo(f"{engine.name}: indexing {shown(corpus.projects)} projects", err=True)
        with aside(place) as folder:
            apart(engine.build, corpus.folder, folder)
    return place


def apart(action: Callable[..., Result], *arguments: object) -> Result:
    """Return what `action` gives in a new process.

    Spawned, not forked: nothing of this process is in its memory or its memos, nor the other way round.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(action, *arguments).result()


def remove(folder: Path) -> None:
    """Remove a folder if it is there; what is published in it is read-only."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def aside(place: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes `place` only when the block ends well."""
    folder = place.with_name(f"{place.name}.making")
    remove(folder)
    folder.mkdir(parents=True)
    yield folder
    remove(place)
    folder.rename(place)
