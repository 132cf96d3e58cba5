"""Measure how much more memory `reindex` to a cluster takes with more projects: stage by stage, size by size.

`python -m bench.publishing_memory --size 20000 --size 100000 --url http://127.0.0.1:9200`. Building the index
folder and publishing it have a process of their own each, as has each size. What a project takes is the
growth between the last two sizes, and fifty million are reckoned by that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bench import options
from bench.memory import MEBIBYTE, Stage, Stages, most_by_stage, watched
from bench.publishing import publication
from bench.tables import Table, keep
from bench.workspace import Corpus, aside
from indexer.build import BuildOptions, reindex
from indexer.cluster.client import Access
from indexer.cluster.publishing import Options

# What is published is called so in the cluster, and its index folder so beside the corpus: both stay.
NAME, INDEX = "publishing-memory", "publishing-memory-index"
PROJECTED = 50_000_000
GIGABYTE = 1e9
BUILDING = "building the index folder"
# What the stages of a publication are called in the table, in their order.
STAGES = {
    "reading": "reading when projects were seen",
    "sending words": "sending words and names",
    "sending changes": "sending what happened to projects",
    "sending vectors": "sending vectors",
    "sending": "sending projects",
    "settling": "waiting for the cluster",
}
AT_MOST = "publishing, at most"


@dataclass(frozen=True, slots=True)
class Held:
    """The bytes that were held at most with so many projects, in each stage of publishing and in building."""

    projects: int
    building: int
    stages: Mapping[str, int]

    def rows(self) -> dict[str, int]:
        """Return the bytes by what the table calls them."""
        named = {STAGES[name]: held for name, held in self.stages.items()}
        return {**named, AT_MOST: max(self.stages.values()), BUILDING: self.building}


@click.command()
@options.corpora
@options.cluster(shards=1, replicas=0)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that send.")
@click.option("--meaning", metavar="MODEL", default="", help="With vectors of this model.")
def main(
    corpora: list[Corpus],
    out: Path,
    urls: Sequence[str],
    shards: int,
    replicas: int,
    jobs: int,
    meaning: str,
) -> None:
    """Build and publish each corpus, and show what memory grows by from one to the next."""
    access = Access(tuple(urls), NAME)
    sizes = sorted(corpora, key=lambda one: one.projects)
    published = Options(shards, replicas, full=True, jobs=jobs)
    found = [measure(one, access, published, meaning) for one in sizes]
    name = (
        "cluster-publishing-memory" + (f"-jobs-{jobs}" if jobs > 1 else "") + ("-meaning" if meaning else "")
    )
    keep(out, name, {"jobs": jobs, "sizes": [asdict(one) for one in found]}, [_table(found, jobs)])


def measure(corpus: Corpus, access: Access, published: Options, meaning: str = "") -> Held:
    """Return what is held while a corpus is built, with vectors of a model if one is named, and published."""
    index = corpus.place / INDEX
    with aside(index) as folder:
        stages, looks = watched(_built, corpus.folder, folder, meaning)
    return Held(
        corpus.projects,
        max(most_by_stage(looks, stages).values()),
        publication(index, access, published).held,
    )


def _built(corpus: Path, index: Path, meaning: str) -> list[Stage]:
    stages = Stages(BUILDING)
    reindex(corpus, index, BuildOptions(meaning=meaning))
    return stages.gone_through


def _table(found: Sequence[Held], jobs: int) -> Table:
    rows = [one.rows() for one in found]
    stages = [name for name in STAGES.values() if name in rows[-1]]
    projected = {name: _projected(found, name) for name in (*stages, BUILDING)}
    if len(found) > 1:
        # Of 50 million another stage may hold the most.
        grown, held = zip(*(projected[name] for name in stages), strict=True)
        projected[AT_MOST] = max(grown), max(held)
    return Table(
        f"Memory held, MiB, with {jobs} process(es) that send",
        ("", *(f"{one.projects:,} projects" for one in found), "bytes a project", "50 million, GB"),
        tuple(
            (name, *(row.get(name, 0) / MEBIBYTE for row in rows), *projected.get(name, (None, None)))
            for name in (*stages, AT_MOST, BUILDING)
        ),
        (
            "Beyond what the process held before it began, without what files are mapped to.",
            "Bytes a project are the growth between the last two sizes, and 50 million are reckoned by it.",
        ),
    )


def _projected(found: Sequence[Held], name: str) -> tuple[float, float] | tuple[None, None]:
    """Return the bytes that one more project takes, and the gigabytes of 50 million; None for one size."""
    if len(found) < 2:
        return None, None
    (before, last), (held_before, held) = found[-2:], (one.rows().get(name, 0) for one in found[-2:])
    grown = max((held - held_before) / (last.projects - before.projects), 0.0)
    return grown, (held + grown * (PROJECTED - last.projects)) / GIGABYTE


if __name__ == "__main__":
    main()
