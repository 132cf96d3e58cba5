"""One guard around every reader: whatever it raises, however long it is silent, ends its file alone.

The readers are linear in the bytes of a file; the guard is for what nobody thought of. It gives each file
the time that its size is worth, and a run some more, once, for all its files together. Time is that of the
processor: a busy machine takes nothing away.
"""

from __future__ import annotations

import errno
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from indexer.corpus.files.opening import why_unreadable
from indexer.corpus.reading import MEGABYTE, Event, last_line
from indexer.corpus.texts import storable
from indexer.document import Rejection

# A file with more bad records than this is no corpus file.
MOST_REJECTED = 100_000
# Processor time that a file may take to its next record: so many seconds, and so many more for each
# megabyte.
FAIR_SECONDS, FAIR_SECONDS_PER_MB = 2.0, 3.0
# Faults of the machine, not of a file: they end the run, and the index stays as it was.
_OURS = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.EROFS])


class StalledError(Exception):
    """A reader took too long to come to its next record."""


class Patience:
    """The seconds that a run may wait for records beyond what is fair, over all its files."""

    def __init__(self, seconds: float) -> None:
        """Begin with all of them."""
        self.left = seconds

    @contextmanager
    def waiting(self, size: int) -> Iterator[None]:
        """Wait for the next record of a file of `size` bytes; raise StalledError if that takes too long."""
        fair = FAIR_SECONDS + FAIR_SECONDS_PER_MB * size / MEGABYTE
        begun = time.process_time()
        try:
            with _alarm(fair + self.left):
                yield
        finally:
            self.left = max(self.left - max(time.process_time() - begun - fair, 0.0), 0.0)


def guarded(events: Iterator[Event], path: str, size: int, patience: Patience) -> Iterator[Event]:
    """Yield what a reader yields; whatever it raises becomes a rejection with the line that it had reached.

    OSError of a full or failing disk of our own is raised: it is no fault of the file.
    """
    rejected = line = 0
    try:
        while True:
            with patience.waiting(size):
                event = next(events, None)
            if event is None:
                return
            line = last_line(event) or line
            yield _storable(event) if isinstance(event, Rejection) else event
            if isinstance(event, Rejection):
                rejected += 1
                if rejected == MOST_REJECTED:
                    reason = f"{rejected:,} records of this file are rejected; the rest was not read"
                    yield Rejection(path, 0, reason, "")
                    return
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _OURS:
            raise
        yield _storable(Rejection(path, 0 if _of_the_file(error) else line, why_failed(error), ""))


def why_failed(error: Exception) -> str:
    """Return why a reader gave up, for people; what it did not foresee is said to be so."""
    if isinstance(error, StalledError):
        return "no next record for too long; the rest of this file was not read"
    if isinstance(error, RecursionError):
        return "nested too deeply; the rest of this file was not read"
    if isinstance(error, MemoryError):
        return "needs more memory than there is; split it into several files"
    if _of_the_file(error):
        return why_unreadable(error)
    kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
    return f"cannot be read from here on ({kind}{str(error)[:200]}); the rest of this file was not read"


def _of_the_file(error: Exception) -> bool:
    return isinstance(error, (OSError, EOFError, zlib.error))


def _storable(rejection: Rejection) -> Rejection:
    path, reason, text = map(storable, (rejection.path, rejection.reason, rejection.text))
    return Rejection(path, rejection.line, reason, text)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise StalledError inside after so many seconds of the processor; only the main thread hears alarms."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def _ring(_signal: int, _frame: FrameType | None) -> None:
        raise StalledError

    before = signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
