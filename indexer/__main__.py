"""Start `reindex`: from here on whoever stops it gets its exit code, however much is still to load."""

from __future__ import annotations

from indexer.reporting.starting import REINDEX, stoppable


def main() -> None:
    """Run the command."""
    stoppable(REINDEX)
    # What it loads takes long.
    from indexer.cli import main as command

    command()


if __name__ == "__main__":
    main()
