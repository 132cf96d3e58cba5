"""What a browser asks before a page of another site may read with headers of its own (CORS preflight)."""

from __future__ import annotations

from flask import Response, request

# What the addresses below /api/ are asked with; HEAD comes with GET.
METHODS = ("GET", "OPTIONS")
_ALLOWED = ", ".join(sorted({*METHODS, "HEAD"}))
# Seconds for which a browser need not ask again: a day, the most that one keeps.
MAX_AGE = 86_400


def is_preflight() -> bool:
    """Return whether this request is one: OPTIONS of an address that takes it, or a browser's below /api/.

    A browser is answered also where there is nothing, or a redirect alone. Refused, it tells the page that
    asked only that fetching failed; answered, it fetches, and the page can read what is wrong.
    """
    if request.method != "OPTIONS":
        return False
    is_browser = request.path.startswith("/api/") and "Access-Control-Request-Method" in request.headers
    return is_browser or request.routing_exception is None


def preflight() -> Response:
    """Return what the address of this request allows.

    Any header may be sent, for what is not known here changes no answer. "*" does not cover Authorization,
    which a proxy before the service may ask for.
    """
    response = Response(
        status=204,
        headers={
            "Allow": _ALLOWED,
            "Access-Control-Allow-Methods": _ALLOWED,
            "Access-Control-Allow-Headers": "*, Authorization",
            "Access-Control-Max-Age": str(MAX_AGE),
        },
    )
    # There is no body to have a type.
    del response.headers["Content-Type"]
    return response
