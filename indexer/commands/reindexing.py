"""What a call of `reindex` does: build, publish to a cluster, report; once, or whenever the corpus changes.

What takes long to load is imported where it is needed: only whoever has the lock waits for it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from indexer import errors
from indexer.commands.upkeep import Folders
from indexer.errors import IndexerError
from indexer.reporting.ending import message
from indexer.reporting.report import RejectedError
from indexer.reporting.streams import telling
from indexer.text.visible import visible

if TYPE_CHECKING:
    from indexer.build import BuildOptions
    from indexer.cluster.client import Access
    from indexer.reporting.report import Report

# Files are often written in several steps; a rebuild waits until they rest.
WATCH_DEBOUNCE_MS = 2_000
# New objects after which the garbage collector looks for cycles. A build keeps most of what it makes: with
# Python's own 700 it looks in vain for a thirtieth of the time.
COLLECTED_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of `reindex`: what to do, and how to report it."""

    folders: Folders
    options: BuildOptions
    as_json: bool
    quiet: bool
    shards: int
    replicas: int


def reindexed(call: Invocation, *, report_always: bool = True) -> int:
    """Do one `reindex`, report how it went, and return the exit code."""
    from indexer.build import reindex
    from indexer.reporting.progress import shown

    gc.set_threshold(COLLECTED_EVERY)
    publishes = None if call.options.check else call.folders.access
    if publishes:
        from indexer.commands import clustered

        # Before the work of an hour, not after it.
        clustered.confirm(publishes)
    with shown(quiet=call.quiet) as progress:
        try:
            found = reindex(call.folders.corpus, call.folders.index, replace(call.options, progress=progress))
        except RejectedError as error:
            _report(error.report, call)
            raise
    untold = None
    if report_always or found.written:
        try:
            _report(found, call)
        except OSError as error:
            # The cluster need not wait for room on the disk of a log.
            untold = error
    failed = call.options.strict and (found.rejected or found.guesses())
    if publishes and not failed:
        _publish(call, publishes)
    if untold:
        raise untold
    return errors.EXIT_REJECTED if failed else errors.EXIT_OK


def _publish(call: Invocation, access: Access) -> None:
    """Publish what is current now to the cluster."""
    from indexer.cluster.publishing import Options
    from indexer.commands import clustered
    from indexer.reporting.progress import shown

    with shown(quiet=call.quiet) as progress:
        asked = call.options
        options = Options(call.shards, call.replicas, asked.full, asked.jobs, asked.allow_shrink, progress)
        try:
            told = clustered.published(access, call.folders.index, options)
        except Exception as error:
            error.add_note("the index folder is up to date; run reindex again for the cluster")
            raise
    if not call.quiet and not call.as_json:
        with telling("the index folder and the cluster are up to date"):
            click.echo(visible(told))


def _report(found: Report, call: Invocation) -> None:
    from indexer.reporting import report
    from indexer.reporting.summary import summary

    with telling("the new generation is in place" if found.written else "the index is as it was"):
        if call.as_json:
            click.echo(report.to_json(found), nl=False)
        elif not call.quiet:
            click.echo(visible(summary(found), lines=True))


def watched(call: Invocation) -> int:
    """Do a `reindex` now and after every change of the corpus, until stopped."""
    # Imported here because only this needs it.
    from watchfiles import watch

    reindexed(call)
    changes = watch(
        call.folders.corpus, debounce=WATCH_DEBOUNCE_MS, rust_timeout=WATCH_DEBOUNCE_MS, yield_on_timeout=True
    )
    for number, change in enumerate(changes):
        # The first time even without a change: one may have come before the watch began.
        if change or number == 0:
            with _errors_reported():
                reindexed(call, report_always=False)
    return errors.EXIT_OK


@contextmanager
def _errors_reported() -> Iterator[None]:
    """Report an error and go on."""
    try:
        yield
    except (IndexerError, OSError) as error:
        click.echo(visible(message(error), lines=True), err=True)
