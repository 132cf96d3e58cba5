"""What the commands do with a cluster: publish to it, verify it, tell what it has, and roll it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from indexer.cluster import generations
from indexer.cluster.client import Access, Cluster
from indexer.cluster.facts import Facts, Kind, read_more
from indexer.cluster.lease import lease
from indexer.cluster.publishing import Options, check, publish
from indexer.errors import NoIndexError
from indexer.reporting.numbers import counted
from indexer.storage import generation

# Seconds to wait for what `reindex` asks: a node may be busy with what it was sent.
SECONDS = 60.0
# What lies beside the words and names of a generation, where it has that.
MORE: tuple[Kind, ...] = ("past", "vectors")


def confirm(access: Access) -> None:
    """Raise ClusterError unless the cluster answers, is one for us, takes who asks, and the name is ours."""
    cluster = Cluster(access, seconds=SECONDS)
    cluster.confirm()
    generations.named(cluster)


def published(access: Access, index_dir: Path, options: Options) -> str:
    """Publish the current generation of an index folder; return what to say of that."""
    found = publish(index_dir, Cluster(access, seconds=SECONDS), options)
    if found is None:
        return f"the cluster has this generation already, as {access.name}"
    deleted = f", {found.deleted:,} deleted" if found.deleted else ""
    return f"published to the cluster as {access.name}: {counted(found.sent, 'project')} sent{deleted}"


def _verified(access: Access, index_dir: Path) -> Iterator[str]:
    cluster = Cluster(access, seconds=SECONDS)
    found = generations.current(cluster)
    if not (index_dir / found.name).exists():
        raise NoIndexError(
            f"{found.index} serves in the cluster, and the folder {index_dir} has not got that generation to "
            "compare it with; run: reindex, which publishes what is current"
        )
    check(cluster, found, generation.open_segment(index_dir / found.name))
    Facts.read(cluster, found.facts_index, str(found.meta["facts"]))
    for kind in MORE:
        if digest := found.meta.get(kind):
            read_more(cluster, found.facts_index, kind, str(digest))
    projects = counted(found.documents, "project")
    yield f"{found.index} in the cluster: {projects}, a sample compared with the folder"
    if (now := generation.current(index_dir).name) != found.name:
        yield f"{now} is current in the folder, but not in the cluster; the next reindex publishes it"


def _described(access: Access, _index_dir: Path) -> Iterator[str]:
    cluster = Cluster(access, seconds=SECONDS)
    serving = generations.current(cluster)
    health = cluster.get(f"_cluster/health/{serving.index}")
    for one in generations.all_generations(cluster):
        state = f", {health['status']}" if one.index == serving.index else ""
        word = "current " if one.index == serving.index else "previous"
        yield f"{word}  {one.index}  {counted(one.documents, 'project')}{state}, in the cluster"


def _rolled_back(access: Access, index_dir: Path) -> Iterator[str]:
    """Let the alias name the generation that is current in the folder again."""
    cluster, name = Cluster(access, seconds=SECONDS), generation.current(index_dir).name
    found = next((one for one in generations.all_generations(cluster) if one.name == name), None)
    if found is None:
        raise NoIndexError(
            f"{name} is current in the folder, but not in the cluster any more, which serves what it served; "
            "the next reindex publishes what the corpus has then"
        )
    with lease(cluster):
        generations.swap(cluster, found)
    yield f"{found.index} serves in the cluster again"


TASKS: Mapping[str, Callable[[Access, Path], Iterator[str]]] = {
    "verify": _verified,
    "info": _described,
    "rollback": _rolled_back,
}
