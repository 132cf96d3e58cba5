"""Memory that stays with the process: arrays made and dropped again and again are not mapped anew."""

import ctypes
import subprocess
import sys

import pytest

# Prints how often a page of memory had to be mapped in later rounds.
MAKES_ARRAYS = """
import resource, sys
import numpy as np
from search_app.engine.memory import keep_memory

if sys.argv[1] == "kept":
    keep_memory()
for turn in range(20):
    if turn == 10:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [np.ones(100_000) for _ in range(10)]
    del held
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", MAKES_ARRAYS, how], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="the allocator is not glibc's")
def test_arrays_of_later_searches_take_the_memory_of_earlier_ones():
    assert faults("kept") < 100 < faults("left alone")
