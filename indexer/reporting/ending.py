"""How a command ends: with the documented exit code and one line, whatever went wrong."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from indexer import errors
from indexer.errors import IndexerError
from indexer.reporting.starting import REINDEX, heeded
from indexer.text.visible import visible

EXIT_CODES = """\b
Exit codes:
    0  done, or nothing to do
    1  records were rejected or guessed, with --strict; describe found no project
    2  wrong usage, or a setting that cannot be used
   65  no index, a damaged one, or one of another version
   66  the corpus folder is missing or cannot be read
   69  the cluster does not answer, or refuses
   70  a fault of the program, or not enough memory; the line names it
   74  something cannot be read or written (disk full, no permission)
   75  another reindex is running
   76  the corpus lost most of its projects; see --allow-shrink
   78  the index folder holds what reindex did not make, or meets the corpus folder
  130  interrupted (Ctrl-C)
  143  terminated (SIGTERM)
"""


@contextmanager
def exit_codes() -> Iterator[None]:
    """End with the documented code, and one line, whatever goes wrong; SIGTERM unwinds like Ctrl-C."""
    stopped_by: int | None = None

    def _stop(number: int, _frame: FrameType | None) -> None:
        nonlocal stopped_by
        stopped_by = number
        raise KeyboardInterrupt

    stopping = heeded()
    before = {one: signal.signal(one, _stop) for one in stopping}
    try:
        yield
    except BrokenPipeError:
        # Who reads the report has seen enough; click ends quietly.
        raise
    except (KeyboardInterrupt, Exception) as error:
        # A library may have made another exception of the one that stops: it is stopped all the same.
        if stopped_by is None and isinstance(error, Exception):
            _end_for(error)
        # Whoever presses Ctrl-C once more changes nothing: it is stopped, and ends with its code.
        for one in stopping:
            signal.signal(one, signal.SIG_IGN)
        line, code = REINDEX[signal.Signals(stopped_by or signal.SIGINT)]
        click.echo(line, err=True)
        sys.exit(code)
    finally:
        if stopped_by is None:
            for one, handler in before.items():
                signal.signal(one, handler)


def _end_for(error: Exception) -> NoReturn:
    """Say what went wrong, and end with its code."""
    if isinstance(error, IndexerError | OSError):
        click.echo(visible(message(error), lines=True), err=True)
        sys.exit(error.exit_code if isinstance(error, IndexerError) else errors.EXIT_CANNOT_WRITE)
    # A fault of ours: where it is, for whoever looks for it, stands in the line as well.
    click.echo(visible(f"reindex: {_fault(error)}; {_state_after(error)}"), err=True)
    sys.exit(errors.EXIT_FAULT)


def end_with_command() -> None:
    """Have this process, which a command started to work for it, end when that does, however it does."""
    # Ctrl-C reaches every process of the terminal; the first one decides how all of them end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the process that started this one; after a `kill -9` nobody else tells."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _fault(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    if isinstance(error, MemoryError):
        return f"not enough memory, at {where}"
    return ": ".join(
        filter(None, [f"unexpected {type(error).__name__} at {where}", " ".join(str(error).split())])
    )


def message(error: IndexerError | OSError) -> str:
    """Return the line that says what went wrong."""
    return " ".join(_told(error).splitlines())


def _told(error: IndexerError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        # What was done need not be run again, if there is a note that it was.
        remedy = "" if _notes(error) else errors.remedy(error)
        told = (f"{where}{error.strerror}", _state_after(error), remedy)
        return f"reindex: {'; '.join(filter(None, told))}"
    if isinstance(error, OSError):
        # NumPy tells only how much it could not write.
        return f"reindex: the disk is full or failing ({error}); {_state_after(error)}"
    return "; ".join([f"reindex: {error}", *_notes(error)])


def _state_after(error: Exception) -> str:
    """Return how an error leaves the index: as it was, unless a note at it says otherwise."""
    return "; ".join(_notes(error)) or "the index is as it was"


def _notes(error: Exception) -> list[str]:
    return getattr(error, "__notes__", [])
