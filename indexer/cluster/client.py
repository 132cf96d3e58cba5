"""Cluster: requests to the nodes of an OpenSearch cluster, one after the other until one answers.

`urllib3` is all it takes: the service makes a dozen kinds of requests, and whatever `opensearch-py` adds to
it (`requests`, `certifi`, `python-dateutil`, `Events`) would be there for nothing.
"""

from __future__ import annotations

import base64
import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote, urlencode

import orjson

from indexer.cluster.connecting import Access as Access
from indexer.cluster.connecting import address, ended, named, pool_of, reason_of, recognise, refused
from indexer.errors import ClusterError, ClusterGoneError, ClusterSettingError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

Json: TypeAlias = Mapping[str, Any]

# Seconds to reach a node, and to wait for an answer, all nodes together: who asks is told within two.
CONNECT_SECONDS, READ_SECONDS = 0.5, 1.8
# A node that did not answer is asked last for so long.
AVOIDED_SECONDS = 10.0
# What a node that is starting or going away answers, or one that has just lost another (500, "Node not
# connected"); another one may do better, or the same a moment later.
ELSEWHERE = frozenset({429, 500, 502, 503, 504})
# Not found, and a state that somebody else changed: answers, not failures.
NOT_FOUND, CONFLICT = 404, 409
# What was waited for did not come about in the time.
TIMED_OUT = 408


class Cluster:
    """The nodes of a cluster; threads may share it."""

    def __init__(self, access: Access, *, seconds: float = READ_SECONDS) -> None:
        """Ask nothing yet; wait `seconds` for an answer. Raise ClusterSettingError for no address or name."""
        self.name, self._seconds = named(access.name), seconds
        self._access = access
        self._urls = tuple(address(one) for one in access.urls)
        if not self._urls:
            raise ClusterSettingError("no cluster is named; set SEARCH_CLUSTER_URL")
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
        return pool_of(self._access)

    def confirm(self) -> None:
        """Ask each node what it is; raise ClusterError if one is no cluster for us, or refuses who asks.

        Nodes that do not answer are no matter, as long as one does: raise ClusterGoneError where none does.
        All of them have the time of one request.
        """
        gone: ClusterGoneError | None = None
        answered = False
        for url in self._urls:
            try:
                alone = replace(self._access, urls=(url,))
                told = Cluster(alone, seconds=self._seconds / len(self._urls)).get("")
            except ClusterGoneError as error:
                gone = gone or error
            else:
                recognise(url, told)
                answered = True
        if gone and not answered:
            raise gone

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
        how = "does not answer"
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
                why, how = f"{url} answers {answer.status}: {reason_of(answer)}", "cannot do that now"
                continue
            if answer.status >= 400 and answer.status not in allowed:
                raise refused(self._access, url, f"{method} /{path}", answer)
            return _json(url, answer)
        raise ClusterGoneError(f"the cluster {how} ({why})")

    def _order(self) -> list[str]:
        """Return the nodes in turn, those that failed a moment ago last."""
        first, now = next(self._turn), time.monotonic()
        turned = [self._urls[(first + number) % len(self._urls)] for number in range(len(self._urls))]
        return sorted(turned, key=lambda url: now - self._failed.get(url, -AVOIDED_SECONDS) < AVOIDED_SECONDS)

    def _request(self, method: str, url: str, content: bytes | None, seconds: float) -> BaseHTTPResponse:
        pool = self._pool
        import urllib3

        try:
            return pool.request(
                method,
                url,
                body=content,
                headers=self._headers,
                timeout=urllib3.Timeout(total=seconds, connect=min(CONNECT_SECONDS, seconds)),
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ended(self._access, url, error) from None


def whole(answer: Json) -> Json:
    """Return the answer to a search; raise ClusterGoneError unless every shard has answered in time."""
    shards = answer["_shards"]
    if answer["timed_out"] or shards["failed"] or shards["successful"] < shards["total"]:
        raise ClusterGoneError("the cluster has no whole answer now")
    return answer


def _json(url: str, answer: BaseHTTPResponse) -> Json:
    if not answer.data:
        return {}
    try:
        found = orjson.loads(answer.data)
    except ValueError:
        raise ClusterError(f"what answers at {url} is no OpenSearch cluster") from None
    return found if isinstance(found, dict) else {"rows": found}
