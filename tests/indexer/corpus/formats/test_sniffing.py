"""What a file holds, whatever its name says."""

import pytest

from indexer.corpus.formats.sniffing import kind_within

LISTING = (
    b"Safe Gold01/23/2023 - 07/23/2027 Miners, buyers, and courts, in Peru, learn | to trade | Ergo |\n|\n"
)


@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_text_with_headings_over_rows_is_a_table(separator, encoding):
    rows = [["Our grants"], ["Título", "Início", "Beneficiário"], ["Ouro", "2020", "Verité"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert kind_within("listing", text.encode(encoding)) == "table"


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
