"""Connecting: connections to the nodes of a cluster, and one line for each way in which there is none.

A line says what to do; no line has a password, not even one that was typed into an address.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from indexer.errors import ClusterError, ClusterGoneError, ClusterSettingError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

# The oldest OpenSearch that has all that is asked of it.
LEAST_VERSION = (2, 19)
UNAUTHORIZED, FORBIDDEN = 401, 403
# What a server that speaks no TLS makes of a handshake, as OpenSSL calls it.
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})
# What a certificate may be refused for, as OpenSSL numbers it.
_EXPIRED, _OTHER_HOST, _OTHER_ADDRESS = 10, 62, 64
# What an index may be called: the name of a generation and of its parts is added to it.
_NAME, _LONGEST_NAME = re.compile(r"[^\W_][\w.-]*"), 200
# What the security of OpenSearch names a right that is missed by.
_RIGHT = re.compile(r"no permissions for \[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Access:
    """Where a cluster is and who asks: several addresses of nodes, a user, the certificates believed.

    `name` is what the index is called there: an alias, and the beginning of every index's name.
    """

    urls: tuple[str, ...]
    name: str = "projects"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    client_certificate: str = ""


def address(url: str) -> str:
    """Return the address of a node without slashes at its end; raise ClusterSettingError if it is none."""
    # Whatever stands before an @ may be a password.
    shown = url.rpartition("@")[2]
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment:
        raise ClusterSettingError(
            f"{shown!r} is no address of a cluster; it begins with https:// and names a host, as "
            "https://node1:9200 (SEARCH_CLUSTER_URL)"
        )
    if "@" in parts.netloc:
        raise ClusterSettingError(
            f"{shown!r}: the user and the password are not part of the address; set SEARCH_CLUSTER_USER and "
            "SEARCH_CLUSTER_PASSWORD"
        )
    return url.rstrip("/")


def named(name: str) -> str:
    """Return what an index is called; raise ClusterSettingError if no index can be called so."""
    if not _NAME.fullmatch(name) or len(name.encode()) > _LONGEST_NAME or name != name.lower():
        raise ClusterSettingError(
            f"{name!r} is no name of an index; it has small letters, digits, '-', '_', '.', and begins with "
            f"a letter or digit, {_LONGEST_NAME} bytes at most (SEARCH_CLUSTER_NAME)"
        )
    return name


def pool_of(access: Access) -> PoolManager:
    """Return connections that verify certificates; raise ClusterSettingError where they cannot be made."""
    try:
        import urllib3
    except ImportError:
        raise ClusterSettingError(
            "a cluster needs urllib3; run: pip install 'grant-search[cluster]'"
        ) from None
    secured = any(url.startswith("https:") for url in access.urls)
    context = _tls(access) if secured or access.ca_file or access.client_certificate else None
    return urllib3.PoolManager(maxsize=16, ssl_context=context, retries=False)


def _tls(access: Access) -> ssl.SSLContext:
    """Return what is believed and what is shown; raise ClusterSettingError for a file that is wrong."""
    context = ssl.create_default_context()
    if access.ca_file:
        # Those alone are believed, and no others of the system.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(access.ca_file)
        except (OSError, ValueError) as error:
            why = _file_error(error, "it has no certificates in PEM")
            raise ClusterSettingError(f"SEARCH_CLUSTER_CA_FILE: {access.ca_file}: {why}") from None
    if access.client_certificate:
        try:
            # A key with a password would have one asked for.
            context.load_cert_chain(access.client_certificate, password=lambda: b"")
        except (OSError, ValueError) as error:
            why = _file_error(
                error, "it must have a certificate and its key, both in PEM, without a password"
            )
            raise ClusterSettingError(
                f"SEARCH_CLUSTER_CERTIFICATE: {access.client_certificate}: {why}"
            ) from None
    return context


def _file_error(error: Exception, otherwise: str) -> str:
    told = isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.strerror
    return f"cannot be read ({error.strerror})" if told else otherwise  # type: ignore[attr-defined]


def ended(access: Access, url: str, error: Exception) -> ClusterError:
    """Return what ended a request to a node, as one line: ClusterGoneError if it may soon be otherwise."""
    import urllib3.exceptions as of

    parts = urlsplit(url)
    host = parts.netloc
    if isinstance(error, of.SSLError):
        cause = error.args[0] if error.args else error
        if not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return _distrust(host, cause)
    if isinstance(error, of.NameResolutionError):
        return ClusterGoneError(f"there is no host {parts.hostname} (SEARCH_CLUSTER_URL)")
    if isinstance(error, of.NewConnectionError):
        why = getattr(error.__cause__, "strerror", None) or "no connection"
        return ClusterGoneError(f"{host}: {why}; is a node running there?")
    if isinstance(error, of.ConnectTimeoutError):
        return ClusterGoneError(f"{host} cannot be reached: nothing there takes a connection")
    if isinstance(error, of.TimeoutError):
        return ClusterGoneError(f"{host} does not answer in time")
    # A node that goes away does so; one that speaks TLS, or misses a certificate, may do nothing else.
    perhaps = "" if access.client_certificate else "; if it wants a certificate: SEARCH_CLUSTER_CERTIFICATE"
    if parts.scheme == "http":
        perhaps = "; where it speaks TLS, its address begins with https://"
    return ClusterGoneError(f"{host} broke the connection off{perhaps}")


def _distrust(host: str, error: object) -> ClusterError:
    """Return why there is no TLS with a node."""
    if isinstance(error, ssl.SSLCertVerificationError):
        code, said = error.verify_code, error.verify_message
        if code in (_OTHER_HOST, _OTHER_ADDRESS):
            return ClusterError(
                f"the certificate of {host} is for another host; SEARCH_CLUSTER_URL must have the name in it"
            )
        if code == _EXPIRED:
            return ClusterError(f"the certificate of {host} has expired; the node needs another one")
        return ClusterError(
            f"the certificate of {host} is not trusted ({said}); name what signed it: SEARCH_CLUSTER_CA_FILE"
        )
    reason = str(getattr(error, "reason", "") or "")
    if reason in _NO_TLS:
        return ClusterError(f"{host} speaks no TLS; then its address begins with http://")
    if "ALERT" in reason:
        return ClusterError(
            f"{host} ended the handshake ({reason}); if it wants a certificate that it trusts, name yours in "
            "SEARCH_CLUSTER_CERTIFICATE"
        )
    return ClusterError(f"there is no TLS with {host} ({reason or type(error).__name__})")


def refused(access: Access, url: str, request: str, answer: BaseHTTPResponse) -> ClusterError:
    """Return why a node refused a request, as one line."""
    host, kind, said = urlsplit(url).netloc, *_said(answer)
    asks = f"user {access.user}" if access.user else "nobody"
    if answer.status == UNAUTHORIZED:
        if not access.user:
            return ClusterError(
                f"{host} asks for a user; set SEARCH_CLUSTER_USER and SEARCH_CLUSTER_PASSWORD"
            )
        return ClusterError(
            f"{host} does not accept {asks} with this password (SEARCH_CLUSTER_USER, SEARCH_CLUSTER_PASSWORD)"
        )
    if kind == "security_exception" or (answer.status == FORBIDDEN and not said):
        missed = _RIGHT.search(said)
        right = f"the right {missed[1]}" if missed else f"a right for {request}"
        return ClusterError(f"{asks} lacks {right} on {host}; docs/cluster.md says which are needed")
    if not said:
        return ClusterError(f"what answers at {url} is no OpenSearch cluster ({request}: {answer.status})")
    return ClusterError(f"{url} refuses {request}: {said}")


def _said(answer: BaseHTTPResponse) -> tuple[str, str]:
    """Return the type of an error and its reason in one line, "" where the answer has none."""
    try:
        error = orjson.loads(answer.data)["error"]
    except (ValueError, KeyError, TypeError):
        return "", ""
    if not isinstance(error, dict):
        return "", _line(error)
    causes = error.get("root_cause") or [error]
    cause = next((one for one in causes if isinstance(one, dict)), {})
    return str(cause.get("type", "")), _line(cause.get("reason") or error)


def _line(text: object) -> str:
    return " ".join(str(text).split())[:300]


def reason_of(answer: BaseHTTPResponse) -> str:
    """Return why a node has no answer now, in one line."""
    return _said(answer)[1] or f"status {answer.status}"


def recognise(url: str, told: Mapping[str, Any]) -> None:
    """Raise ClusterError unless what a node tells of itself is that of an OpenSearch that is new enough."""
    version = told.get("version")
    number = str(version.get("number", "")) if isinstance(version, dict) else ""
    needed = ".".join(map(str, LEAST_VERSION))
    if not isinstance(version, dict) or version.get("distribution") != "opensearch":
        what = f"Elasticsearch {number}" if "for Search" in str(told.get("tagline")) else "no OpenSearch"
        raise ClusterError(f"what answers at {url} is {what}; OpenSearch {needed} or newer is needed")
    found = tuple(int(part) for part in re.findall(r"\d+", number)[:2])
    # A cluster may be told to call itself 7.10, for clients of Elasticsearch: then nobody knows.
    if found < LEAST_VERSION:
        raise ClusterError(f"{url} is OpenSearch {number}; {needed} or newer is needed")
