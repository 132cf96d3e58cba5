"""Time the making of an index: documents a second, peak memory, size, and bringing it up to date.

Every build has a process of its own and goes from .jsonl files on disk to an index on disk that can be
searched; reading and checking are included. Rounds of all engines follow each other, and the median
counts; ratios are those of processor time, which a busy machine leaves as it is. Stock Whoosh builds a
sample: it is slow, and slower still with more documents.
"""

from __future__ import annotations

import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

import click

from bench import checkouts, options
from bench.engines import CLUSTER, SLOW, Elsewhere, Engine, Updating, load, processor_elsewhere
from bench.ours import Ours
from bench.tables import Cell, Table, keep, ratio, shown
from bench.workspace import Corpus, apart, changed, few_changed, first, place_of, remove
from indexer.document import Project

# Xapian is left out: at a tenth of the others' speed it would only lengthen the wait.
PEERS = ("fts5", "tantivy", "whoosh", "cluster")
# What stock Whoosh builds; with more projects it only gets slower.
SAMPLE = 5_000
# The share of the projects that an update finds changed, and which ones.
CHANGED, SEED = 0.01, 11
KIBIBYTE, MEBIBYTE = 2**10, 2**20

Action = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class Build:
    """One full build and updates: seconds, of the clock and of processors, peak memory and size in bytes.

    `updates` are one project changed, 1 % changed and nothing changed, none where the engine cannot update.
    """

    documents: int
    full: Spent
    size: int
    updates: tuple[Spent, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one action took: seconds of the clock, of all processors together, and peak memory in bytes."""

    seconds: float
    processor: float
    peak: int


@dataclass(frozen=True, slots=True)
class Builds:
    """The rounds of one engine; figures are their medians."""

    name: str
    rounds: tuple[Build, ...]

    def rate(self) -> float:
        """Return documents a second of a full build."""
        return median(one.documents / one.full.seconds for one in self.rounds)

    def processor_rate(self) -> float:
        """Return documents a second of processor time, which a busy machine does not change."""
        return median(one.documents / one.full.processor for one in self.rounds)

    def update(self, number: int) -> float | None:
        """Return the seconds of processor time of an update, None where the engine cannot update."""
        found = [one.updates[number].processor for one in self.rounds if one.updates]
        return median(found) if found else None

    def update_peak(self) -> float | None:
        """Return the most memory of an update, in MiB, None where the engine cannot update."""
        found = [max(spent.peak for spent in one.updates) for one in self.rounds if one.updates]
        return median(found) / MEBIBYTE if found else None

    def row(self, ours: Builds, text_bytes: float) -> tuple[Cell, ...]:
        """Return the engine's row of the table; `text_bytes` is the size of a project's text."""
        full = median(one.full.processor for one in self.rounds)
        peak = median(one.full.peak for one in self.rounds) / MEBIBYTE
        size = self.rounds[0].size / (text_bytes * self.rounds[0].documents)
        one, some, nothing = map(self.update, range(3))
        share = None if some is None else some / full
        update_peak = self.update_peak()
        return (
            self.name, self.rounds[0].documents, round(self.rate()), round(self.processor_rate()),
            ratio(ours.processor_rate(), self.processor_rate()), round(peak), size, one, some, share, nothing,
            None if update_peak is None else round(update_peak),
        )  # fmt: skip


COLUMNS = (
    "engine", "projects", "projects a second", "a second of processor time", "ours is faster by", "peak MiB",
    "index / text", "one changed, s of processor time", "1 % changed, s", "of a full build",
    "nothing changed, s", "peak MiB of updates",
)  # fmt: skip


@click.command()
@options.corpora
@options.peers(*PEERS)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes of our build.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="The median counts.")
@click.option("--keep", "kept", is_flag=True, help="Leave the last round's indexes: bench.search --kept.")
@click.option("--named", default="", help="Part of the figures' name, for other peers, say.")
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another checkout: compare full builds with it, in turns, and nothing else.",
)
def main(
    corpora: list[Corpus],
    out: Path,
    names: tuple[str, ...],
    jobs: int,
    rounds: int,
    kept: bool,
    named: str,
    against: Path | None,
) -> None:
    """Time full builds and updates of each corpus, ours against its peers or another checkout."""
    if against:
        for corpus in corpora:
            found = checkouts.measure(corpus, against, jobs, rounds)
            figures = {"jobs": jobs, "seconds": found}
            keep(out, f"build-against-{corpus.name}", figures, [checkouts.table(corpus, found, jobs)])
        return
    peers, notes = load(names)
    for one in peers:
        if isinstance(one, Elsewhere):
            one.jobs = jobs
    if CLUSTER in (one.name for one in peers):
        notes.append(f"What the nodes take of their processors and disks is in the figures of {CLUSTER}.")
    for corpus in corpora:
        small = first(corpus, min(SAMPLE, corpus.projects))
        builds = measure(corpus, small, (Ours(jobs), *peers), rounds, kept)
        a_project = text_bytes(corpus) / corpus.projects
        title = f"Building and updating an index of {shown(corpus.projects)} projects, {jobs} process(es)"
        rows = tuple(one.row(builds[0], a_project) for one in builds)
        figures = {
            "jobs": jobs,
            "text_bytes_a_project": a_project,
            "builds": [asdict(one) for one in builds],
        }
        name = "-".join(["build", *([named] if named else []), corpus.name]) + (
            f"-jobs-{jobs}" if jobs > 1 else ""
        )
        keep(out, name, figures, [Table(title, COLUMNS, rows, tuple(notes))])


def measure(
    corpus: Corpus, small: Corpus, engines: Sequence[Engine], rounds: int, kept: bool = False
) -> list[Builds]:
    """Return the builds of every engine, in their order; the slow ones build `small`.

    `kept`: what the last round has built is left where `bench.search` looks for it.
    """
    found: dict[str, list[Build]] = defaultdict(list)
    for turn in range(rounds):
        for engine in engines:
            click.echo(f"{engine.name}: round {turn + 1} of {rounds}", err=True)
            built = small if engine.name in SLOW else corpus
            found[engine.name].append(build(engine, built, kept and turn == rounds - 1))
    return [Builds(name, tuple(rounds)) for name, rounds in found.items()]


def build(engine: Engine, corpus: Corpus, kept: bool = False) -> Build:
    """Build an index and, where the engine can, update it: one project changed, then 1 %, then nothing.

    `kept`: it is brought back to the corpus after that, and left where `bench.search` looks for it.
    """
    folder = corpus.place / "building"
    remove(folder)
    full = _spent(engine, engine.build, corpus.folder, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if isinstance(engine, Elsewhere):
        size += engine.stored(folder)
    updates: list[Spent] = []
    if isinstance(engine, Updating):
        edited = changed(corpus, CHANGED, SEED)
        corpora = (few_changed(corpus, 1), edited, edited)
        updates = [_spent(engine, engine.update, after.folder, folder) for after in corpora]
    if kept:
        if isinstance(engine, Updating):
            apart(engine.update, corpus.folder, folder)
        remove(place_of(corpus, engine))
        folder.rename(place_of(corpus, engine))
    remove(folder)
    return Build(corpus.projects, full, size, tuple(updates))


def _spent(engine: Engine, action: Action, corpus: Path, folder: Path) -> Spent:
    """Return what an action of an engine takes in a process of its own, and of others that work for it."""
    before = processor_elsewhere(engine)
    found = apart(_timed, action, corpus, folder)
    return replace(found, processor=found.processor + processor_elsewhere(engine) - before)


def _timed(action: Action, corpus: Path, folder: Path) -> Spent:
    began, used = time.perf_counter(), _processor_seconds()
    action(corpus, folder)
    return Spent(time.perf_counter() - began, _processor_seconds() - used, peak_memory())


def _processor_seconds() -> float:
    """Return the processor time of this process and of its workers that have ended, in seconds."""
    return sum(os.times()[:4])


def peak_memory() -> int:
    """Return the most memory, in bytes, that this process and its workers have held.

    Linux hands the peak of a parent on to the children it starts, so `getrusage` alone would show that of
    the process that measures; VmHWM begins anew with each program.
    """
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KIBIBYTE
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE + workers
    own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return own * KIBIBYTE + workers


def text_bytes(corpus: Corpus) -> int:
    """Return the size of all titles, descriptions and grantees of a corpus in UTF-8."""
    return sum(map(_text_bytes, corpus.read()))


def _text_bytes(project: Project) -> int:
    return sum(len(text.encode()) for text in (project.title, project.description, project.grantee))


if __name__ == "__main__":
    main()
