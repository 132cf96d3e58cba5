"""Memory that every search needs again stays with the process.

A search makes some dozens of arrays and drops them. Left alone, the allocator of glibc gives such pieces
back to the system and asks for them anew, and each page of them is cleared and mapped again: a tenth of
a search for several words. And it gives each thread pieces of its own, so that a search on another thread
than the last finds none of them in the caches; here threads work in turn, and one heap serves all.
"""

from __future__ import annotations

import ctypes
from functools import cache

# Parameters of glibc's mallopt(3), from <malloc.h>.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# What stays at most at the end of a heap, and from where on an array has pages of its own, in bytes: an
# array of 8 bytes for each of a million projects stays below; more than 32 MiB mallopt does not take.
_KEPT, _ALONE = 64 << 20, 32 << 20


@cache
def keep_memory() -> None:
    """Let the allocator keep what arrays of a search take up; does nothing where it is not glibc's."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):
        return
    mallopt(_M_TRIM_THRESHOLD, _KEPT)
    mallopt(_M_MMAP_THRESHOLD, _ALONE)
    mallopt(_M_ARENA_MAX, 1)
