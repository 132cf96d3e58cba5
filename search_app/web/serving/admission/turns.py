"""Whose turn it is: a process computes one ordinary request at a time, and one of those that may take long.

Ordinary ones that compute side by side gain nothing, for there is one interpreter, and lose much: it changes
hands every five milliseconds, so four searches of one millisecond each end after many. In turn, each ends
as soon as it can. Requests that may take long stand in a line of their own. The first of them begins when no
ordinary one is at work, then computes beside those that come, so that these need not wait until it has ended.
Who waits too long is refused. Not at once: whoever is refused may ask again at once, and hundreds of refusals
a second take more of the processor than some dozens who wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident

# How many requests that may take long can wait at once; each holds a thread, and ordinary ones need the rest.
MOST_LONG = 32
# Seconds that one of them waits for its turn; then it is refused, with Retry-After.
LONG_SECONDS = 1.0
# Seconds that the first of them lets ordinary ones go before it, so that these never keep it out.
YIELD_SECONDS = 0.25
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
        self._ordinary, self._long = Line(), Line()
        self._holders: set[int] = set()

    @contextmanager
    def turn(self, *, long: bool) -> Iterator[None]:
        """Wait for a turn and have it until the block ends; whoever has one goes on at once."""
        if get_ident() in self._holders:
            yield
            return
        self._line(long=long).enter()
        with self._held(long=long):
            yield

    @contextmanager
    def turn_in_time(self, *, long: bool) -> Iterator[bool]:
        """Do the same for a request: give True; or False, at once or later, where it has to be refused.

        That is where one that may take long finds MOST_LONG in its line, or waits there for LONG_SECONDS.
        """
        if long and (len(self._long) >= MOST_LONG or not self._long.enter(LONG_SECONDS)):
            yield False
            return
        if not long:
            self._ordinary.enter()
        with self._held(long=long):
            yield True

    def _line(self, *, long: bool) -> Line:
        return self._long if long else self._ordinary

    @contextmanager
    def _held(self, *, long: bool) -> Iterator[None]:
        thread = get_ident()
        try:
            if long:
                self._ordinary.idle.wait(YIELD_SECONDS)
            self._holders.add(thread)
            yield
        finally:
            self._holders.discard(thread)
            self._line(long=long).leave()


class Line:
    """Threads that go one after the other, in the order in which they came; `len` counts who waits."""

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self.idle = Event()
        self.idle.set()
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, seconds: float = -1) -> bool:
        """Wait for the turn, at most for some seconds (-1: as long as it takes); return whether it came."""
        with self._lock:
            if self.idle.is_set():
                self.idle.clear()
                return True
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=seconds):
            return True
        with self._lock:
            # It may have been called in the last moment: then it has the turn.
            missed = called in self._waiting
            if missed:
                self._waiting.remove(called)
            return not missed

    def leave(self) -> None:
        """Let the next one go."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self.idle.set()
