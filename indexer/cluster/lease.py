"""Lease: what keeps two `reindex` from writing into one cluster; a document that runs out by itself."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from indexer.cluster import mappings
from indexer.cluster.client import CONFLICT, NOT_FOUND, Cluster
from indexer.errors import ClusterGoneError, IndexerError, LockedError

# Seconds that a lease holds, and after which it is taken again: who died is waited for this long.
HOLDS, RENEWED_AFTER = 60.0, 15.0
# Seconds for an index to be made, and what a cluster answers where it is there by then.
MAKING_SECONDS, EXISTS = 60.0, 400


@dataclass(slots=True)
class Lease:
    """A lease that is held, and renewed in the background for as long as it is."""

    cluster: Cluster
    owner: str
    sequence: dict[str, str]
    _ended: threading.Event = field(default_factory=threading.Event)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _lost: IndexerError | None = None

    def check(self) -> None:
        """Raise LockedError or ClusterError if it was seen to be lost."""
        if self._lost is not None:
            raise self._lost

    def confirm(self) -> None:
        """Take it for longer now; raise LockedError if somebody else has it, or ClusterError."""
        with self._writing:
            self.check()
            self.sequence = _write(self.cluster, self.owner, self.sequence)

    def renew(self) -> None:
        """Renew it until it is given up or lost; a cluster that does not answer is asked again."""
        while not self._ended.wait(RENEWED_AFTER):
            try:
                self.confirm()
            except ClusterGoneError:
                continue
            except IndexerError as error:
                self._lost = error
                return

    def give_up(self) -> None:
        """Let the next one have it."""
        self._ended.set()
        with self._writing, suppress(IndexerError):
            path = _path(self.cluster)
            self.cluster.ask("DELETE", path, parameters=self.sequence, allowed=(NOT_FOUND, CONFLICT))


@contextmanager
def lease(cluster: Cluster) -> Iterator[Lease]:
    """Hold the lease of an index in a cluster; raise LockedError while another one holds it."""
    owner = f"{socket.gethostname()} pid {os.getpid()} {secrets.token_hex(4)}"
    answer = cluster.ask("GET", _path(cluster), allowed=(NOT_FOUND,))
    if answer.get("found"):
        until = float(answer["_source"]["until"])
        if until > time.time():
            raise LockedError(
                f"another reindex is writing to the cluster ({answer['_source']['owner']}); "
                f"its lease runs out in {until - time.time():.0f} s"
            )
        taken = _write(cluster, owner, _sequence(answer))
    else:
        if "error" in answer:
            _make_state(cluster)
        taken = _write(cluster, owner, {"op_type": "create"})
    held = Lease(cluster, owner, taken)
    threading.Thread(target=held.renew, daemon=True).start()
    try:
        yield held
    finally:
        held.give_up()


def _make_state(cluster: Cluster) -> None:
    """Make the index of the lease, unless somebody else does it at the same time."""
    body = mappings.kept([], ["owner", "until"], auto_expand_replicas="0-1")
    cluster.ask("PUT", _state(cluster), body, seconds=MAKING_SECONDS, allowed=(EXISTS,))


def _state(cluster: Cluster) -> str:
    return f"{cluster.name}-state"


def _path(cluster: Cluster) -> str:
    return f"{_state(cluster)}/_doc/lease"


def _sequence(answer: object) -> dict[str, str]:
    assert isinstance(answer, dict)
    return {"if_seq_no": str(answer["_seq_no"]), "if_primary_term": str(answer["_primary_term"])}


def _write(cluster: Cluster, owner: str, condition: dict[str, str]) -> dict[str, str]:
    """Write the lease if nobody else has meanwhile, and return what tells so the next time."""
    body = {"owner": owner, "until": time.time() + HOLDS}
    answer = cluster.ask("PUT", _path(cluster), body, parameters=condition, allowed=(CONFLICT,))
    if "error" in answer:
        raise LockedError("another reindex has begun to write to the cluster; wait for it to end")
    return _sequence(answer)
