"""A worker process: warm before it answers, and quick to collect garbage."""

import subprocess
import sys

from tests.documents import ROOT

# In a process of its own: how garbage is collected is set for all of it.
STARTED = """
import gc
from search_app.cli import application
app = application()
live = app.extensions["search"].live
print(live._engine is not None, gc.get_freeze_count() > 10_000, gc.get_threshold())
client = app.test_client()
print(client.get("/readyz").status_code, client.get("/search?q=labor").status_code)
"""


def started(index):
    return subprocess.run(
        [sys.executable, "-c", STARTED],
        cwd=ROOT,
        env={"SEARCH_INDEX_DIR": str(index), "SEARCH_LOG_FORMAT": "none"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


def test_a_worker_has_its_index_open_and_its_lasting_objects_put_aside(seed_index):
    assert started(seed_index) == ["True True (2000, 10, 20)", "200 200"]


def test_a_worker_without_an_index_starts_and_says_so(tmp_path):
    assert started(tmp_path) == ["False True (2000, 10, 20)", "503 503"]
