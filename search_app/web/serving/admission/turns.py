"""Whose turn it is: a process computes one ordinary request at a time, and one of those that may take long.

Ordinary ones that compute side by side gain nothing, for there is one interpreter, and lose much: it changes
hands every five milliseconds, so four searches of one millisecond each end after many. In turn, each ends
as soon as it can. Requests that may take long stand in a line of their own and compute beside the others: by
those five milliseconds an ordinary one comes in between, and need not wait until a long one has ended. Their
line is short: each who waits holds a thread, which ordinary ones need as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident

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
        self._ordinary, self._long = Line(), Line()
        self._holders: set[int] = set()

    @property
    def crowded(self) -> bool:
        """Whether one more request that may take long is one too many."""
        return len(self._long) >= MOST_LONG

    @contextmanager
    def turn(self, *, long: bool) -> Iterator[None]:
        """Wait for a turn and have it until the block ends; whoever has one goes on at once."""
        thread = get_ident()
        if thread in self._holders:
            yield
            return
        with self._long if long else self._ordinary:
            self._holders.add(thread)
            try:
                yield
            finally:
                self._holders.discard(thread)


class Line:
    """Threads that go one after the other, in the order in which they came; `len` counts who waits."""

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def __enter__(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        called.acquire()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
