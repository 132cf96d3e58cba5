"""Bulk requests: lines put together, several bodies under way, sent again while the cluster is too busy.

Whatever there is to send, memory is that of the bodies under way. To send one twice does no harm: each line
names its document.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from indexer.cluster.client import NOT_FOUND, TOO_MANY, Cluster
from indexer.errors import ClusterError, ClusterGoneError

# Bytes of a body, and how many are under way: the memory that sending takes is their product.
BULK_BYTES, UNDER_WAY = 2_000_000, 3
BULK_SECONDS = 120.0
# Seconds after which a body is sent again that the cluster had no room for, or no node for a moment.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)
# From this status on a line was refused.
_REFUSED = 300


def send(cluster: Cluster, index: str, lines: Iterator[bytes], sent: Callable[[int], object]) -> None:
    """Send the lines of bulk requests to an index; `sent` is told how many were taken, now and then.

    Raise ClusterError for what is refused, ClusterGoneError for a cluster that stays too busy.
    """
    with ThreadPoolExecutor(UNDER_WAY) as pool:
        waiting: list[Future[int]] = []
        try:
            for body in _bodies(lines):
                if len(waiting) == UNDER_WAY:
                    sent(waiting.pop(0).result())
                waiting.append(pool.submit(_taken, cluster, index, body))
            sent(sum(one.result() for one in waiting))
        finally:
            for one in waiting:
                one.cancel()


def _bodies(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines put together to bodies of about BULK_BYTES."""
    body: list[bytes] = []
    size = 0
    for line in lines:
        body.append(line)
        size += len(line)
        if size >= BULK_BYTES:
            yield b"".join(body)
            body, size = [], 0
    if body:
        yield b"".join(body)


def _taken(cluster: Cluster, index: str, body: bytes) -> int:
    """Send a body, again and again while the cluster is too busy; return how many lines it had."""
    for pause in PAUSES:
        try:
            if (done := _sent(cluster, index, body)) is not None:
                return done
        except ClusterGoneError:
            pass
        time.sleep(pause)
    done = _sent(cluster, index, body)
    if done is None:
        raise ClusterGoneError("the cluster is too busy to take projects; run reindex again later")
    return done


def _sent(cluster: Cluster, index: str, body: bytes) -> int | None:
    """Return how many lines of a body were taken, None if some of them have to be sent again."""
    answer = cluster.ask("POST", f"{index}/_bulk", body, seconds=BULK_SECONDS)
    if answer.get("errors"):
        found = [next(iter(item.values())) for item in answer["items"]]
        if any(one["status"] == TOO_MANY for one in found):
            return None
        bad = next((one for one in found if one["status"] >= _REFUSED and one["status"] != NOT_FOUND), None)
        if bad:
            raise ClusterError(f"the cluster does not take {bad['_id']}: {bad['error']['reason']}")
    return len(answer["items"])
