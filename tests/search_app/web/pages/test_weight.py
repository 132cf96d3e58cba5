"""Every page of a large index stays light, however many years, names and fields there are."""

import pytest

from tests.conftest import application

MOST_BYTES = 200_000
PAGES = [
    "/",
    "/search",
    "/search?q=labor",
    "/search?q=labor&active_year=1980-1984&country=Peru",
    "/search?q=labor&per_page=50&explain=1",
    "/search?q=labor&view=table&per_page=100",
    "/search?q=labor&view=timeline&per_page=100",
    "/values/grantee",
    "/values/theme?q=labor",
    "/grantees",
    "/changes",
    "/projects/gp-0000050",
]


@pytest.fixture(scope="module")
def client(large_index):
    return application(large_index).test_client()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_a_large_index_is_light(client, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert len(answer.data) <= MOST_BYTES
