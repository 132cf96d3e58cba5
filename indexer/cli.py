"""The `reindex` command: bring the index up to the corpus, and look after what is there.

What takes long to load is imported where it is needed: only whoever has the lock waits for it.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

import click

from indexer.commands.describe import describe
from indexer.commands.reindexing import Invocation, reindexed, watched
from indexer.commands.upkeep import Folders, analyze, info, rollback, verify
from indexer.reporting.ending import EXIT_CODES, exit_codes
from indexer.reporting.starting import REINDEX, loading
from indexer.reporting.usage import Explained
from indexer.storage.folder.lock import lock
from indexer.storage.folder.ownership import refuse_overlap

if TYPE_CHECKING:
    from indexer.build import BuildOptions
    from indexer.cluster.client import Access

# What the environment says of the access to a cluster: the same as it does to the server.
ACCESS_VARIABLES = {
    "name": "SEARCH_CLUSTER_NAME",
    "user": "SEARCH_CLUSTER_USER",
    "password": "SEARCH_CLUSTER_PASSWORD",
    "ca_file": "SEARCH_CLUSTER_CA_FILE",
    "client_certificate": "SEARCH_CLUSTER_CERTIFICATE",
}

# What is often taken for a command, and what to type for it.
_NO_COMMANDS = {
    **dict.fromkeys(
        ("reindex", "index", "build", "update", "run"), "to bring the index up to date, run: reindex"
    ),
    **dict.fromkeys(("serve", "server", "start", "search-app"), "to start the server, run: search-app"),
    **dict.fromkeys(("search", "find", "query"), "to search, start the server: search-app"),
    "check": "to read the corpus and write nothing, run: reindex --check",
    "help": "to see all commands and options, run: reindex --help",
}

Decorated = TypeVar("Decorated", bound=Callable[..., object])


class Flags(TypedDict):
    """The switches of the command as click gives them."""

    full: bool
    jobs: int
    strict: bool
    check: bool
    allow_shrink: bool
    watch: bool
    max_file_mb: int
    max_run_mb: int
    max_stall: int
    keep_changes: int
    meaning: str
    as_json: bool
    quiet: bool
    shards: int
    replicas: int
    cluster: tuple[str, ...]


def _folder(name: str, variable: str, default: str, meaning: str) -> Callable[[Decorated], Decorated]:
    # A folder that may not be read is told by `reindex` itself, with its own exit code.
    return click.option(
        f"--{name}",
        type=click.Path(path_type=Path, readable=False),
        metavar="DIR",
        default=default,
        envvar=variable,
        show_default=True,
        show_envvar=True,
        help=meaning,
    )


class Commands(Explained, click.Group):
    """The commands; whoever gives a folder or a file in the place of one is told how to pass it."""

    elsewhere = dict.fromkeys(
        ("--host", "--port", "--workers", "--help-settings"),
        "it is an option of search-app, which starts the server",
    )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with; raise UsageError that says how to pass a path."""
        named = args[0]
        if self.get_command(ctx, named) is None and os.path.lexists(named):
            meant = (
                f"to read this folder, pass --corpus {shlex.quote(named)}"
                if Path(named).is_dir()
                else f"to see how this file is read, run: reindex describe {shlex.quote(named)}"
            )
            ctx.fail(f"No such command '{named}'; {meant}")
        if named in _NO_COMMANDS:
            ctx.fail(f"No such command '{named}'; {_NO_COMMANDS[named]}")
        if os.sep in named and self.get_command(ctx, named) is None:
            ctx.fail(f"No such command '{named}', and no such file or folder")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands, invoke_without_command=True, epilog=EXIT_CODES, context_settings={"max_content_width": 100}
)
@_folder("corpus", "SEARCH_CORPUS_DIR", "corpus", "Folder with the files to read.")
@_folder("index", "SEARCH_INDEX_DIR", "index", "Folder of the index.")
@click.option(
    "--full",
    is_flag=True,
    help="Analyse everything anew, and send it to the cluster, changed or not.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Processes that analyse, and that send to a cluster.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Write nothing, and exit with 1, if a record is rejected, or an encoding or order of dates guessed.",
)
@click.option("--check", is_flag=True, help="Read and report; write nothing.")
@click.option("--allow-shrink", is_flag=True, help="Go on even if most projects would be removed.")
@click.option("--watch", is_flag=True, help="Stay, and reindex again whenever the corpus changes.")
@click.option(
    "--max-file-mb", type=click.IntRange(1, 1024), default=64, metavar="MB", envvar="SEARCH_MAX_FILE_MB",
    show_default=True, show_envvar=True,
    help="Largest file; four times that for .jsonl, .csv, .json and .xml, an eighth for .html.",
)  # fmt: skip
@click.option(
    "--max-run-mb", type=click.IntRange(16, 1_048_576), default=1024, metavar="MB",
    envvar="SEARCH_MAX_RUN_MB", show_default=True, show_envvar=True,
    help="Memory for the projects of a run (1 MB for about a thousand), however many files they are from.",
)  # fmt: skip
@click.option(
    "--max-stall", type=click.IntRange(1, 3600), default=30, metavar="SECONDS",
    envvar="SEARCH_MAX_STALL_SECONDS", show_default=True, show_envvar=True,
    help="Processor time to wait for slow records, over all files; each has 2 s, and 3 s a MB, beside that.",
)  # fmt: skip
@click.option(
    "--keep-changes", type=click.IntRange(0, 36_500), default=365, metavar="DAYS",
    envvar="SEARCH_KEEP_CHANGES_DAYS", show_default=True, show_envvar=True,
    help="Days to keep each addition, change and removal; when a project was first seen is kept for good.",
)  # fmt: skip
@click.option(
    "--meaning", metavar="MODEL", default="", envvar="SEARCH_MEANING", show_envvar=True,
    help="Also give each project a vector of what it means: wordllama, or a folder with an ONNX model.",
)  # fmt: skip
@click.option(
    "--cluster", multiple=True, metavar="URL", envvar="SEARCH_CLUSTER_URL", show_envvar=True,
    help="Publish to this OpenSearch cluster as well; its nodes, separated by commas.",
)  # fmt: skip
@click.option(
    "--shards", type=click.IntRange(1, 1024), default=1, metavar="N", envvar="SEARCH_CLUSTER_SHARDS",
    show_default=True, show_envvar=True, help="Shards of a new index in the cluster.",
)  # fmt: skip
@click.option(
    "--replicas", type=click.IntRange(0, 16), default=1, metavar="N", envvar="SEARCH_CLUSTER_REPLICAS",
    show_default=True, show_envvar=True, help="Copies of each shard on other nodes.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.pass_context
def main(context: click.Context, /, corpus: Path, index: Path, **flags: Unpack[Flags]) -> None:
    """Bring the search index up to the corpus, and report what changed.

    A running server picks the new index up by itself. If anything goes wrong, the old one stays.
    """
    context.obj = Folders(corpus, index, _access(flags["cluster"]))
    if context.invoked_subcommand is None:
        with exit_codes():
            refuse_overlap(index, corpus)
            # Tried before the rest is loaded: of eight at once, seven would load it for a second in vain.
            with contextlib.nullcontext() if flags["check"] else lock(index), loading(REINDEX):
                options = _options(flags)
            call = Invocation(
                context.obj,
                options,
                flags["as_json"],
                flags["quiet"],
                flags["shards"],
                flags["replicas"],
            )
            sys.exit(watched(call) if flags["watch"] else reindexed(call))


def _options(flags: Flags) -> BuildOptions:
    from indexer.build import BuildOptions
    from indexer.corpus.reading import Limits

    return BuildOptions(
        full=flags["full"],
        jobs=flags["jobs"],
        strict=flags["strict"],
        check=flags["check"],
        allow_shrink=flags["allow_shrink"],
        keep_changes=flags["keep_changes"],
        limits=Limits.for_files_of(flags["max_file_mb"], flags["max_run_mb"], flags["max_stall"]),
        meaning=flags["meaning"],
    )


def _access(urls: Sequence[str]) -> Access | None:
    """Return how the cluster of an address list is reached, None for none; the rest is in the environment."""
    nodes = tuple(one.strip() for url in urls for one in url.split(",") if one.strip())
    if not nodes:
        return None
    from indexer.cluster.client import Access

    return Access(
        nodes,
        **{field: os.environ[name] for field, name in ACCESS_VARIABLES.items() if os.environ.get(name)},
    )


for command in (describe, verify, info, rollback, analyze):
    main.add_command(command)
