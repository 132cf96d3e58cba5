"""Under which name and scheme a request comes: what is believed of it, and which names are answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# As servers name them, Granian the first; a request of these needs no Host.
BEFORE_HOSTS = frozenset({"HTTP/1", "HTTP/1.0", "HTTP/0.9"})
SCHEMES = frozenset({"http", "https"})


class BelievedProxies:
    """A WSGI application behind so many proxies, whose X-Forwarded headers are believed.

    Of the scheme only `http` and `https`: it becomes a part of addresses, in which `javascript` would run.
    """

    def __init__(self, application: WSGIApplication, proxies: int) -> None:
        """Take for, proto and host from the last of `proxies` values."""
        self._fixed = ProxyFix(self._with_scheme, x_for=proxies, x_proto=proxies, x_host=proxies)
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the visitor asked the outermost proxy."""
        return self._fixed(environ, start_response)

    def _with_scheme(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        scheme = environ["wsgi.url_scheme"].lower()
        if scheme not in SCHEMES:
            scheme = environ["werkzeug.proxy_fix.orig"]["wsgi.url_scheme"]
        environ["wsgi.url_scheme"] = scheme
        return self._application(environ, start_response)


def is_answered(environ: WSGIEnvironment, trusted: Collection[str]) -> bool:
    """Tell whether a request names exactly one host, one of `trusted` if there are any.

    A server gives several Host headers as one with commas, which is no name (RFC 9112, section 3.2). One from
    before HTTP/1.1 needs none, where any is answered.
    """
    host = environ.get("HTTP_HOST")
    if not host and not trusted:
        return environ.get("SERVER_PROTOCOL") in BEFORE_HOSTS
    # A name is the same in capitals (RFC 9110, section 4.2.3); those of the settings are in small letters.
    return host_is_trusted(host and host.lower(), trusted)
