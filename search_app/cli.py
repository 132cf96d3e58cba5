"""`search-app`: start the server."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_app.config import PREFIX, ConfigError, Settings, settings_table

if TYPE_CHECKING:
    from flask import Flask

# One of a worker's threads computes at a time (see `serving.turns`); the others hold requests that wait
# for their turn, so that ordinary ones can go before those that take long, and who reads slowly.
THREADS = 64
# Connections waiting to be accepted, and open at once: counted together, so that the many slow or
# idle ones of a bad day do not keep out the rest.
BACKLOG = 4096
BACKPRESSURE = 2048
HEADER_TIMEOUT_MS = 5000
# A request line and headers longer than this are refused.
HEADER_BYTES = 16_384
# After SIGHUP an old worker goes on for this long, in which the new one gets warm: nobody waits. One that
# hangs at the end is killed.
RESPAWN_SECONDS = 5.0
KILL_SECONDS = 10
# <sysexits.h>: a service is unavailable; here the port.
UNAVAILABLE = 69
# A search makes some dozens of arrays and drops them. Left alone, glibc gives them back to the system, and
# each page of the next ones is cleared and mapped again: a tenth of a search for several words. So one heap
# serves all threads, which compute in turn; it keeps up to 64 MiB at its end; and an array has pages of its
# own from 32 MiB on, the most that may be set, which 8 bytes for each of a million projects do not reach.
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
}


def _show_settings(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(settings_table())
        context.exit()


EXIT_CODES = """\b
Exit codes:
    0  told to stop
    2  wrong usage, or a setting that cannot be used
   69  the address or the port cannot be listened on, another server has it; or the cluster refuses
"""


@click.command(epilog=EXIT_CODES)
@click.option("--host", help="Address to listen on (SEARCH_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (SEARCH_PORT).")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that answer (SEARCH_WORKERS).")
@click.option(
    "--index", type=click.Path(path_type=Path, readable=False), help="Folder of the index (SEARCH_INDEX_DIR)."
)
@click.option(
    "--help-settings",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_settings,
    help="Show every setting, its default and its meaning.",
)
def main(host: str | None, port: int | None, workers: int | None, index: Path | None) -> None:
    """Serve the search: pages and JSON API."""
    # Workers are processes of their own: they read the settings from the environment.
    for key, value in {"HOST": host, "PORT": port, "WORKERS": workers, "INDEX_DIR": index}.items():
        if value is not None:
            os.environ[PREFIX + key] = str(value)
    try:
        settings = Settings.load()
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    serve(settings)


def confirm_cluster(settings: Settings) -> None:
    """End the command with a line if the cluster refuses; one that does not answer yet is waited for."""
    from indexer.errors import ClusterError, ClusterGoneError
    from indexer.text.visible import visible
    from search_app.engine.following import ClusterEngine

    try:
        ClusterEngine.of(settings).confirm()
    except ClusterGoneError as error:
        click.echo(visible(f"search-app: {error}; pages begin when it does"), err=True)
    except ClusterError as error:
        click.echo(visible(f"search-app: {error}"), err=True)
        raise SystemExit(error.exit_code) from None


def served(settings: Settings) -> str:
    """Return where what is served comes from, as the line at the start says it."""
    if settings.backend == "embedded":
        return str(settings.index_dir)
    return f"{settings.cluster_name} in the cluster {', '.join(settings.cluster_url)}"


def settle_allocator() -> None:
    """Begin this command again, in the same process, unless its environment has all of ALLOCATOR.

    glibc reads it once, when a program starts, and workers are forked from this one.
    """
    missing = {name: value for name, value in ALLOCATOR.items() if name not in os.environ}
    if missing:
        os.environ.update(missing)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def application() -> Flask:
    """Return the application of one worker process, warm."""
    # Imported here so that --help waits for neither.
    from search_app import create_app
    from search_app.web.serving.worker import warm

    return warm(create_app())


def serve(settings: Settings, target: str = "search_app.cli:application") -> None:
    """Answer requests until told to stop; `target` names the function that makes the application."""
    settle_allocator()
    if settings.backend == "opensearch":
        confirm_cluster(settings)
    # Imported here so that --help does not wait for it.
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    from search_app.web.serving.listening import SharedServer, listen

    try:
        listener = listen(settings.host, settings.port, BACKLOG)
    except OSError as error:
        why = f"{settings.host}:{settings.port}: {error.strerror}"
        click.echo(f"Cannot listen on {why}; pass another --host or --port.", err=True)
        raise SystemExit(UNAVAILABLE) from None
    click.echo(f"Serving {served(settings)} on http://{settings.host}:{settings.port}", err=True)
    server = SharedServer(
        target,
        address=settings.host,
        port=settings.port,
        factory=True,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=HEADER_BYTES),
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=KILL_SECONDS,
    )
    server.listener = listener
    server.serve()


if __name__ == "__main__":
    main()
