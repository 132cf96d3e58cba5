"""Files and folders brought to the disk, also where the file system cannot confirm a folder."""

import errno
import os
import stat

import pytest

from indexer.build import reindex
from indexer.storage.folder.hashing import sync
from tests.building import write_corpus
from tests.documents import SEED
from tests.reliability.states import documents


def refuse(monkeypatch, code, is_refused):
    """Have fsync fail with `code` for what is of a kind; return the descriptors' kinds that were asked."""
    original, refused = os.fsync, []

    def confirm(descriptor):
        if is_refused(os.fstat(descriptor).st_mode):
            refused.append(descriptor)
            raise OSError(code, os.strerror(code))
        original(descriptor)

    monkeypatch.setattr(os, "fsync", confirm)
    return refused


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_an_index_is_published_where_folders_cannot_be_confirmed(tmp_path, monkeypatch, code):
    corpus = write_corpus(tmp_path / "corpus", SEED)
    refused = refuse(monkeypatch, code, stat.S_ISDIR)
    reindex(corpus, tmp_path / "index")

    assert refused
    assert documents(tmp_path / "index") == len(SEED)


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_is_confirmed_everywhere(tmp_path, monkeypatch, code):
    path = tmp_path / "file"
    path.write_text("content")
    refuse(monkeypatch, code, stat.S_ISREG)

    with pytest.raises(OSError, match=os.strerror(code)):
        sync(path)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_folder_that_a_failing_disk_does_not_confirm_is_told(tmp_path, monkeypatch, code):
    refuse(monkeypatch, code, stat.S_ISDIR)

    with pytest.raises(OSError, match=os.strerror(code)):
        sync(tmp_path)
