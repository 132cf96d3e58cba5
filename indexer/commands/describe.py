"""`reindex describe`: how a file is read, as an explanation; what takes long to load is imported when run."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.errors import EXIT_OK, EXIT_REJECTED
from indexer.reporting.ending import exit_codes
from indexer.reporting.usage import Explained

if TYPE_CHECKING:
    from indexer.corpus.fields import Said
    from indexer.corpus.files.sources import Source
    from indexer.corpus.reading import Limits
    from indexer.document import Rejection
    from indexer.own_fields.extras import ExtraRows
    from indexer.reporting.description import Description

# Of the projects and the rejections of the file.
_SHOWN = 3


class File(click.Path):
    """The path of a file; whoever names a folder is told what reads one."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path; raise BadParameter where no file is."""
        if Path(value).is_dir():
            named = shlex.quote(os.fspath(value))
            self.fail(
                f"'{os.fspath(value)}' is a folder; name one of its files, or, to read all of them and write "
                f"nothing, run: reindex --corpus {named} --check",
                param,
                ctx,
            )
        return Path(os.fsdecode(super().convert(value, param, ctx)))


class OneFile(Explained):
    """A command that takes one file."""

    too_many = "name one file at a time, and put a name with blanks in quotes"


@click.command(cls=OneFile, short_help="Explain how FILE is read: columns, dates, doubts.")
@click.argument("file", type=File(exists=True, dir_okay=False, resolve_path=True))
@click.option(
    "--max-file-mb", type=click.IntRange(1, 1024), default=64, metavar="MB", envvar="SEARCH_MAX_FILE_MB",
    show_default=True, help="Largest file, as for reindex.",
)  # fmt: skip
@click.option(
    "--corpus",
    "corpus_dir",
    type=click.Path(path_type=Path),
    default="corpus",
    metavar="DIR",
    envvar="SEARCH_CORPUS_DIR",
    show_default=True,
    help="Folder whose fields.toml says what columns are called.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def describe(file: Path, max_file_mb: int, corpus_dir: Path, *, as_json: bool) -> None:
    """Explain how FILE is read: encoding, layout, dates, what each column became, and what is doubtful.

    FILE may stand anywhere. Nothing is written. Of an archive each file is explained, as JSON in a list.
    Exits with 1 if it holds no project.
    """
    from indexer.reporting.description import explained, to_json

    with exit_codes():
        found = described(file, max_file_mb, corpus_dir)
        is_one = len(found) == 1 and found[0].source.path == file.name
        if as_json:
            click.echo(to_json(found[0] if is_one else found), nl=False)
        else:
            click.echo("\n\n".join(map(explained, found)))
    sys.exit(EXIT_OK if any(one.source.projects for one in found) else EXIT_REJECTED)


def described(file: Path, max_file_mb: int, corpus_dir: Path | None = None) -> list[Description]:
    """Read a file, or all that an archive holds, and return what there is to say of each.

    The columns are called as the corpus in `corpus_dir` says, if there is one. Raises FieldsError.
    """
    from indexer.corpus.files.sources import sources_at
    from indexer.corpus.reading import Limits
    from indexer.intake.settings_files import read_fields

    limits = Limits.for_files_of(max_file_mb)
    _, said = read_fields(corpus_dir) if corpus_dir else ((), ())
    return [_described(one, limits, said) for one in sources_at(file.name, file, file.stat().st_size, limits)]


def _described(source: Source | Rejection, limits: Limits, said: Said) -> Description:
    from indexer.corpus import contents
    from indexer.corpus.reading import Reading
    from indexer.document import Project, Rejection
    from indexer.own_fields.extras import ExtraRows
    from indexer.reporting.description import Description

    reading = Reading(source.path, limits, said=said)
    records = iter([source]) if isinstance(source, Rejection) else contents.file_records(source, reading)
    projects: list[Project] = []
    rejected: list[Rejection] = []
    counts = [0, 0]
    rows = ExtraRows()
    for record in records:
        counts[isinstance(record, Rejection)] += 1
        if isinstance(record, Rejection):
            rejected += [record] if len(rejected) < _SHOWN else []
            continue
        rows.extend([record.extra])
        projects += [record] if len(projects) < _SHOWN else []
    account = reading.account
    guesses = tuple((use.name, use.guess) for use in account.columns if use.guess)
    report = account.report(source.path, *counts)
    return Description(
        report, account.publisher_source, guesses, _fields(rows), tuple(projects), tuple(rejected)
    )


def _fields(rows: ExtraRows) -> tuple[str, ...]:
    """Return what the other columns become where this file is all that there is."""
    from indexer.own_fields.declaring import declared, told

    extras = rows.all().sorted_by_name()
    columns = extras.described()
    fields = [field for field in declared(columns, extras.together, ()) if not field.derived]
    return (*told(columns, fields),)
