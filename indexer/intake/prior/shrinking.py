"""The guard against a lost corpus: a missing mount, a folder that was half copied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indexer.errors import ShrunkError
from indexer.intake.difference import Difference
from indexer.reporting.numbers import counted
from indexer.reporting.source_reports import SourceReport
from indexer.storage.segment import Segment
from indexer.text.visible import visible

# A corpus that lost more than this share of its projects is taken for a missing mount.
MOST_LOST = 0.5
# Files that gave no project, in the message.
_NAMED = 3
# The projects that the product ships with: whoever puts files of their own in the place of these means it.
SAMPLE = frozenset(
    {
        "improving-workers-occupational-safety-and-health-in-selected-1e1bd2d9",
        "improving-working-conditions-in-the-mexican-automotive-supply-4ec59dc3",
        "project-to-increase-municipal-collective-action-to-address-child-4fecf0e0",
        "strengthening-mexican-inspectorate-for-labor-enforcement-caminos-06a485a7",
        "towards-effective-courts-and-coordinated-labor-justice-918e403b",
    }
)


def refuse_to_shrink(corpus_dir: Path, lost: int, before: int, sources: Sequence[SourceReport]) -> None:
    """Raise ShrunkError if most of the projects that there were `before` are `lost`.

    It names the files among `sources` that gave no project: they may be what is wrong.
    """
    if lost > before * MOST_LOST:
        raise ShrunkError(
            f"{lost:,} of {counted(before, 'project')} would be removed{_without_projects(sources)}; is the "
            "corpus complete? If it is, run it again with --allow-shrink",
            path=corpus_dir,
        )


def _without_projects(sources: Sequence[SourceReport]) -> str:
    names = [visible(source.path) for source in sources if not source.projects]
    if not names:
        return ""
    more = f" and {counted(len(names) - _NAMED, 'more file')}" if len(names) > _NAMED else ""
    return f", and no project was found in {', '.join(names[:_NAMED])}{more} (reindex --check says why)"


def refuse_to_lose(
    corpus_dir: Path, prior: Segment, change: Difference, after: int, sources: Sequence[SourceReport]
) -> int:
    """Raise ShrunkError if most of the projects of the last generation would be gone.

    Those of the sample do not count where there are others in their place, `after` in all; return how many
    of them are gone.
    """
    of_sample = sum(one.id in SAMPLE for one in change.removed) if after else 0
    known = sum(prior.find(project_id) is not None for project_id in SAMPLE) if of_sample else 0
    refuse_to_shrink(corpus_dir, change.removed_count - of_sample, len(prior) - known, sources)
    return of_sample
