"""A project in a bibliography: any text of it survives, and none ends an entry early."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.web.exports.citations import Citation, bibtex, key, ris
from tests.building import index_of
from tests.documents import SEED, TECLAB
from tests.html import parsed, text_of
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

DAY = date(2026, 1, 2)
TEXTS = st.text(max_size=60)


def cited(**changes):
    return Citation(replace(TECLAB, **changes), "Grants & more", "http://x/projects/a%20b", "G1", DAY)


def test_an_entry_of_bibtex():
    assert bibtex(
        cited(id="teclab", title="50% of {A_b} & C", description="Line one.\nLine two.")
    ).decode() == (
        "@misc{teclab,\n"
        r"  title = {{50\% of \textbraceleft{}A\_b\textbraceright{} \& C}},"
        "\n  author = {{Ergo Group, Inc.}},\n  year = {2023},\n  date = {2023-01-23/2027-07-23},\n"
        r"  howpublished = {Grants \& more},"
        "\n  note = {Index G1},\n  url = {http://x/projects/a%20b},\n  urldate = {2026-01-02},\n"
        "  abstract = {Line one. Line two.},\n}\n"
    )


def test_a_record_of_ris():
    record = ris(cited(id="teclab", title="Title\r\nER  - ", end=None)).decode()

    assert record.split("\r\n") == [
        "TY  - GEN",
        "ID  - teclab",
        "TI  - Title ER -",
        "AU  - Ergo Group, Inc.",
        "PY  - 2023",
        "DA  - 2023/01/23",
        f"AB  - {TECLAB.description}",
        "DB  - Grants & more",
        "N1  - Index G1",
        "UR  - http://x/projects/a%20b",
        "Y2  - 2026/01/02",
        "ER  - ",
        "",
    ]


def test_an_early_year_has_four_digits():
    early = cited(start=date(87, 3, 5), end=None)
    assert "  year = {0087},\n  date = {0087-03-05},\n" in bibtex(early).decode()
    assert "PY  - 0087\r\nDA  - 0087/03/05\r\n" in ris(early).decode()


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_ends_an_entry(title, grantee, description):
    entry = bibtex(cited(title=title, grantee=grantee, description=description)).decode()
    record = ris(cited(title=title, grantee=grantee, description=description)).decode()

    depth = [0]
    for mark in entry:
        depth.append(depth[-1] + {"{": 1, "}": -1}.get(mark, 0))
    closed = [place for place, level in enumerate(depth) if place and level == 0 and depth[place - 1] == 1]
    assert (min(depth), depth[-1], closed) == (0, 0, [len(entry) - 1])
    assert all(line[2:6] == "  - " for line in record.split("\r\n")[:-1])
    assert "\n" not in record.replace("\r\n", "")


@given(st.lists(st.text(min_size=1, max_size=100), unique=True, min_size=2))
def test_keys_are_plain_and_one_for_each_id(ids):
    keys = [key(one) for one in ids]

    assert len(set(keys)) == len({one.lower() for one in keys}) == len(ids)
    assert all(set(one) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-") for one in keys)


@pytest.mark.parametrize("ending", ["bib", "ris"])
def test_a_project_is_an_entry_at_its_address(client, ending):
    address = f"/projects/{TECLAB.id}.{ending}"
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{key(TECLAB.id)}.{ending}"'
    assert TECLAB.title in answer.text
    assert f"http://localhost/projects/{TECLAB.id}" in answer.text
    known = answer.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": known}).status_code == 304
    assert (client.head(address).status_code, client.head(address).data) == (200, b"")
    assert client.get(f"/projects/nobody.{ending}").status_code == 404


@pytest.mark.parametrize("ending", ["bib", "ris"])
def test_an_id_may_end_like_an_entry(backend, tmp_path, ending):
    client = backend.application(index_of(tmp_path, [replace(SEED[0], id=f"a.{ending}")])).test_client()

    assert client.get(f"/projects/a.{ending}").content_type.startswith("text/html")
    assert client.get(f"/projects/a.{ending}.{ending}").content_type.startswith("application/x-")


def test_the_page_links_them_and_shows_a_citation_to_copy(client):
    tree = parsed(client.get(f"/projects/{TECLAB.id}"))
    cite = tree.find(".//section[@class='part cite']")

    links = {text_of(one): one.get("href") for one in cite.findall(".//a")}
    assert links == {
        "BibTeX": f"/projects/{TECLAB.id}.bib",
        "RIS": f"/projects/{TECLAB.id}.ris",
        "JSON": f"/projects/{TECLAB.id}.json",
    }
    field = cite.find(".//textarea")
    assert field.get("readonly") is not None
    assert TECLAB.title in field.text
