"""Publish the current generation of an index folder to a cluster: aside, checked, then swapped in.

The corpus is read, compared and guarded as for one machine; what is published is the generation that came of
it. Little changed: the index that serves is cloned there (its files are linked, not copied) and only what
differs is sent. Whatever goes wrong, the alias stays where it is, and what was half made goes away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.cluster import bulk, generations, mappings
from indexer.cluster.client import Cluster, Json
from indexer.cluster.facts import Facts
from indexer.cluster.generations import ADMIN_SECONDS, Generation
from indexer.cluster.lease import Lease, lease
from indexer.cluster.own_there import spellings_of
from indexer.cluster.past import moments_of
from indexer.cluster.turning import DocumentMaker, Measures, Moments, document_id
from indexer.errors import ClusterError, IndexerError, NoIndexError
from indexer.storage import generation
from indexer.storage.folder.manifest import read_manifest
from indexer.storage.own_fields import from_bytes
from indexer.storage.segment import Segment

# Seconds for what takes a cluster long: a part of the facts, all of an index refreshed.
LONG_SECONDS = 120.0
# Above this share of new or changed projects, all are sent: a clone would be mostly deletions. So they are
# where the mean lengths have moved by more than so much: old frequencies would be too far from new ones.
MOST_CHANGED, MOST_DRIFT = 0.2, 0.02
# Projects that are compared after publishing, and by `verify`.
SAMPLED = 50

Progress = Callable[[str, int, int | None], object]


@dataclass(frozen=True, slots=True)
class Options:
    """How to publish: shards and copies of a new index, and whether all of it is sent anew."""

    shards: int = 1
    replicas: int = 1
    full: bool = False
    progress: Progress = lambda _what, _done, _total: None


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
    with lease(cluster) as held:
        before = _serving(cluster)
        if before and before.name == folder.name and not options.full:
            return None
        generations.delete(cluster, *generations.left_over(cluster))
        work = _Work(cluster, segment, folder, options, held, moments_of(folder, segment))
        index = generations.index_of(cluster, folder.name)
        try:
            found = work.build(index, before)
            generations.swap(cluster, found.generation)
        except BaseException:
            with suppress(IndexerError):
                if (serving := _serving(cluster)) is None or serving.index != index:
                    generations.delete(cluster, index, f"{index}-facts")
            raise
        _clean_up(cluster, found.generation, before)
    return found


def _serving(cluster: Cluster) -> Generation | None:
    try:
        return generations.current(cluster)
    except NoIndexError:
        return None


def _clean_up(cluster: Cluster, new: Generation, before: Generation | None) -> None:
    """Delete all but the new generation and the one before."""
    needed = {new.index, *([before.index] if before else [])}
    for one in generations.all_generations(cluster):
        if one.index not in needed:
            generations.delete(cluster, one.index, one.facts_index)


@dataclass(frozen=True, slots=True)
class _Work:
    """One publication."""

    cluster: Cluster
    segment: Segment
    folder: Path
    options: Options
    lease: Lease
    seen: Moments

    def build(self, index: str, before: Generation | None) -> Published:
        """Make the index of the generation, whole and checked, beside the one that serves."""
        if before and before.index == index:
            raise ClusterError(
                f"{self.folder.name} serves already; change the corpus, or publish to another name"
            )
        generations.delete(self.cluster, index, f"{index}-facts")
        measures, delta = Measures.of(self.segment), None
        if before and not self.options.full:
            measures, delta = self._delta(before, measures)
        digest = self._send_facts(f"{index}-facts")
        meta = self._meta(measures, digest)
        if before and delta is not None:
            self._clone(before.index, index)
            changed, removed = delta
        else:
            fields = from_bytes(self.segment.own_fields)
            body = mappings.body(measures.scale, fields, meta, self.options.shards, self.options.replicas)
            self.cluster.ask("PUT", index, body, seconds=ADMIN_SECONDS)
            changed, removed = np.arange(len(self.segment)), []
        self._send(index, measures, changed, removed)
        self._finish(index, {**meta, "replicas": self.options.replicas})
        found = Generation(index, {**meta, "whole": True})
        check(self.cluster, found, self.segment)
        return Published(found, len(changed), len(removed))

    def _meta(self, measures: Measures, digest: str) -> Json:
        manifest = read_manifest(self.folder)
        return {
            "layout": mappings.LAYOUT,
            "generation": self.folder.name,
            "documents": len(self.segment),
            "built_at": manifest.built_at,
            "means": measures.means,
            "scale": measures.scale,
            "facts": digest,
            "whole": False,
        }

    def _delta(
        self, before: Generation, measures: Measures
    ) -> tuple[Measures, tuple[NDArray[np.intp], list[str]] | None]:
        """Return the measures to use, and which documents to send and ids to delete; None to send all."""
        try:
            prior = generation.open_segment(self.folder.parent / before.name)
        except IndexerError:
            return measures, None
        pinned = Measures(tuple(before.meta["means"]), float(before.meta["scale"]))
        drift = max(abs(new / old - 1) for new, old in zip(measures.means, pinned.means, strict=True))
        same_fields = bytes(prior.own_fields) == bytes(self.segment.own_fields)
        same_rules = list(prior.word_rules) == list(self.segment.word_rules)
        if drift > MOST_DRIFT or not same_fields or not same_rules or _respelled(prior, self.segment):
            return measures, None
        changed, removed = differences(prior, self.segment)
        few = len(changed) + len(removed) <= MOST_CHANGED * len(self.segment)
        return (pinned, (changed, removed)) if few else (measures, None)

    def _clone(self, source: str, target: str) -> None:
        self.cluster.ask("PUT", f"{source}/_settings", {"index.blocks.write": True}, seconds=ADMIN_SECONDS)
        settings = {"settings": {"index.number_of_replicas": 0, "index.blocks.write": None}}
        self.cluster.ask("POST", f"{source}/_clone/{target}", settings, seconds=ADMIN_SECONDS)
        self._wait(target)

    def _wait(self, index: str, status: str = "yellow") -> None:
        found = self.cluster.ask(
            "GET",
            f"_cluster/health/{index}",
            parameters={"wait_for_status": status, "timeout": "60s"},
            seconds=ADMIN_SECONDS + 10,
        )
        if found.get("timed_out"):
            raise ClusterError(
                f"{index} does not get {status} in the cluster; are its nodes up, its disks full?"
            )

    def _send(
        self, index: str, measures: Measures, documents: NDArray[np.intp], removed: Sequence[str]
    ) -> None:
        """Send documents and deletions in bulk, several requests under way."""
        maker = DocumentMaker(self.segment, measures, self.seen)
        done, total = 0, len(documents) + len(removed)

        def _sent(number: int) -> None:
            nonlocal done
            done += number
            self.options.progress("sending", done, total)
            self.lease.renew()

        bulk.send(self.cluster, index, _lines(maker, documents, removed), _sent)

    def _send_facts(self, index: str) -> str:
        settings = {"number_of_shards": 1, "number_of_replicas": self.options.replicas}
        body = {
            "settings": settings,
            "mappings": {"dynamic": False, "properties": {"part": {"type": "integer"}}},
        }
        self.cluster.ask("PUT", index, body, seconds=ADMIN_SECONDS)
        digest, parts = Facts.of(self.segment, self.seen).parts()
        for number, part in enumerate(parts):
            self.cluster.ask(
                "PUT", f"{index}/_doc/{number}", {"part": number, "blob": part}, seconds=LONG_SECONDS
            )
        self.cluster.ask("POST", f"{index}/_refresh", seconds=ADMIN_SECONDS)
        return digest

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
        settings = {
            "index.number_of_replicas": self.options.replicas,
            "index.translog.durability": "request",
        }
        ask("PUT", f"{index}/_settings", settings, seconds=ADMIN_SECONDS)
        ask("PUT", f"{index}/_mapping", {"_meta": {**meta, "whole": True}}, seconds=ADMIN_SECONDS)
        self._wait(index)


def _respelled(prior: Segment, new: Segment) -> bool:
    """Tell whether another spelling stands for a value now: what was sent before has the old one."""
    return any(
        now.get(spelled, first) != first
        for before, now in zip(spellings_of(prior), spellings_of(new), strict=True)
        for spelled, first in before.items()
    )


def differences(prior: Segment, new: Segment) -> tuple[NDArray[np.intp], list[str]]:
    """Return the documents of `new` that `prior` has not as they are, and the ids that only `prior` has."""
    before = {bytes(one): number for number, one in enumerate(prior.fingerprints)}
    same = {before.get(bytes(one), -1) for one in new.fingerprints}
    changed = [number for number, one in enumerate(new.fingerprints) if bytes(one) not in before]
    gone = [number for number in range(len(prior)) if number not in same]
    ids = [prior.project(number).id for number in gone]
    return np.array(changed, np.intp), [one for one in ids if new.find(one) is None]


def check(cluster: Cluster, found: Generation, segment: Segment) -> None:
    """Compare the number of projects and a sample of them with a segment; raise ClusterError."""
    total = int(cluster.get(f"{found.index}/_count")["count"])
    if total != len(segment):
        raise ClusterError(f"{found.index} holds {total} of {len(segment)} projects; run: reindex --full")
    step = max(1, len(segment) // SAMPLED)
    sample = [segment.project(number) for number in range(0, len(segment), step)]
    if not sample:
        return
    ids = [document_id(one.id) for one in sample]
    answer = cluster.ask("POST", f"{found.index}/_mget", {"ids": ids}, seconds=ADMIN_SECONDS)
    for one, there in zip(sample, answer["docs"], strict=True):
        if not there.get("found") or there["_source"]["stored"].encode() != one.stored():
            raise ClusterError(f"{found.index} does not have project {one.id} as the index folder has it")


def _lines(maker: DocumentMaker, documents: NDArray[np.intp], removed: Sequence[str]) -> Iterator[bytes]:
    for one in removed:
        yield orjson.dumps({"delete": {"_id": document_id(one)}}) + b"\n"
    for key, row in maker.rows(documents):
        yield orjson.dumps({"index": {"_id": key}}) + b"\n" + orjson.dumps(row) + b"\n"
