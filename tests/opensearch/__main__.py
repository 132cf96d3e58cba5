"""`python -m tests.opensearch --nodes 3`: a cluster on this machine to measure with, until Ctrl-C ends it."""

import shutil
import signal
from contextlib import suppress

import click

from tests.opensearch.node import AS_DISTRIBUTED, lay_out, node_folder, running


@click.command()
@click.option("--nodes", "count", type=click.IntRange(1, 3), default=1, show_default=True)
@click.option("--heap", default="512m", show_default=True, help="Memory of each, as Java takes it.")
def main(count, heap):
    """Start nodes that make one cluster, and tell where they answer."""
    folder = node_folder()
    try:
        with running(lay_out(folder), count, heap, AS_DISTRIBUTED) as nodes:
            click.echo(" ".join(f"--url {one.url}" for one in nodes))
            with suppress(KeyboardInterrupt):
                signal.pause()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    # Either signal ends it, and no node is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
