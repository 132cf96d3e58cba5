"""Publish the current generation of an index folder to a cluster: aside, checked, then swapped in.

The corpus is read, compared and guarded as for one machine; what is published is the generation that came of
it. Little changed: the index that serves is cloned there (its files are linked, not copied) and only what
differs is sent. Whatever goes wrong, the alias stays where it is, and what was half made goes away.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.cluster import generations, mappings
from indexer.cluster.client import Cluster, Json
from indexer.cluster.delta import Delta, delta_of
from indexer.cluster.documents.past import Past, events_to_send
from indexer.cluster.documents.sent_vectors import vectors_to_send
from indexer.cluster.facts import Arrays, Facts, parted
from indexer.cluster.generations import ADMIN_SECONDS, Generation
from indexer.cluster.lease import Lease, lease
from indexer.cluster.sending import Sender
from indexer.cluster.turning import Measures, document_id
from indexer.errors import ClusterError, IndexerError, ShrunkError
from indexer.reporting.numbers import counted
from indexer.storage import generation
from indexer.storage.folder.manifest import read_manifest
from indexer.storage.own_fields import from_bytes
from indexer.storage.segment import Segment

# Seconds for what takes a cluster long: a part of the facts, all of an index refreshed.
LONG_SECONDS = 120.0
# A folder that lacks more than this share of what the cluster has is taken for a wrong one.
MOST_LOST = 0.5
# Projects that are compared after publishing, and by `verify`.
SAMPLED = 50

Progress = Callable[[str, int, int | None], object]


def _unseen(_what: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to publish: shards and copies of a new index, whether all is sent anew, in how many processes.

    `allow_shrink`: even if the cluster loses most of its projects.
    """

    shards: int = 1
    replicas: int = 1
    full: bool = False
    jobs: int = 1
    allow_shrink: bool = False
    progress: Progress = _unseen


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: the generation, and how many projects were sent and deleted for it."""

    generation: Generation
    sent: int
    deleted: int


def publish(index_dir: Path, cluster: Cluster, options: Options) -> Published | None:
    """Publish the current generation of an index folder, None if the cluster has it already.

    Raise LockedError, ClusterError or what opening the folder raises.
    """
    folder = generation.current(index_dir)
    segment = generation.open_segment(folder)
    # Nothing is written where the name is somebody else's.
    generations.named(cluster)
    with lease(cluster) as held:
        serving = generations.named(cluster)
        before = serving[0] if serving else None
        if before and not options.full and _has_all(before, folder, segment):
            if len(serving) > 1:
                generations.swap(cluster, before)
            return None
        if before and not options.allow_shrink:
            _refuse_to_shrink(before, folder, len(segment))
        generations.delete(cluster, *generations.left_over(cluster))
        work = _Work(cluster, segment, folder, options, held, Past.of(folder, segment))
        index = generations.index_of(cluster, folder.name, before)
        try:
            found = work.build(index, before)
            held.confirm()
            generations.swap(cluster, found.generation)
        except BaseException:
            with suppress(IndexerError):
                if index not in {one.index for one in generations.named(cluster)}:
                    generations.delete(cluster, index, f"{index}-facts")
            raise
        generations.delete_all_but(cluster, found.generation, before)
    return found


def _has_all(there: Generation, folder: Path, segment: Segment) -> bool:
    """Tell whether what serves is the generation in `folder`, vectors and all: an early version sent none."""
    made_by = there.meta.get("vector_model", []) if "vectors" in there.meta else []
    return there.readable and there.name == folder.name and made_by == [*segment.vector_model]


def _refuse_to_shrink(before: Generation, folder: Path, now: int) -> None:
    """Raise ShrunkError if the cluster would lose most of its projects to a folder that never had them."""
    # What came after the generation that serves was compared with it when it was built.
    known = (folder.parent / before.name).exists()
    if not known and now < before.documents * (1 - MOST_LOST):
        raise ShrunkError(
            f"the cluster has {counted(before.documents, 'project')}, and the index folder {now:,}; is it "
            "the right one, is the corpus complete? If so, run it again with --allow-shrink"
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """One publication."""

    cluster: Cluster
    segment: Segment
    folder: Path
    options: Options
    lease: Lease
    past: Past

    def build(self, index: str, before: Generation | None) -> Published:
        """Make the index of the generation, whole and checked, beside the one that serves."""
        generations.delete(self.cluster, index, f"{index}-facts")
        measures, delta = Measures.of(self.segment), None
        if before and before.readable and not self.options.full:
            measures, delta = self._delta(before, measures)
        meta = self._meta(measures) | self._send_facts(f"{index}-facts")
        if before and delta is not None:
            generations.clone(self.cluster, before.index, index)
        else:
            fields = from_bytes(self.segment.own_fields)
            body = mappings.body(measures.scale, fields, meta, self.options.shards, self.options.replicas)
            self.cluster.ask("PUT", index, body, seconds=ADMIN_SECONDS)
            delta = Delta(np.arange(len(self.segment)), [])
        self._send(index, measures, delta)
        self._finish(index, {**meta, "replicas": self.options.replicas})
        found = Generation(index, {**meta, "whole": True})
        check(self.cluster, found, self.segment)
        return Published(found, len(delta.changed), len(delta.removed))

    def _meta(self, measures: Measures) -> dict[str, Any]:
        manifest = read_manifest(self.folder)
        return {
            "layout": mappings.LAYOUT,
            "generation": self.folder.name,
            "documents": len(self.segment),
            "built_at": manifest.built_at,
            "means": measures.means,
            "scale": measures.scale,
            "since": self.past.since,
            "told_after": self.past.told_after,
            "vector_model": [*self.segment.vector_model],
            "whole": False,
        }

    def _delta(self, before: Generation, measures: Measures) -> tuple[Measures, Delta | None]:
        """Return the measures to use, and what differs from what serves; None to send all."""
        folder = self.folder.parent / before.name
        try:
            prior = generation.open_segment(folder)
            seen = Past.of(folder, prior).seen, self.past.seen
        except IndexerError:
            return measures, None
        pinned = Measures(tuple(before.meta["means"]), float(before.meta["scale"]))
        delta = delta_of(prior, self.segment, seen, pinned.drift(measures))
        return (measures if delta is None else pinned), delta

    def _send(self, index: str, measures: Measures, delta: Delta) -> None:
        """Send documents and deletions in bulk, several requests under way."""
        sender = Sender(self.cluster, self.folder, index, measures, self.past.seen, self.options.jobs)
        done = 0

        def _sent(number: int) -> None:
            nonlocal done
            done += number
            self.options.progress("sending", done, len(delta))
            self.lease.check()

        sender.delete(delta.removed, _sent)
        sender.send(self.segment, delta.changed, _sent)

    def _send_facts(self, index: str) -> dict[str, str]:
        """Send what servers keep, the past and the vectors; return the hash of each."""
        told = {"part": "words", "past": "changes", "vectors": "vectors"}
        body = mappings.kept([*told], ["blob"], number_of_replicas=self.options.replicas)
        self.cluster.ask("PUT", index, body, seconds=ADMIN_SECONDS)
        digests = {}
        kept: dict[str, Callable[[], Arrays]] = {
            "part": lambda: Facts.of(self.segment, self.past.seen).arrays,
            "past": lambda: events_to_send(self.folder, self.segment),
        }
        if self.segment.vectors.shape[1]:
            kept["vectors"] = lambda: vectors_to_send(self.segment)
        for kind, arrays in kept.items():
            self.options.progress(f"sending {told[kind]}", 0, None)
            digests["facts" if kind == "part" else kind], parts = parted(arrays(), self.folder.parent)
            for place, part in enumerate(parts):
                sent = {kind: place, "blob": part}
                self.cluster.ask("PUT", f"{index}/_doc/{kind}-{place}", sent, seconds=LONG_SECONDS)
        self.cluster.ask("POST", f"{index}/_refresh", seconds=ADMIN_SECONDS)
        return digests

    def _finish(self, index: str, meta: Json) -> None:
        """Make all that was sent searchable, without what was deleted, and copy it."""
        ask = self.cluster.ask
        self.options.progress("settling", 0, None)
        ask("POST", f"{index}/_refresh", seconds=LONG_SECONDS)
        ask(
            "POST",
            f"{index}/_forcemerge",
            parameters={"only_expunge_deletes": "true", "flush": "true"},
            seconds=3600,
        )
        ask("POST", f"{index}/_refresh", seconds=LONG_SECONDS)
        settings = {"index.number_of_replicas": self.options.replicas}
        ask("PUT", f"{index}/_settings", settings, seconds=ADMIN_SECONDS)
        ask("PUT", f"{index}/_mapping", {"_meta": {**meta, "whole": True}}, seconds=ADMIN_SECONDS)
        generations.wait_for_all(self.cluster, index, self.options.replicas)


def check(cluster: Cluster, found: Generation, segment: Segment) -> None:
    """Compare the number of projects and a sample of them with a segment; raise ClusterError."""
    total = int(cluster.get(f"{found.index}/_count")["count"])
    if total != len(segment):
        raise ClusterError(
            f"{found.index} holds {total:,} of {counted(len(segment), 'project')}; run: reindex --full"
        )
    step = max(1, len(segment) // SAMPLED)
    sample = [segment.project(number) for number in range(0, len(segment), step)]
    if not sample:
        return
    ids = [document_id(one.id) for one in sample]
    answer = cluster.ask("POST", f"{found.index}/_mget", {"ids": ids}, seconds=ADMIN_SECONDS)
    for one, there in zip(sample, answer["docs"], strict=True):
        if not there.get("found") or there["_source"]["stored"].encode() != one.stored():
            raise ClusterError(f"{found.index} has project {one.id} otherwise; run: reindex --full")
