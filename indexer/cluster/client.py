"""Cluster: requests to the nodes of an OpenSearch cluster, one after the other until one answers.

`urllib3` is all it takes: the service makes a dozen kinds of requests, and whatever `opensearch-py` adds to
it (`requests`, `certifi`, `python-dateutil`, `Events`) would be there for nothing.
"""

from __future__ import annotations

import base64
import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import orjson

from indexer.errors import ClusterError, ClusterGoneError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

Json: TypeAlias = Mapping[str, Any]

# Seconds to reach a node, and to wait for an answer, all nodes together: who asks is told within two.
CONNECT_SECONDS, READ_SECONDS = 0.5, 1.8
# A node that did not answer is asked last for so long.
AVOIDED_SECONDS = 10.0
# What a node that is starting or going away answers; another one may do better.
ELSEWHERE = frozenset({429, 502, 503, 504})
# Not found, and a state that somebody else changed: answers, not failures.
NOT_FOUND, CONFLICT = 404, 409
# What was waited for did not come about in the time.
TIMED_OUT = 408


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


class Cluster:
    """The nodes of a cluster; threads may share it."""

    def __init__(self, access: Access, *, seconds: float = READ_SECONDS) -> None:
        """Ask nothing yet; wait `seconds` for an answer. Raise ClusterError for an address that is none."""
        self.name, self._seconds = access.name, seconds
        self._access = access
        self._urls = tuple(one.rstrip("/") for one in access.urls)
        for url in self._urls:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ClusterError(
                    f"{url!r} is no address of a cluster; it begins with https:// and names a host"
                )
            if parts.username or parts.password:
                raise ClusterError(
                    f"{parts.hostname}: user and password are set in SEARCH_CLUSTER_USER, …_PASSWORD"
                )
        if not self._urls:
            raise ClusterError("no cluster is named; set SEARCH_CLUSTER_URL")
        self._turn = itertools.count()
        self._failed: dict[str, float] = {}
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        if access.user:
            pair = base64.b64encode(f"{access.user}:{access.password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {pair}"

    def __reduce__(self) -> tuple[Callable[[Access], Cluster], tuple[Access]]:
        # Another process makes connections of its own.
        return partial(Cluster, seconds=self._seconds), (self._access,)

    @cached_property
    def _pool(self) -> PoolManager:
        try:
            import urllib3
        except ModuleNotFoundError:
            raise ClusterError("a cluster needs urllib3; run: pip install 'grant-search[cluster]'") from None
        access = self._access
        return urllib3.PoolManager(
            maxsize=16,
            cert_reqs="CERT_REQUIRED",
            ca_certs=access.ca_file or None,
            cert_file=access.client_certificate or None,
            retries=False,
        )

    def get(self, path: str, **parameters: str) -> Json:
        """Return the answer to a GET; raise ClusterError."""
        return self.ask("GET", path, parameters=parameters)

    def ask(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        parameters: Mapping[str, str] | None = None,
        seconds: float | None = None,
        allowed: Iterable[int] = (),
    ) -> Json:
        """Return the answer of the first node that gives one; `allowed` statuses are answers as well.

        Raise ClusterGoneError when no node answers, ClusterError when the request is refused.
        """
        target = "/" + quote(path, safe="/,*-_.<>") + (f"?{urlencode(parameters)}" if parameters else "")
        content = body if isinstance(body, bytes | None) else orjson.dumps(body)
        ends, why = time.monotonic() + (seconds or self._seconds), "no node was asked"
        for number, url in enumerate(order := self._order()):
            left = ends - time.monotonic()
            # What hangs is left in time for the others.
            others = len(order) - number - 1
            if left <= 0:
                break
            try:
                answer = self._request(method, url + target, content, left * (0.6 if others else 1.0))
            except ClusterGoneError as error:
                why, self._failed[url] = str(error), time.monotonic()
                continue
            if answer.status in ELSEWHERE:
                why = f"{url} answers {answer.status}: {_reason(answer)}"
                continue
            if answer.status >= 400 and answer.status not in allowed:
                raise ClusterError(f"{url} refuses {method} /{path}: {_reason(answer)}")
            return _json(answer)
        raise ClusterGoneError(f"the cluster does not answer ({why})")

    def _order(self) -> list[str]:
        """Return the nodes in turn, those that failed a moment ago last."""
        first, now = next(self._turn), time.monotonic()
        turned = [self._urls[(first + number) % len(self._urls)] for number in range(len(self._urls))]
        return sorted(turned, key=lambda url: now - self._failed.get(url, -AVOIDED_SECONDS) < AVOIDED_SECONDS)

    def _request(self, method: str, url: str, content: bytes | None, seconds: float) -> BaseHTTPResponse:
        import urllib3

        try:
            return self._pool.request(
                method,
                url,
                body=content,
                headers=self._headers,
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds),
                redirect=False,
            )
        except urllib3.exceptions.SSLError as error:
            raise ClusterError(
                f"{url.split('?')[0]}: its certificate is not trusted ({error}); see SEARCH_CLUSTER_CA_FILE"
            ) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            host = urlsplit(url).netloc
            raise ClusterGoneError(f"{host}: {type(error).__name__}") from None


def _json(answer: BaseHTTPResponse) -> Json:
    if not answer.data:
        return {}
    try:
        found = orjson.loads(answer.data)
    except ValueError:
        raise ClusterError("what answers is no OpenSearch cluster") from None
    return found if isinstance(found, dict) else {"rows": found}


def _reason(answer: BaseHTTPResponse) -> str:
    if answer.status in (401, 403):
        return "user or password are not accepted (SEARCH_CLUSTER_USER, SEARCH_CLUSTER_PASSWORD)"
    try:
        error = orjson.loads(answer.data)["error"]
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status}"
    causes = error.get("root_cause") or [error] if isinstance(error, dict) else []
    reason = next((str(one.get("reason")) for one in causes), str(error))
    return " ".join(reason.split())[:300]
