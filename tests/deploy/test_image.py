"""The image without an engine: the commands of deploy/Dockerfile, run in a fresh folder.

What its RUN lines install comes from the package registry: the whole way is gone in CI alone.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from bench.servers import HOST, free_port
from tests.deploy.conftest import DEPLOY, IN_CI, clean
from tests.documents import ROOT
from tests.reliability.serving import until

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
# Instructions with their lines put together, comments left out.
INSTRUCTIONS = [
    tuple(line.split(maxsplit=1))
    for line in re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", "").splitlines()
    if line.strip()
]
BUILD_STAGE = INSTRUCTIONS[: [name for name, _ in INSTRUCTIONS].index("FROM", 1)]


def values(instruction):
    return [text for name, text in INSTRUCTIONS if name == instruction]


def environment():
    """Return what ENV sets."""
    pairs = (pair.split("=", 1) for pair in " ".join(values("ENV")).split())
    return {name: text for name, text in pairs if name != "PATH"}


def health_check():
    """Return the command of HEALTHCHECK."""
    (text,) = values("HEALTHCHECK")
    return json.loads(text.partition("CMD")[2])


def test_what_is_copied_is_there():
    copied = [
        path for text in values("COPY") if "--from" not in text for path in text.split()[:-1]
    ]  # fmt: skip

    assert {"requirements.lock", "requirements-build.lock", "indexer", "search_app"} <= set(copied)
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_it_is_nobody_special_and_writes_to_its_volume_alone():
    assert values("USER") == ["10001:10001"]
    assert values("VOLUME") == [environment()["SEARCH_INDEX_DIR"]]


@pytest.fixture
def running(labour_index, tmp_path):
    """Run the command of the image with its settings; the paths and the port are those of this machine."""
    port = str(free_port())
    settings = {
        **environment(),
        "SEARCH_INDEX_DIR": str(labour_index),
        "SEARCH_HOST": HOST,
        "SEARCH_PORT": port,
        "SEARCH_TRUSTED_HOSTS": "grants.example.org",
        "PYTHONPATH": str(ROOT),
    }
    (command,) = map(json.loads, values("CMD"))
    assert command == ["search-app"]
    with (tmp_path / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "search_app.cli"], env=os.environ | settings, stdout=log, stderr=log
        )
    yield os.environ | settings
    process.terminate()
    process.wait(20)


def is_healthy(settings):
    """Run the health check as the engine would."""
    program, *arguments = health_check()
    assert program == "python"
    return (
        subprocess.run([sys.executable, *arguments], env=settings, stderr=subprocess.DEVNULL).returncode == 0
    )


def test_the_health_check_tells_up_from_down(running):
    """Also with trusted hosts, of which 127.0.0.1 is none."""
    until(lambda: is_healthy(running), "the health check succeeds")

    assert not is_healthy(running | {"SEARCH_PORT": str(free_port())})


@pytest.mark.skipif(not IN_CI, reason="installs from the package registry: in CI alone")
def test_its_commands_make_a_service(tmp_path, figure):
    """Go through the build stage in a folder, then index and ask with what it made."""
    source, app = tmp_path / "source", tmp_path / "app"
    for name, text in BUILD_STAGE:
        if name == "COPY":
            *paths, _ = text.split()
            for path in paths:
                copy = shutil.copytree if (ROOT / path).is_dir() else shutil.copy
                copy(ROOT / path, source / path)
        elif name == "WORKDIR":
            source.mkdir()
        elif name == "RUN":
            command = text.replace("/app", str(app)).replace("python -m venv", f"{sys.executable} -m venv")
            # Here what is not imported need not be compiled; an image is started more than once.
            subprocess.run(["sh", "-ec", command], cwd=source, check=True, env=clean() | {"PIP_COMPILE": "0"})
    settings = clean() | environment() | {"SEARCH_INDEX_DIR": str(tmp_path / "index")}
    settings |= {"SEARCH_CORPUS_DIR": str(ROOT / "corpus"), "PATH": f"{app}/bin:{os.environ['PATH']}"}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(["reindex", "--quiet"], cwd=elsewhere, env=settings, check=True)
    settings |= {"SEARCH_HOST": HOST, "SEARCH_PORT": str(free_port()), "SEARCH_LOG_FORMAT": "none"}
    process = subprocess.Popen([app / "bin" / "search-app"], cwd=elsewhere, env=settings)
    try:
        until(lambda: is_healthy(settings), "the service of the image is healthy")
    finally:
        process.terminate()
        process.wait(20)
    assert not (app / "bin" / "pip").exists()
    figure("the image's commands in a fresh folder: installed, indexed, healthy")
