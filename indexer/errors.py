"""What can go wrong on the write path; every error says the fact and what to do."""

from __future__ import annotations

import errno
from copy import copy
from pathlib import Path
from typing import Self

# Exit codes of `reindex`, from sysexits.h where it has one; `reporting.starting` has those of signals.
EXIT_OK = 0
EXIT_REJECTED = 1
EXIT_USAGE = 2
EXIT_BAD_INDEX = 65
EXIT_NO_CORPUS = 66
EXIT_UNAVAILABLE = 69
EXIT_FAULT = 70
EXIT_CANNOT_WRITE = 74
EXIT_LOCKED = 75
EXIT_SHRUNK = 76
EXIT_FOREIGN = 78
EXIT_CONFIG = 78

# What to do about what may not be read.
LET_READ = "let the user that runs this read it"
# What to do where more is open than a process, or all of them, may have open.
MORE_FILES = "allow it more open files (ulimit -n)"
# What to do about what the system refuses to write, by its number; the rest speaks for itself.
_REMEDIES = {
    errno.EACCES: "let the user that runs this read and write there",
    errno.EPERM: "let the user that runs this read and write there",
    errno.EROFS: "name a folder that can be written",
    errno.ENOSPC: "make room, and run it again",
    errno.EDQUOT: "make room, or have the quota raised, and run it again",
}


def remedy(error: OSError) -> str:
    """Return what to do about an error of the system, "" where that is not known."""
    return _REMEDIES.get(error.errno or 0, "")


def why_not_read(error: OSError) -> str:
    """Return why something cannot be read, and what to do about it where that is known."""
    why = f"cannot be read: {error.strerror or error}"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"{why}; {MORE_FILES}"
    return f"{why}; {LET_READ}" if isinstance(error, PermissionError) else why


class IndexerError(Exception):
    """Root of the indexer's errors; `exit_code` is what `reindex` ends with."""

    exit_code = EXIT_REJECTED

    def __init__(self, message: str, *, path: Path | str | None = None) -> None:
        """Say `message`; `path` is the file or folder it is about."""
        super().__init__(message)
        self.path = path

    def anew(self) -> Self:
        """Return the same error as if it had never been raised.

        One that is kept would keep with it all frames that it came through, and one that is raised time and
        again those of each time: what they hold, be it files or requests, would stay in memory.
        """
        return copy(self)


class NoIndexError(IndexerError):
    """No generation has been published in the index folder."""

    exit_code = EXIT_BAD_INDEX


class IndexFormatError(IndexerError):
    """The generation was written by another format, schema or analyzer."""

    exit_code = EXIT_BAD_INDEX


class DamagedIndexError(IndexerError):
    """A file of the generation is missing, cut or altered."""

    exit_code = EXIT_BAD_INDEX


class ReadOnlyIndexError(IndexerError):
    """Something wanted to write into an index; only `reindex` does."""

    exit_code = EXIT_USAGE


class UnreadableIndexError(IndexerError):
    """The index folder may not be read, or the disk fails."""

    exit_code = EXIT_CANNOT_WRITE


class UnconfirmedError(IndexerError):
    """A generation was published, but the disk did not confirm that it will stay so."""

    exit_code = EXIT_CANNOT_WRITE


class WorkerLostError(IndexerError):
    """A process that analysed the corpus ended before its work was done."""

    exit_code = EXIT_CANNOT_WRITE


class CorpusError(IndexerError):
    """The corpus folder cannot be read at all."""

    exit_code = EXIT_NO_CORPUS


class LockedError(IndexerError):
    """Another `reindex` is running."""

    exit_code = EXIT_LOCKED


class ShrunkError(IndexerError):
    """The corpus lost more of its projects than is believable."""

    exit_code = EXIT_SHRUNK


class ForeignFolderError(IndexerError):
    """The folder given for the index holds what `reindex` did not make, or meets the corpus."""

    exit_code = EXIT_FOREIGN


class FieldsError(IndexerError):
    """`fields.toml` says something that cannot be; the message names its line."""

    exit_code = EXIT_CONFIG


class ClusterError(IndexerError):
    """A cluster is not as it must be, or refuses what is asked; the message says what to do."""

    exit_code = EXIT_UNAVAILABLE


class ClusterSettingError(ClusterError):
    """A setting with which no cluster can be asked: an address that is none, a file that cannot be read."""

    exit_code = EXIT_USAGE


class ClusterGoneError(ClusterError):
    """No node of a cluster answers, or the cluster has no whole answer now; it may have one soon."""
