"""The table of promises against the tests: a promise that no test holds is none."""

import re
from fnmatch import fnmatchcase

import pytest

from tests.documents import ROOT
from tests.reliability.promises import PROMISES

PATTERNS = [
    pytest.param(pattern, id=f"{one.name} {pattern.removeprefix('tests/')}")
    for one in PROMISES
    for pattern in one.tests
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_promise_is_held_by_tests_that_are_there(pattern):
    place, _, name = pattern.partition("::")
    files = (ROOT / place).rglob("test_*.py") if place.endswith("/") else [ROOT / place]
    found = [one for file in files for one in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)]

    assert [one for one in found if fnmatchcase(one, f"{name}*")] != []


def test_each_has_a_name_of_its_own():
    names = [one.name for one in PROMISES]

    assert sorted(set(names)) == sorted(names)
