"""Finished answers cached in memory, so that asking the same again costs no more than a look-up."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

# A larger one is a page of hundreds of long texts, or a file: rarely asked twice, costly to cache.
LARGEST_BODY = 256 * 1024
# What the headers and the bookkeeping of one answer take, roughly, in bytes.
OVERHEAD = 2048


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer as it goes over the wire; `route` and `hits` are for the log."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    route: str
    hits: int | None


class AnswerCache:
    """The answers asked for most recently, within a budget of memory; safe to share by threads."""

    def __init__(self, budget: int) -> None:
        """Keep at most `budget` bytes."""
        self._budget = budget
        self._size = 0
        self._answers: OrderedDict[Hashable, CachedAnswer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> CachedAnswer | None:
        """Return the answer cached under `key`, if any."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: CachedAnswer) -> None:
        """Keep an answer; those not asked for the longest make room."""
        cost = len(answer.body) + OVERHEAD
        if len(answer.body) > LARGEST_BODY or cost > self._budget:
            return
        with self._lock:
            self._forget(key)
            self._answers[key] = answer
            self._size += cost
            while self._size > self._budget:
                self._forget(next(iter(self._answers)))

    def _forget(self, key: Hashable) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self._size -= len(answer.body) + OVERHEAD
