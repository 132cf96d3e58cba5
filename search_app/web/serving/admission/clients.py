"""Who asks, for the count of requests: an address as a client has it, however a proxy writes it."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

# An IPv6 client has at least this much of a network to itself, 2^64 addresses of which it may take any for
# each request (RFC 4291, section 2.5.4, and RFC 8981).
IPV6_PREFIX = 64
# Addresses remembered: those who ask come back. A longer text is none.
_CACHED_ADDRESSES = 1024
_LONGEST_CACHED = 64

# As proxies write a client with the port from which it asks: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
_BRACKETED = re.compile(r"\[([^\]]*)\](?::\d+)?")
_WITH_PORT = re.compile(r"([\d.]+):\d+", re.ASCII)


def client_of(address: str) -> str:
    """Return the name under which the requests of an address are counted.

    `192.0.2.1`, `192.0.2.1:4711` and `::ffff:192.0.2.1` are one client, and so is all of an IPv6 network:
    `2001:db8::1` is of `2001:db8::/64`. What is no address stands for itself.
    """
    return (_known if len(address) <= _LONGEST_CACHED else _client)(address)


def _client(address: str) -> str:
    bare = address.strip()
    with_port = _BRACKETED.fullmatch(bare) or _WITH_PORT.fullmatch(bare)
    try:
        # A zone is the name of an interface of ours, no part of the client's address.
        found = ip_address((with_port[1] if with_port else bare).partition("%")[0])
    except ValueError:
        return bare
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    rest = 128 - IPV6_PREFIX
    return f"{IPv6Address(int(found) >> rest << rest)}/{IPV6_PREFIX}"


_known = lru_cache(_CACHED_ADDRESSES)(_client)
