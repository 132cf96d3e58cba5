"""Requests are counted by who asks, whatever address of its own a client takes and a proxy writes."""

import pytest

from search_app.web.serving.admission.clients import client_of
from tests.conftest import application

ONE_CLIENT = {
    "ports": ("192.0.2.1", "192.0.2.1:4711", "192.0.2.1:80", " 192.0.2.1"),
    "mapped": ("192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201", "[::ffff:192.0.2.1]:4711"),
    "network": ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:DB8:0:1:0:0:0:3", "[2001:db8:0:1::4]:4711"),
    "zones": ("fe80::1", "fe80::1%eth0", "[fe80::1%eth0]:80"),
    "no address": ("unix:", "unix:"),
}
OTHERS = (
    "192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1", "::1", "", "unix:", "unknown",
    "192.0.2.1.5:80", "2001:db8::g", "x" * 500,
)  # fmt: skip


@pytest.mark.parametrize("written", ONE_CLIENT.values(), ids=ONE_CLIENT)
def test_one_client_is_one_however_it_is_written(written):
    assert len({client_of(one) for one in written}) == 1


def test_clients_of_different_networks_are_apart():
    assert len({client_of(one) for one in OTHERS}) == len(OTHERS)


@pytest.mark.parametrize("written", ONE_CLIENT.values(), ids=ONE_CLIENT)
def test_nobody_may_ask_more_by_another_address_of_the_same_client(seed_index, written):
    client = application(seed_index, SEARCH_RATE_LIMIT=2, SEARCH_PROXIES=1).test_client()
    statuses = [
        client.get(f"/api/v1/search?q=word{number}", headers={"X-Forwarded-For": one}).status_code
        for number, one in enumerate((written * 2)[:3])
    ]

    assert statuses == [200, 200, 429]
