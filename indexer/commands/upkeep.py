"""The commands that look after an index (verify, info, rollback), and analyze, which explains a text.

What they work with is imported by each: it takes long to load, and `reindex` itself needs it later or never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from indexer.errors import DamagedIndexError, IndexerError
from indexer.reporting.ending import exit_codes
from indexer.reporting.numbers import counted
from indexer.reporting.streams import telling
from indexer.reporting.usage import Explained
from indexer.storage.folder.ownership import HISTORY
from indexer.text.visible import visible

if TYPE_CHECKING:
    from indexer.cluster.client import Access
    from indexer.text.stemming import Stemming

# Entry points (see pyproject.toml): text and index folder to lines that explain the text.
EXPLAINERS = "grant_search.explainers"
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the corpus is read and the index is written, and the cluster that it is published to, if any."""

    corpus: Path
    index: Path
    access: Access | None = None


class OfIndex(Explained):
    """A command that takes no argument: what it looks after is the index."""

    too_many = "to name the folder of the index, pass --index DIR"


class OneText(Explained):
    """A command that takes one text."""

    too_many = "put a text of several words in quotes"


_index = click.option(
    "--index", type=click.Path(path_type=Path, readable=False), metavar="DIR", help="Folder of the index."
)


def own(folders: Folders, index: Path | None) -> Path:
    """Return the index folder that a command is for; raise ForeignFolderError if it is not ours."""
    from indexer.storage.folder.ownership import refuse_foreign, refuse_overlap

    index_dir = index or folders.index
    refuse_overlap(index_dir, folders.corpus)
    refuse_foreign(index_dir)
    return index_dir


@click.command(cls=OfIndex)
@_index
@click.pass_obj
def verify(folders: Folders, index: Path | None) -> None:
    """Compare every file of the current generation with its checksum."""
    from indexer.storage import generation

    with exit_codes():
        folder = generation.current(own(folders, index))
        found = generation.verify(folder)
        projects, files = counted(found.documents, "project"), counted(len(found.files), "file")
        click.echo(f"{folder.name}: {projects}, {files}, all as written")
        click.echo(_history(folder.parent))
        _also(folders, "verify", own(folders, index))


@click.command(cls=OfIndex, short_help="List the generations: projects, size, age.")
@_index
@click.pass_obj
def info(folders: Folders, index: Path | None) -> None:
    """List the generations, and the versions that this command builds with."""
    from indexer.storage import generation
    from indexer.storage.schema import schema_fingerprint
    from indexer.text import analysis

    with exit_codes():
        index_dir = own(folders, index)
        generation.current(index_dir)
        for number, name in enumerate(generation.generations(index_dir)):
            click.echo(
                f"{'current ' if number == 0 else 'previous'}  {visible(_described(index_dir / name))}"
            )
        click.echo(visible(_history(index_dir)))
        click.echo(f"analyzer {analysis.ANALYZER_VERSION}, schema {schema_fingerprint()}")
        _also(folders, "info", index_dir)


def _history(index_dir: Path) -> str:
    """Return what the history has; raise DamagedIndexError if it is damaged."""
    from indexer.storage.history import journal
    from indexer.storage.history.known import known_of
    from indexer.storage.history.moments import time_of

    found = journal.read(index_dir)
    if found.damage:
        raise DamagedIndexError(
            f"{index_dir / HISTORY} is damaged ({found.damage}); restore it from a backup: the next reindex "
            "that writes puts it aside and goes on with what stands before the damage"
        )
    known = known_of(found.records)
    since = time_of(known.since)
    if since is None:
        return "history: none yet; the next reindex begins it"
    projects = counted(len(known.hashes), "project")
    return f"history: {projects} since {since:%Y-%m-%d}, {found.size / MEGABYTE:.1f} MB"


def _described(folder: Path) -> str:
    from indexer.storage.folder.manifest import read_manifest

    try:
        found = read_manifest(folder)
    except IndexerError as error:
        return f"{folder.name}  {error}"
    size = sum(size for size, _ in found.files.values()) / MEGABYTE
    projects = counted(found.documents, "project")
    told = f"{folder.name}  {projects}  {size:.1f} MB  built {_age(found.built_at)} ago"
    return f"{told}{_model(folder)}"


def _model(folder: Path) -> str:
    """Return which model made the vectors of a generation, as `info` says it; "" without vectors."""
    from indexer.storage.arrays.mapping import map_array, map_bytes
    from indexer.storage.arrays.text_tables import Texts

    try:
        names = Texts(map_bytes(folder / "vector_model.bin"), map_array(folder / "vector_model_sizes.npy"))
        return f"  vectors of {names[0]}" if len(names) else ""
    except (OSError, ValueError, IndexError):
        return "  vectors that cannot be read"


def _age(built_at: str) -> str:
    from indexer.storage.days import now

    seconds = int((now() - datetime.fromisoformat(built_at)).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if count := seconds // length:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{seconds} s"


@click.command(cls=OfIndex, short_help="Make the previous generation the current one.")
@_index
@click.pass_obj
def rollback(folders: Folders, index: Path | None) -> None:
    """Make the previous generation the current one; once more undoes it."""
    from indexer.storage import generation

    with exit_codes():
        name = generation.rollback(own(folders, index))
        with telling(f"{name} is current again"):
            click.echo(f"{name} is current again; the next reindex will follow the corpus")
        _also(folders, "rollback", own(folders, index))


def _also(folders: Folders, task: Literal["verify", "info", "rollback"], index_dir: Path) -> None:
    """Do the same for the cluster, if there is one, and print what it says."""
    if folders.access is not None:
        from indexer.commands import clustered

        for line in clustered.TASKS[task](folders.access, index_dir):
            click.echo(visible(line))


@click.command(cls=OneText, short_help="Show how TEXT becomes words and terms, and what a search tries.")
@_index
@click.argument("text")
@click.pass_obj
def analyze(folders: Folders, index: Path | None, text: str) -> None:
    """Show the tokens and terms of TEXT, and the variants that a search for it also tries."""
    from importlib.metadata import entry_points

    from indexer.text import analysis
    from indexer.text.surface import shown

    with exit_codes():
        stem = _stemming(index or folders.index).stem
        click.echo(f"{'position':>8}  {'characters':>10}  {'token':<24}term")
        normal = analysis.normalise(text)
        for word in analysis.tokens(normal):
            characters = f"{word.start}-{word.end}"
            token = f"({shown(word.text)})" if word.kind == "inner" else word.text
            click.echo(visible(f"{word.position:>8}  {characters:>10}  {token:<24}{stem(word.text)}"))
        # What a search makes of a text is known to the read path, which registers itself in this group.
        for explainer in entry_points(group=EXPLAINERS):
            for line in explainer.load()(normal, index or folders.index):
                click.echo(visible(line))


def _stemming(index_dir: Path) -> Stemming:
    """Return how the current index gives words their terms, or how one without rules of a corpus would."""
    from indexer.storage import generation
    from indexer.text import word_rules
    from indexer.text.stemming import stemming

    try:
        rules = generation.open_segment(generation.current(index_dir)).word_rules
    except IndexerError:
        return stemming()
    return stemming(word_rules.parse("\n".join(rules)).stem_lines)
