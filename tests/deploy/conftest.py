"""The programs that run what is in deploy/; where one is missing its tests are skipped, but never in CI."""

import os
import shutil

import pytest

from tests.documents import ROOT

DEPLOY = ROOT / "deploy"
IN_CI = os.environ.get("CI") == "true"


def program(name, package):
    """Return the path of a program of Debian; skip where there is none, fail in CI."""
    path = shutil.which(name)
    if path is None and not IN_CI:
        pytest.skip(f"no {name} here: apt-get install {package}")
    assert path, f"{name} is missing: apt-get install {package}"
    return path


def clean():
    """Return an environment without what belongs to the interpreter that runs the tests."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "SEARCH_"))}
