"""Whose turn it is: one request of a process computes at a time, the others wait in two lines.

Threads that compute side by side gain nothing, for there is one interpreter, and lose much: it changes
hands every five milliseconds, so four searches of one millisecond each end after many. In turn, each ends
as soon as it can. Requests that may take long stand in a line of their own, so that an ordinary one waits
for one of them at most. That line is short: each who waits holds a thread, which ordinary ones need as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident

# How many ordinary requests may go before a waiting one that may take long; then that one has its turn.
BEFORE_A_LONG_ONE = 8
# How many requests that may take long can wait at once; one more is refused, with Retry-After.
MOST_LONG = 8
# A query string longer than this, or with one of these characters, is seldom typed and often slow: words
# with `*` and `~` stand for many.
ORDINARY_LENGTH = 256
LONG_MARKS = ("*", "~", "%2A", "%2a", "%7E", "%7e")


def may_take_long(query_string: str) -> bool:
    """Tell whether a search may take much longer than others, from its address alone."""
    return len(query_string) > ORDINARY_LENGTH or any(mark in query_string for mark in LONG_MARKS)


class Turns:
    """Gives turns to threads, first come first served in each of two lines."""

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._lock = Lock()
        self._taken = False
        self._holder: int | None = None
        self._ordinary: deque[Lock] = deque()
        self._long: deque[Lock] = deque()
        self._passed = 0

    @property
    def crowded(self) -> bool:
        """Whether one more request that may take long is one too many."""
        return len(self._long) >= MOST_LONG

    @contextmanager
    def turn(self, *, long: bool) -> Iterator[None]:
        """Wait for a turn and have it until the block ends; whoever has it goes on at once."""
        if self._holder == get_ident():
            yield
            return
        self._take(long=long)
        self._holder = get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._pass_on()

    def _take(self, *, long: bool) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            called = Lock()
            called.acquire()
            (self._long if long else self._ordinary).append(called)
        called.acquire()

    def _pass_on(self) -> None:
        with self._lock:
            if self._ordinary and (not self._long or self._passed < BEFORE_A_LONG_ONE):
                self._passed += bool(self._long)
                self._ordinary.popleft().release()
            elif self._long:
                self._passed = 0
                self._long.popleft().release()
            else:
                self._taken = False
