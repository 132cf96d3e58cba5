"""What builds the product is pinned by hash as well: no command installs what no lock names."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import distributions

import pytest
from packaging.specifiers import SpecifierSet

from tests.deploy.conftest import DEPLOY
from tests.documents import ROOT

RECIPES = [ROOT / "Makefile", DEPLOY / "Dockerfile", ROOT / "docs" / "operations.md"]
BUILD_LOCK = (ROOT / "requirements-build.lock").read_text(encoding="utf-8")


def installs(text):
    """Return what each `pip install` of a text is given."""
    joined = text.replace("\\\n", " ")
    return [one.strip() for one in re.findall(r"pip install\b([^&|\n]*)", joined)]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_everything_is_installed_from_a_lock_or_from_here(path):
    given = installs(path.read_text(encoding="utf-8"))
    hashed = [one for one in given if "--require-hashes -r requirements" in one]
    own = [one for one in given if one.endswith(".") and "--no-deps" in one]

    assert hashed
    assert own
    assert [one for one in given if one not in hashed + own] == []


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_the_product_is_built_with_what_the_lock_gave(path):
    """Left to itself pip fetches the newest build backend, without a hash."""
    text = path.read_text(encoding="utf-8")
    own = [one for one in installs(text) if one.endswith(".") and "--no-deps" in one]

    assert "requirements-build.lock" in text
    assert [one for one in own if "--no-build-isolation" not in one] == []


def test_the_lock_has_what_the_build_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    names = {re.match(r"[A-Za-z0-9_.-]+", one)[0] for one in asked}

    assert names == set(re.findall(r"^([a-z0-9-]+)==\S+ \\$", BUILD_LOCK, re.MULTILINE))
    assert BUILD_LOCK.count("--hash=sha256:") >= len(names)


def test_all_say_which_python_is_needed_and_what_is_installed_runs_on_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = project["requires-python"].removeprefix(">=")
    for name in ("README.md", "docs/operations.md"):
        assert f"Python {lowest} or newer" in (ROOT / name).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"({', '.join(lowest.split('.'))})" in makefile
    assert f"older than {lowest}" in makefile
    asked = {one.metadata["Name"]: one.metadata["Requires-Python"] for one in distributions()}
    assert [name for name, spec in asked.items() if spec and not SpecifierSet(spec).contains(lowest)] == []


@cache
def help_of(command):
    """Return what pip says of one of its commands."""
    told = [sys.executable, "-m", "pip", command, "--help"]
    return subprocess.run(told, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("folder", [".venv", ".venv-dev", ".venv-reloaded", ".venv-plain", ".venv-bench"])
def test_pip_knows_every_option_that_an_environment_is_made_with(folder):
    recipe = subprocess.run(
        ["make", "--dry-run", "--always-make", f"{folder}/ready"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    asked = re.findall(r"bin/pip (install|uninstall) (.*)", recipe)
    assert asked
    for command, arguments in asked:
        known = help_of(command)
        options = re.findall(r"(?<=\s)--[a-z-]+", f" {arguments}")
        assert [one for one in options if not re.search(rf"{one}\b", known)] == [], command
