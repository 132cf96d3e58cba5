"""Archives: each file in one is read as a file by itself; damaged, locked, nested and endless ones are named."""

import gzip
import struct
import zipfile

import pytest

from indexer.corpus import contents
from indexer.corpus.files import archives
from indexer.corpus.files.fingerprint import corpus_fingerprint
from indexer.corpus.reading import MEGABYTE, Limits
from indexer.document import Project, Rejection

TABLE = "title,start\n{},2020-01-31\n"


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def pack(path, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def read(corpus, limits=None):
    """Return the projects as title and source, and the rejections as place and reason."""
    records = list(contents.read(corpus, limits or Limits()))
    projects = [(one.title, one.source_line) for one in records if isinstance(one, Project)]
    return projects, [(one.path, one.reason) for one in records if isinstance(one, Rejection)]


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_each_file_in_an_archive_is_read_by_its_own_format(corpus, method):
    pack(
        corpus / "all.zip",
        [
            ("2020/a.csv", TABLE.format("Safe Gold")),
            ("b.jsonl", '{"title": "Fair Work"}\n'),
            ("c.csv.gz", gzip.compress(TABLE.format("Clean Cocoa").encode())),
            ("README.txt", "what this is"),
            ("__MACOSX/2020/._a.csv", b"\0\1"),
            ("empty/", b""),
        ],
        method,
    )
    projects, rejected = read(corpus)
    assert sorted(projects) == [
        ("Clean Cocoa", "all.zip/c.csv.gz:2"),
        ("Fair Work", "all.zip/b.jsonl:1"),
        ("Safe Gold", "all.zip/2020/a.csv:2"),
    ]
    assert not rejected


def test_what_cannot_be_read_in_an_archive_is_named_and_the_rest_is_read(corpus):
    pack(corpus / "inner.zip", [("a.csv", TABLE.format("Inner"))])
    inner = (corpus / "inner.zip").read_bytes()
    (corpus / "inner.zip").unlink()
    files = [
        ("in.zip", inner),
        ("notes.pdf", b"%PDF"),
        ("../../etc/out.csv", TABLE.format("Out")),
        ("a.csv", TABLE.format("Safe Gold")),
    ]
    pack(corpus / "all.zip", files)
    projects, rejected = read(corpus)
    # A name is only a name: nothing is ever written by it.
    assert {title for title, _ in projects} == {"Safe Gold"} | ({"Out"} & {title for title, _ in projects})
    assert ("all.zip/in.zip", "an archive in an archive; unpack it, and put what is in it here") in rejected
    assert ("all.zip/notes.pdf", "not a format that is read; save the table as .csv or .html") in rejected


def locked(raw):
    """Return an archive that says its first file is locked, in both places where that stands."""
    at = raw.index(b"PK\1\2")
    return raw[:6] + b"\1" + raw[7 : at + 8] + b"\1" + raw[at + 9 :]


def of_many_files(raw):
    """Return an archive whose list says that it is longer than any list of files."""
    at = raw.rindex(b"PK\5\6")
    return raw[: at + 12] + struct.pack("<L", 64 * MEGABYTE) + raw[at + 16 :] + b""


def of_another_method(raw):
    at = raw.index(b"PK\1\2")
    return raw[:8] + b"\x63\0" + raw[10 : at + 10] + b"\x63\0" + raw[at + 12 :]


BROKEN = {
    "no-archive": (lambda raw: b"PK\3\4" + bytes(40), "not an archive that can be read"),
    "cut-off": (lambda raw: raw[: len(raw) // 2], "not an archive that can be read"),
    "nothing": (lambda raw: b"", "not an archive that can be read"),
    "locked": (locked, "locked by a password; unpack it, and put what is in it here"),
    "endless-list": (of_many_files, "an archive"),
    "unknown-packing": (of_another_method, "damaged archive"),
    "flipped": (lambda raw: raw[:60] + bytes([raw[60] ^ 255]) + raw[61:], "damaged archive"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_damaged_archive_is_named_and_the_run_goes_on(corpus, kind):
    change, reason = BROKEN[kind]
    lines = "".join(f"Project {number},2020-01-31\n" for number in range(50))
    raw = pack(corpus / "a.zip", [("a.csv", f"title,start\n{lines}")]).read_bytes()
    (corpus / "a.zip").write_bytes(change(raw))
    (corpus / "b.csv").write_text(TABLE.format("Safe Gold"))
    projects, rejected = read(corpus)
    assert ("Safe Gold", "b.csv:2") in projects
    assert any(path.startswith("a.zip") and reason in told for path, told in rejected), rejected


def test_a_file_that_unfolds_without_end_is_cut_at_its_limit(corpus):
    pack(
        corpus / "a.zip",
        [("bomb.csv", b"title,start\n" + b"0" * (8 * MEGABYTE)), ("b.csv", TABLE.format("Safe Gold"))],
    )
    projects, rejected = read(corpus, Limits(lines=2 * MEGABYTE))
    assert [title for title, _ in projects] == ["Safe Gold"]
    assert [path for path, _ in rejected] == ["a.zip/bomb.csv"]


def test_an_archive_of_too_many_files_is_named(corpus, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    pack(corpus / "a.zip", [(f"{number}.csv", TABLE.format(number)) for number in range(3)])
    assert read(corpus) == ([], [("a.zip", "an archive of 3 files; at most 2")])


def test_an_archive_without_a_file_to_read_is_told(corpus):
    pack(corpus / "a.zip", [("README.md", "x")])
    assert read(corpus) == ([], [("a.zip", "an archive with no file that is read")])


def test_another_content_is_another_corpus(corpus):
    pack(corpus / "a.zip", [("a.csv", TABLE.format("Safe Gold"))])
    before = corpus_fingerprint(corpus)
    pack(corpus / "a.zip", [("a.csv", TABLE.format("Safe Cobalt"))])
    assert corpus_fingerprint(corpus) != before
