"""Start `search-app`: from here on it may be stopped, however much is still to be loaded."""

from __future__ import annotations

from indexer.reporting.starting import SERVER, stoppable


def main() -> None:
    """Run the command."""
    stoppable(SERVER)
    # What it loads takes long.
    from search_app.cli import main as command

    command()


if __name__ == "__main__":
    main()
