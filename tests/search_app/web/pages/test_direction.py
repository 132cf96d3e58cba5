"""Names and texts of a corpus run in their own direction: a page of ours is written from left to right."""

import re
from datetime import date
from urllib.parse import quote

import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from tests.building import index_of, write_corpus
from tests.conftest import application
from tests.html import parsed

GRANTEES = ["منظمة العمل (العربية)", "הסתדרות העובדים!"]
THEMES = ["مياه (شرب)", "תעשייה!", "mines"]
LETTERS_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff]")
# Text that is shown as it is, or nowhere on the page, has no markup.
PLAIN = {"title", "script", "textarea", "option"}


def a_project(number, description="تعزيز حقوق العمال."):
    return Project(
        f"p{number}",
        f"حقوق العمال ({number})",
        description,
        GRANTEES[number % 2],
        date(2019, 1, 1),
        date(2024, 1, 1),
        (("نوع المشروع", THEMES[number % 3]), ("Place", f"قرية {number}!")),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A client over nine projects in Arabic and Hebrew, one of which has changed."""
    folder = tmp_path_factory.mktemp("direction")
    projects = [a_project(number) for number in range(9)]
    index_of(folder, projects)
    write_corpus(folder / "corpus", [a_project(0, "حماية الأطفال!"), *projects[1:]])
    reindex(folder / "corpus", folder / "index", BuildOptions())
    return application(folder / "index").test_client()


def lost(element, own=False):
    """Yield texts that are written from right to left where nothing says that they may be."""
    if element.tag in PLAIN:
        return
    own = own or element.tag == "bdi" or "dir" in element.attrib
    for text in (element.text, *(one.tail for one in element)):
        if not own and LETTERS_FROM_THE_RIGHT.search(text or ""):
            yield f"{element.tag}: {text.strip()}"
    for one in element:
        yield from lost(one, own)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search?q=p1",
        "/search?explain=1",
        "/search?view=table",
        "/search?view=timeline",
        f"/search?grantee={quote(GRANTEES[0])}",
        f"/search?q=none&grantee={quote(GRANTEES[0])}",
        "/projects/p1",
        "/grantees",
        "/changes",
        "/values/grantee",
    ],
)
def test_no_text_of_the_corpus_is_in_the_direction_of_the_page(client, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert LETTERS_FROM_THE_RIGHT.search(answer.text)
    assert list(lost(parsed(answer).find("body"))) == []


@pytest.mark.parametrize("address", ["/", "/grantees", "/changes", "/values/grantee", "/search"])
def test_what_is_typed_runs_in_its_own_direction(client, address):
    fields = [one for one in parsed(client.get(address)).iter("input") if one.get("type") == "search"]

    assert fields
    assert {one.get("dir") for one in fields} == {"auto"}


TYPED = quote("12 حقوق’ (مياه)")


@pytest.mark.parametrize(
    "address",
    [
        f"/search?q={TYPED}",
        f"/search?q={quote('حقو')}",
        f"/search?q={quote('العمال 2021 شرط:مياه')}",
        f"/search?active_from={TYPED}",
        f"/search?page={TYPED}",
        f"/values/grantee?q={TYPED}&find={TYPED}",
        f"/grantees?q={TYPED}",
        f"/grantees?q={quote('؟؟')}",
        f"/changes?q={TYPED}&from={TYPED}",
        f"/changes?q={quote('شرط:مياه')}",
        f"/projects/{TYPED}",
    ],
)
def test_nothing_that_was_typed_is_in_the_direction_of_the_page(client, address):
    answer = client.get(address)

    assert LETTERS_FROM_THE_RIGHT.search(answer.text)
    assert list(lost(parsed(answer).find("body"))) == []
