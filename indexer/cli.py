"""The `reindex` command: bring the index up to the corpus, and look after what is there."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click

from indexer import analysis, errors, generation, report
from indexer.build import BuildOptions, reindex
from indexer.errors import IndexerError, RejectedError
from indexer.progress import shown
from indexer.report import Report
from indexer.schema import schema_fingerprint
from indexer.summary import summary

EXIT_CODES = """\b
Exit codes:
    0  done, or nothing to do
    1  records were rejected, with --strict
    2  wrong usage
   65  no index, a damaged one, or one of another version
   66  the corpus folder is missing or cannot be read
   74  something cannot be read or written (disk full, no permission)
   75  another reindex is running
   76  the corpus lost most of its projects; see --allow-shrink
  130  interrupted (Ctrl-C)
  143  terminated (SIGTERM)
"""
# Files are often written in several steps; a rebuild waits until they rest.
WATCH_DEBOUNCE_MS = 2_000
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the corpus is read and the index is written."""

    corpus: Path
    index: Path


@dataclass(frozen=True, slots=True)
class Run:
    """One call of `reindex`: what to do, and how to tell."""

    folders: Folders
    options: BuildOptions
    as_json: bool
    quiet: bool


def _folder(name: str, variable: str, default: str, meaning: str) -> Any:
    return click.option(
        f"--{name}", type=click.Path(path_type=Path), metavar="DIR", default=default, envvar=variable,
        show_default=True, show_envvar=True, help=meaning,
    )  # fmt: skip


@click.group(invoke_without_command=True, epilog=EXIT_CODES, context_settings={"max_content_width": 100})
@_folder("corpus", "SEARCH_CORPUS_DIR", "corpus", "Folder with the files to read.")
@_folder("index", "SEARCH_INDEX_DIR", "index", "Folder of the index.")
@click.option("--full", is_flag=True, help="Analyse everything anew, even what has not changed.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, metavar="N", help="Processes that analyse.")
@click.option("--strict", is_flag=True, help="Write nothing, and exit with 1, if a record is rejected.")
@click.option("--check", is_flag=True, help="Read and report; write nothing.")
@click.option("--allow-shrink", is_flag=True, help="Go on even if most projects would be removed.")
@click.option("--watch", is_flag=True, help="Stay, and do it again whenever the corpus changes.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.pass_context
def main(context: click.Context, /, corpus: Path, index: Path, **flags: Any) -> None:
    """Bring the search index up to the corpus, and report what changed.

    A running server picks the new index up by itself. If anything goes wrong, the old one stays.
    """
    context.obj = Folders(corpus, index)
    if context.invoked_subcommand is None:
        watch, as_json, quiet = (flags.pop(name) for name in ("watch", "as_json", "quiet"))
        run = Run(context.obj, BuildOptions(**flags), as_json, quiet)
        with _exit_codes():
            sys.exit(_watch(run) if watch else _run(run))


def _run(run: Run, *, tell_always: bool = True) -> int:
    """Do one `reindex`, tell how it went, and return the exit code."""
    with shown(quiet=run.quiet) as progress:
        try:
            found = reindex(run.folders.corpus, run.folders.index, replace(run.options, progress=progress))
        except RejectedError as error:
            _tell(error.report, run)
            raise
    if tell_always or found.written:
        _tell(found, run)
    return errors.EXIT_REJECTED if run.options.strict and found.rejected else errors.EXIT_OK


def _tell(found: Report, run: Run) -> None:
    if run.as_json:
        click.echo(report.to_json(found), nl=False)
    elif not run.quiet:
        click.echo(summary(found))


def _watch(run: Run) -> int:
    """Do a `reindex` now and after every change of the corpus, until stopped."""
    # Imported here because only this needs it.
    from watchfiles import watch

    _run(run)
    changes = watch(
        run.folders.corpus, debounce=WATCH_DEBOUNCE_MS, rust_timeout=WATCH_DEBOUNCE_MS, yield_on_timeout=True
    )
    for number, change in enumerate(changes):
        # The first time even without a change: one may have come before the watch began.
        if change or number == 0:
            with _told():
                _run(run, tell_always=False)
    return errors.EXIT_OK


@contextmanager
def _told() -> Iterator[None]:
    """Tell an error and go on."""
    try:
        yield
    except (IndexerError, OSError) as error:
        click.echo(_message(error), err=True)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """End with the documented code, and one line, whatever goes wrong; SIGTERM unwinds like Ctrl-C."""
    terminated = False

    def terminate(_signal: int, _frame: FrameType | None) -> None:
        nonlocal terminated
        terminated = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("reindex: terminated" if terminated else "reindex: interrupted", err=True)
        sys.exit(errors.EXIT_TERMINATED if terminated else errors.EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Who reads the report has seen enough; click ends quietly.
        raise
    except (IndexerError, OSError) as error:
        click.echo(_message(error), err=True)
        sys.exit(error.exit_code if isinstance(error, IndexerError) else errors.EXIT_CANNOT_WRITE)
    finally:
        signal.signal(signal.SIGTERM, before)


def _message(error: IndexerError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"reindex: {where}{error.strerror}; the index is as it was"
    return f"reindex: {error}"


_index = click.option("--index", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the index.")


def _index_dir(folders: Folders, index: Path | None) -> Path:
    return index or folders.index


@main.command()
@_index
@click.pass_obj
def verify(folders: Folders, index: Path | None) -> None:
    """Compare every file of the current generation with its checksum."""
    with _exit_codes():
        folder = generation.current(_index_dir(folders, index))
        found = generation.verify(folder)
        generation.open_segment(folder)
        click.echo(f"{folder.name}: {found.documents:,} projects, {len(found.files)} files, all as written")


@main.command()
@_index
@click.pass_obj
def info(folders: Folders, index: Path | None) -> None:
    """List the generations: projects, size and age; and the versions this command builds with."""
    with _exit_codes():
        index_dir = _index_dir(folders, index)
        generation.current(index_dir)
        for number, name in enumerate(generation.generations(index_dir)):
            click.echo(f"{'current ' if number == 0 else 'previous'}  {_described(index_dir / name)}")
        click.echo(f"analyzer {analysis.ANALYZER_VERSION}, schema {schema_fingerprint()}")


def _described(folder: Path) -> str:
    try:
        found = generation.manifest(folder)
    except IndexerError as error:
        return f"{folder.name}  {error}"
    size = sum(size for size, _ in found.files.values()) / MEGABYTE
    return f"{folder.name}  {found.documents:,} projects  {size:.1f} MB  built {_age(found.built_at)} ago"


def _age(built_at: str) -> str:
    seconds = int((datetime.now(UTC) - datetime.fromisoformat(built_at)).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if count := seconds // length:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{seconds} s"


@main.command()
@_index
@click.pass_obj
def rollback(folders: Folders, index: Path | None) -> None:
    """Make the previous generation the current one; again, and they change places once more."""
    with _exit_codes():
        name = generation.rollback(_index_dir(folders, index))
        click.echo(f"{name} is current again; the next reindex will follow the corpus")


@main.command()
@click.argument("text")
def analyze(text: str) -> None:
    """Show the tokens and terms that TEXT is indexed by."""
    click.echo(f"{'position':>8}  {'characters':>10}  {'token':<24}term")
    normal = analysis.normalise(text)
    for word in analysis.tokens(normal):
        place = f"{word.start}-{word.end}"
        click.echo(f"{word.position:>8}  {place:>10}  {word.text:<24}{analysis.stem(word.text)}")
