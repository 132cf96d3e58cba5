"""The wheel and the sdist: the same product from both, and one that runs where there is no checkout.

What the wheel needs comes from the package registry by hash: that part runs in CI alone.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from urllib.request import urlopen

import pytest

from bench.servers import HOST, free_port
from tests.deploy.conftest import IN_CI, clean
from tests.documents import LABOUR_FILE, ROOT
from tests.reliability.serving import until

NO_CORPUS = "reindex: no corpus folder at corpus; create it or pass --corpus"
BUILD = "from setuptools import build_meta as b; import sys; print(getattr(b, sys.argv[1])(sys.argv[2]))"


def build(kind, source, folder):
    """Build a wheel or an sdist from a source tree; return the file."""
    command = [sys.executable, "-c", BUILD, f"build_{kind}", str(folder)]
    done = subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    return folder / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The wheel and the sdist of this tree, built beside it."""
    folder = tmp_path_factory.mktemp("packages")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("indexer", "search_app"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    return build("wheel", source, folder), build("sdist", source, folder)


def contents(wheel):
    """Return what a wheel holds, by name, but for the record of it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("RECORD")}


def test_the_wheel_has_every_file_that_the_product_reads(packages):
    wheel, _ = packages
    files = {
        path.relative_to(ROOT).as_posix()
        for name in ("indexer", "search_app")
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in contents(wheel) if ".dist-info/" not in name} == files


def test_the_sdist_gives_the_same_wheel(packages, tmp_path):
    wheel, sdist = packages
    assert contents(wheel_of(sdist, tmp_path)) == contents(wheel)


@pytest.fixture(scope="module")
def installed(packages, tmp_path_factory):
    """The programs of an empty environment with the product in it; what it needs is had by hash."""
    if not IN_CI:
        pytest.skip("installs from the package registry: in CI alone")
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    install = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    for what in (["--require-hashes", "-r", ROOT / "requirements.lock"], ["--no-deps", packages[0]]):
        subprocess.run([*install, *what], cwd=folder, check=True, capture_output=True, env=clean())
    return folder / "bin"


@pytest.mark.parametrize("package", [0, 1], ids=["wheel", "sdist"])
def test_it_runs_in_an_empty_environment_outside_the_checkout(package, packages, installed, tmp_path):
    # Of the sdist is installed what was built of it where there is no checkout.
    built = packages[0] if package == 0 else wheel_of(packages[1], tmp_path)
    install = [installed / "pip", "install", "--quiet", "--no-deps", "--force-reinstall", "--no-index", built]
    run = {"cwd": tmp_path, "capture_output": True, "text": True, "env": clean()}
    subprocess.run(install, check=True, **run)

    nothing = subprocess.run([installed / "reindex"], check=False, **run)
    assert (nothing.returncode, nothing.stdout) == (66, "")
    assert nothing.stderr.splitlines() == [NO_CORPUS]
    (tmp_path / "corpus").mkdir()
    shutil.copy(LABOUR_FILE, tmp_path / "corpus")
    assert "Wrote generation" in subprocess.run([installed / "reindex"], check=True, **run).stdout
    port = free_port()
    server = subprocess.Popen([installed / "search-app", "--port", str(port)], cwd=tmp_path, env=clean())
    try:
        until(lambda: total(port) > 0, "the server answers a search")
    finally:
        server.terminate()
        server.wait(20)


def wheel_of(sdist, folder):
    """Unpack an sdist, build a wheel of it, and return that."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    return build("wheel", source, folder)


def total(port):
    """Return how many projects a search finds, 0 as long as nobody answers."""
    try:
        with urlopen(f"http://{HOST}:{port}/api/v1/search?q=labour") as answer:
            return json.load(answer)["total"]
    except OSError:
        return 0
