"""Bulk requests: operations put together, several bodies under way, sent again while the cluster is too busy.

Whatever there is to send, memory is that of the bodies under way. To send one twice does no harm: each
operation names its document.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from indexer.cluster.client import ELSEWHERE, NOT_FOUND, Cluster
from indexer.errors import ClusterError, ClusterGoneError

# Bytes of a body, and how many are under way: the memory that sending takes is their product.
BULK_BYTES, UNDER_WAY = 2_000_000, 3
BULK_SECONDS = 120.0
# How long a node waits for a shard that is away before it says so.
SHARD_WAIT = "10s"
# Seconds after which operations are sent again that the cluster had no room for, or no node for a moment.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)
# From this status on an operation was refused.
_REFUSED = 300


def send(cluster: Cluster, index: str, operations: Iterator[bytes], sent: Callable[[int], object]) -> None:
    """Send the operations of bulk requests to an index; `sent` is told how many were taken, now and then.

    An operation is one or two lines. Raise ClusterError for what is refused, ClusterGoneError for a cluster
    that stays too busy, and what `sent` raises.
    """
    pool = ThreadPoolExecutor(UNDER_WAY)
    waiting: list[Future[int]] = []
    try:
        for body in _bodies(operations):
            if len(waiting) == UNDER_WAY:
                sent(waiting.pop(0).result())
            waiting.append(pool.submit(_taken, cluster, index, body))
        sent(sum(one.result() for one in waiting))
    finally:
        pool.shutdown(cancel_futures=True)


def _bodies(operations: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Yield operations put together to bodies of about BULK_BYTES."""
    body: list[bytes] = []
    size = 0
    for one in operations:
        body.append(one)
        size += len(one)
        if size >= BULK_BYTES:
            yield body
            body, size = [], 0
    if body:
        yield body


def _taken(cluster: Cluster, index: str, body: Sequence[bytes]) -> int:
    """Send a body, what was not taken again and again; return how many operations it had."""
    left, why = body, ""
    for pause in (*PAUSES, None):
        try:
            left, why = _left(cluster, index, left)
        except ClusterGoneError as error:
            why = str(error)
        if not left:
            return len(body)
        if pause is not None:
            time.sleep(pause)
    raise ClusterGoneError(f"the cluster takes no projects ({why}); run reindex again later")


def _left(cluster: Cluster, index: str, body: Sequence[bytes]) -> tuple[list[bytes], str]:
    """Send a body; return the operations that have to be sent again, and why."""
    parameters = {"timeout": SHARD_WAIT}
    answer = cluster.ask(
        "POST", f"{index}/_bulk", b"".join(body), parameters=parameters, seconds=BULK_SECONDS
    )
    if not answer.get("errors"):
        return [], ""
    left, why = [], ""
    for operation, item in zip(body, answer["items"], strict=True):
        found = next(iter(item.values()))
        if found["status"] in ELSEWHERE:
            left.append(operation)
            why = str(found.get("error", {}).get("reason", f"status {found['status']}"))
        elif found["status"] >= _REFUSED and found["status"] != NOT_FOUND:
            raise ClusterError(f"the cluster does not take {found['_id']}: {found['error']['reason']}")
    return left, why
