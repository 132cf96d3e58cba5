"""Finished answers cached in memory, so that asking the same again costs no more than a look-up."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

# A larger one is a page of hundreds of long texts, or a file: rarely asked twice, costly to cache.
LARGEST_BODY = 256 * 1024
# What the bookkeeping of one answer and of one header takes besides the texts, in bytes.
OVERHEAD, HEADER_OVERHEAD = 1024, 160

# What tells one answer from another.
Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer as it goes over the wire; `route` and `hits` are for the log."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    route: str
    hits: int | None


def cost(key: Key, answer: CachedAnswer) -> int:
    """Return the bytes that an answer takes up under its key: whoever asks decides how long that is."""
    headers = sum(len(name) + len(value) + HEADER_OVERHEAD for name, value in answer.headers)
    return sum(map(sys.getsizeof, key)) + headers + len(answer.body) + OVERHEAD


class AnswerCache:
    """The answers asked for most recently, within a budget of memory; safe to share by threads."""

    def __init__(self, budget: int) -> None:
        """Keep at most `budget` bytes."""
        self._budget = budget
        self._size = 0
        self._answers: OrderedDict[Key, tuple[CachedAnswer, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> CachedAnswer | None:
        """Return the answer cached under `key`, if any."""
        with self._lock:
            cached = self._answers.get(key)
            if cached is None:
                return None
            self._answers.move_to_end(key)
            return cached[0]

    def put(self, key: Key, answer: CachedAnswer) -> None:
        """Keep an answer; those not asked for the longest make room."""
        size = cost(key, answer)
        if len(answer.body) > LARGEST_BODY or size > self._budget:
            return
        with self._lock:
            self._forget(key)
            self._answers[key] = answer, size
            self._size += size
            while self._size > self._budget:
                self._forget(next(iter(self._answers)))

    def _forget(self, key: Key) -> None:
        cached = self._answers.pop(key, None)
        if cached is not None:
            self._size -= cached[1]
