"""What was published, as a cluster has it and as projects are sent to it."""

from indexer.build import reindex
from tests.building import write_corpus
from tests.documents import LABOUR

PROJECTS = [*LABOUR.values()]


def again(folder, projects):
    """Index projects in a folder, over those that it had, and return its index."""
    reindex(write_corpus(folder / "corpus", projects), folder / "index")
    return folder / "index"


def stored(cluster):
    """Return what the cluster has stored of its projects, sorted."""
    answer = cluster.ask("POST", f"{cluster.name}/_search", {"size": 1000})
    return sorted(hit["_source"]["stored"] for hit in answer["hits"]["hits"])


def of(projects):
    """Return what is stored of projects, sorted."""
    return sorted(project.stored().decode() for project in projects)
