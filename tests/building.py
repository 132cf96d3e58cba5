"""Segments and indexes of a few projects, built by the product's own code."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.intake.accepting import Intake
from indexer.intake.columns import Columns
from indexer.intake.own_columns import write_own_columns
from indexer.intake.recording import write_documents
from indexer.intake.rows import spills
from indexer.inverting import merging
from indexer.inverting.chunks import invert_stored
from indexer.inverting.postings import Inverter
from indexer.own_fields import declaring
from indexer.storage.own_fields import SearchedTexts, searched_of
from indexer.storage.segment import Segment
from indexer.storage.writer import SegmentWriter
from indexer.text import word_rules
from indexer.text.stemming import stemming
from search_app.engine.search import SearchEngine


def segment_of(projects: Iterable[Project], rules: Sequence[str] = ()) -> Segment:
    """Return the segment of some projects and rules of words; its files live on as long as it is mapped."""
    with tempfile.TemporaryDirectory() as folder, spills(path := Path(folder)) as spilled:
        intake = Intake(spilled.rows)
        intake.take(projects)
        columns = Columns(intake)
        writer = SegmentWriter(path)
        write_documents(columns, writer)
        extras = columns.extras
        fields = declaring.declared(extras.described(), extras.together, ())
        write_own_columns(columns, fields, writer)
        writer.texts("word_rules", rules)
        writer.texts("vector_model", ())
        writer.array("vectors", np.zeros((len(columns), 0), np.int8))
        stems = stemming(word_rules.parse("\n".join(rules)).stem_lines).stems
        own = SearchedTexts.in_folder(path, len(columns))
        inverter = Inverter(stems=stems, own=len(searched_of(fields)))
        merging.merge([invert_stored(path, 0, len(columns), inverter, own)], writer)
        return Segment.open(path)


def row(project: Project) -> dict[str, str | None]:
    """Return a project as a line of a .jsonl corpus."""
    return {
        "id": project.id,
        "title": project.title,
        "description": project.description,
        "grantee": project.grantee,
        "start_date": project.start and project.start.isoformat(),
        "end_date": project.end and project.end.isoformat(),
        **dict(project.extra),
    }


def write_corpus(folder: Path, projects: Sequence[Project]) -> Path:
    """Write projects as one .jsonl file into a corpus folder, made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row(project), ensure_ascii=False) for project in projects)
    (folder / "projects.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def index_of(folder: Path, projects: Sequence[Project], options: BuildOptions = BuildOptions()) -> Path:
    """Index projects below `folder` and return the index folder."""
    reindex(write_corpus(folder / "corpus", projects), folder / "index", options)
    return folder / "index"


def engine_of(folder: Path, projects: Sequence[Project]) -> SearchEngine:
    """Return an engine over projects indexed below `folder`."""
    return SearchEngine.open(index_of(folder, projects))


def writable(folder: Path) -> Path:
    """Let a test change what was published, which is read-only, and return the folder."""
    for path in (folder, *folder.rglob("*")):
        # Where a link leads is not ours to change.
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def copied(original: Path, target: Path) -> Path:
    """Return a copy of an index, or of a part of it, that a test may change."""
    return writable(Path(shutil.copytree(original, target)))


def spoilt(path: Path) -> None:
    """Put another file in the place of one of a generation; what was published is never written to."""
    content = path.read_bytes()
    path.parent.chmod(0o755)
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
