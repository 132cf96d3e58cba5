"""What a file holds, whatever its name says."""

import pytest

from indexer.corpus import contents
from indexer.corpus.formats.sniffing import is_one_value, kind_within, why_another_format

LISTING = (
    b"Safe Gold01/23/2023 - 07/23/2027 Miners, buyers, and courts, in Peru, learn | to trade | Ergo |\n|\n"
)


@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_text_with_headings_over_rows_is_a_table(separator, encoding):
    rows = [["Our grants"], ["Título", "Início", "Beneficiário"], ["Ouro", "2020", "Verité"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert kind_within("listing", text.encode(encoding)) == "table"


def test_a_line_drawn_below_headings_does_not_part_them_from_the_rows():
    text = b"Grants\n------\n|Title|Start|\n+-----+-----+\n|Gold |2020 |\n"
    assert kind_within("listing", text) == "table"


def test_bars_in_the_first_row_do_not_hide_the_headings_over_a_rule():
    text = b"| Title | Start |\n|---|---|\n| Gold \\| silver | 2020 |\n"
    assert kind_within("listing", text) == "table"


@pytest.mark.parametrize(
    "text",
    [
        LISTING,
        b"Title, start, grantee: these are the columns\n" + LISTING,
        b"Project Title\nStart | End | Grantee\nSafe Gold\n",
        b"",
    ],
    ids=["listing", "a-sentence-above", "no-row-below", "nothing"],
)
def test_what_has_no_rows_below_headings_is_a_copied_page(text):
    assert kind_within("listing", text) == "listing"


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b'[{"title": "A"}', True),
        (b'\xef\xbb\xbf\n [\n{"title": "A"},\n', True),
        (b'{\r\n  "grants": [', True),
        (b'{"title": "A"}\n{"title": "B"}\n', False),
        (b'\n{"title": "A"},\n', False),
        (b"not JSON [", False),
        (b"", False),
    ],
    ids=["list", "list-over-lines", "object-over-lines", "lines", "lines-with-commas", "text", "nothing"],
)
def test_json_is_told_from_json_lines(head, is_one):
    assert is_one_value(head) is is_one


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"PAR1\x15", "Parquet"),
        (b"SQLite format 3\0", "SQLite"),
        (b"\x1f\x8b\x08", ".gz"),
        (b"BZh9", "unpack"),
    ],
    ids=["pdf", "rtf", "parquet", "sqlite", "gzip", "bzip2"],
)
def test_what_no_reader_takes_is_named_by_its_first_bytes(head, word):
    assert word in why_another_format(head)


@pytest.mark.parametrize("head", [b"Title,Start\n", b"PK\x03\x04", b"<html>", b"{}", b""], ids=repr)
def test_what_a_reader_takes_is_not_refused(head):
    assert why_another_format(head) == ""


@pytest.mark.parametrize("name", ["mail.csv", "mail.txt", "mail.json"])
def test_an_e_mail_is_named_as_one(tmp_path, name):
    text = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    (tmp_path / name).write_text(text, encoding="utf-8")
    (one,) = contents.read(tmp_path)
    assert one.reason == "an e-mail; save what is attached to it, and put that here"


def test_linked_data_have_a_name_of_their_own(tmp_path):
    (tmp_path / "grants.jsonld").write_text('[{"@type": "Grant", "name": "Safe Gold"}]', encoding="utf-8")
    assert [one.title for one in contents.read(tmp_path)] == ["Safe Gold"]
