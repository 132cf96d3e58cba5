"""How a command is stopped while it loads: at once, with its exit code, and without a word of Python's own.

Nothing is written yet, and nothing is held that does not end with the process. Next to nothing is imported
here: what takes long to load comes after `stoppable`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

# What Ctrl-C sends, and whoever stops a service.
STOPPING = (signal.SIGINT, signal.SIGTERM)
# What a command says, "" for nothing, and its exit code, by the signal that stops it.
Endings = Mapping[signal.Signals, tuple[str, int]]
REINDEX: Endings = {
    signal.SIGINT: ("reindex: interrupted", 130),
    signal.SIGTERM: ("reindex: terminated", 143),
}
SERVER: Endings = dict.fromkeys(STOPPING, ("", 0))


def stoppable(endings: Endings) -> None:
    """Have signals end this process at once, as `endings` says, until it answers to them in another way.

    An exception would not do: a library that is half imported may take it for its own, and go on.
    """
    for number in heeded():
        signal.signal(number, _ending(*endings[number]))
    # What began this program may have let them wait for it.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def heeded() -> list[signal.Signals]:
    """Return those of STOPPING that this process heeds.

    A shell has what runs in the background ignore Ctrl-C: that stays so.
    """
    return [one for one in STOPPING if signal.getsignal(one) != signal.SIG_IGN]


def _ending(line: str, code: int) -> Callable[[int, FrameType | None], None]:
    def _end(_number: int, _frame: FrameType | None) -> None:
        try:
            if line:
                os.write(2, f"{line}\n".encode())
        finally:
            os._exit(code)

    return _end


@contextmanager
def loading(endings: Endings) -> Iterator[None]:
    """Be stoppable within it, and then answer to signals as before."""
    before = {number: signal.getsignal(number) for number in endings}
    try:
        stoppable(endings)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
