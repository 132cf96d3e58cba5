"""`search-app`: start the server."""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from indexer.reporting.starting import STOPPING
from indexer.reporting.usage import Explained
from search_app.config import PREFIX, ConfigError, Settings, settings_table

if TYPE_CHECKING:
    from flask import Flask

# Two of a worker's threads compute at a time (see `serving.admission.turns`). The others hold requests that
# wait, so that a quick one can go before a slow one, and connections whose clients read slowly.
THREADS = 64
# Connections waiting to be accepted, and open at once: counted together, so that the many slow or
# idle ones of a bad day do not keep out the rest.
BACKLOG = 4096
BACKPRESSURE = 2048
# Files that a process may have open: its connections, an index, the next one. Shells and systemd often give
# fewer than there may be connections.
FILES = 16_384
HEADER_TIMEOUT_MS = 5000
# A request line and headers longer than this are refused.
HEADER_BYTES = 16_384
# After SIGHUP an old worker still answers for this long once the new one does, so that nobody waits.
# An old worker that has not ended by then is killed after KILL_SECONDS more.
RESPAWN_SECONDS = 5.0
KILL_SECONDS = 10
# <sysexits.h>: a service is unavailable; here the port.
UNAVAILABLE = 69
# A search allocates some dozens of arrays and frees them. By default glibc returns that memory to the
# system, which clears and maps it again for the next arrays: a tenth of the time of a search for several
# words. With these settings all threads share one heap, which keeps up to 64 MiB free; only arrays from 32
# MiB on (the highest threshold there is) are mapped by themselves. 8 bytes for each of a million projects
# stay below it.
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
}


def _show_settings(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(settings_table())
        context.exit()


class Server(Explained):
    """The command of the server; whoever passes what belongs to reindex is told so."""

    elsewhere = dict.fromkeys(
        (
            "--corpus", "--full", "--jobs", "--strict", "--check", "--allow-shrink", "--watch",
            "--max-file-mb", "--max-run-mb", "--max-stall", "--keep-changes", "--meaning", "--cluster",
            "--shards", "--replicas", "--json", "--quiet",
        ),
        "it is an option of reindex, which builds the index; what the server takes from its environment, "
        "search-app --help-settings lists",
    )  # fmt: skip

    too_many = "to name the folder of the index, pass --index DIR"


EXIT_CODES = """\b
Exit codes:
    0  told to stop
    1  a worker failed again as soon as it was replaced; the lines before say why
    2  wrong usage, or a setting that cannot be used
   69  the address or the port cannot be listened on, another server has it; or the cluster refuses
   74  what --help or --help-settings prints cannot be written (disk full)
"""


@click.command(cls=Server, epilog=EXIT_CODES)
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
    settle_files()
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


def place(settings: Settings) -> str:
    """Return where the server listens, as it stands in an address."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def announce(settings: Settings) -> None:
    """Say on standard error what is served where, as the log is written."""
    # Imported here so that --help does not wait for it.
    from search_app.web.serving.log import told_as_json

    line = f"Serving {served(settings)} on http://{place(settings)}"
    click.echo(told_as_json(line) if settings.log_format == "json" else line, err=True)


def settle_allocator() -> None:
    """Begin this command again, in the same process, unless its environment has all of ALLOCATOR.

    glibc reads it once, when a program starts, and workers are forked from this one. Signals that stop it
    wait from the one beginning to the other.
    """
    missing = {name: value for name, value in ALLOCATOR.items() if name not in os.environ}
    if missing:
        os.environ.update(missing)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def settle_files() -> None:
    """Let this process and its workers have FILES open, or as many as the system lets them."""
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if few != resource.RLIM_INFINITY and few < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def application() -> Flask:
    """Return the application of one worker process, warm."""
    # Until it answers it is stopped at once: what a worker has from the server's own process would drop the
    # signal, and a server that has just started would wait KILL_SECONDS for it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Imported here so that --help waits for neither.
    from search_app import create_app
    from search_app.web.serving.worker import follow, warm

    return follow(warm(create_app()))


def cannot_listen(settings: Settings, error: OSError) -> NoReturn:
    """End the command with a line that says why it cannot listen."""
    why = f"{place(settings)}: {error.strerror}"
    # Each worker has a socket: of these there can be too many, whatever the port.
    other = "fewer --workers" if error.errno in (errno.EMFILE, errno.ENFILE) else "another --host or --port"
    click.echo(f"Cannot listen on {why}; pass {other}.", err=True)
    raise SystemExit(UNAVAILABLE) from None


def serve(settings: Settings, target: str = "search_app.cli:application") -> None:
    """Answer requests until told to stop; `target` names the function that makes the application."""
    settle_allocator()
    if settings.backend == "opensearch":
        confirm_cluster(settings)
    # Imported here so that --help does not wait for it.
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    from search_app.web.serving.listening import HoldingServer, listen
    from search_app.web.serving.log import of_server

    try:
        listeners = listen(settings.host, settings.port, BACKLOG, settings.workers)
    except OSError as error:
        cannot_listen(settings, error)
    announce(settings)
    server = HoldingServer(
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
        log_dictconfig=of_server(settings.log_format),
    )
    server.listeners = listeners
    server.serve()


if __name__ == "__main__":
    main()
