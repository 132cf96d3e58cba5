"""Pages saved as one file with their pictures (MHTML), by a browser or by Excel, whatever they are called."""

import base64
import quopri

import pytest

from indexer.corpus import contents
from indexer.corpus.reading import Limits
from indexer.document import Rejection

TABLE = (
    "<html><head><title>Grants</title></head><body><table><tr><th>Title</th><th>Start</th><th>Grantee</th></tr>"
    "<tr><td>Safe = Gold</td><td>2020-01-31</td><td>Verité</td></tr></table></body></html>"
)


def part(content, kind="text/html", charset="utf-8", encoding="quoted-printable"):
    raw = content.encode(charset)
    body = quopri.encodestring(raw) if encoding == "quoted-printable" else base64.encodebytes(raw)
    said = f'Content-Type: {kind}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return said.encode() + body + b"\r\n"


def archive(*parts, mark="----MultipartBoundary--x----"):
    head = (
        "From: <Saved by Blink>\r\nSubject: Grants\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{mark}"\r\n\r\n'
    )
    between = f"--{mark}\r\n".encode()
    return head.encode() + b"".join(between + one for one in parts) + f"--{mark}--\r\n".encode()


PICTURE = part("no picture", "image/png", encoding="base64")


def read(folder, name, raw, limits=None):
    (folder / name).write_bytes(raw)
    return list(contents.read(folder, limits or Limits()))


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.html", "a.xls", "a.csv", "a.txt"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_the_page_in_an_archive_is_read(tmp_path, name, charset):
    (one,) = read(tmp_path, name, archive(part(TABLE, charset=charset), PICTURE))
    assert (one.title, str(one.start), one.grantee) == ("Safe = Gold", "2020-01-31", "Verité")


def test_of_a_workbook_saved_so_each_sheet_is_read(tmp_path):
    frames = part("<html><frameset><frame src=sheet001.htm></frameset></html>")
    sheets = [part(TABLE), part(TABLE.replace("Safe = Gold", "Clean Cocoa")), PICTURE]
    records = read(tmp_path, "a.mht", archive(frames, *sheets))
    assert [one.title for one in records] == ["Safe = Gold", "Clean Cocoa"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (archive(PICTURE), "a web archive with no page in it; save the page as HTML alone"),
        (
            archive(*[part("", "multipart/mixed")] * 30),
            "a web archive of too many parts in parts; save the page as HTML alone",
        ),
        (
            archive(part("<html><title>Sign in</title>")),
            'no project in this file, a web page called "Sign in"',
        ),
    ],
    ids=["no-page", "parts-in-parts", "no-project"],
)
def test_an_archive_without_projects_says_what_to_do(tmp_path, raw, reason):
    (record,) = read(tmp_path, "a.mht", raw)
    assert isinstance(record, Rejection)
    assert record.reason == reason


def test_a_page_in_an_archive_is_bounded_as_one_by_itself(tmp_path):
    (record,) = read(tmp_path, "a.mht", archive(part(TABLE)), Limits(page=100))
    assert record.reason.startswith("a page of more than ")


def test_a_file_that_is_no_archive_is_read_by_its_name(tmp_path):
    (one,) = read(tmp_path, "a.mht", TABLE.encode())
    assert one.title == "Safe = Gold"
