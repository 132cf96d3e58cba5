"""The headers that every answer has: what a browser may do with a page, and who may read the API."""

from __future__ import annotations

Header = tuple[str, str]

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    ("Content-Security-Policy", CONTENT_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
API_HEADERS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Link, ETag, Retry-After, X-Request-Id"),
)
_UNDER_API = (*SECURITY_HEADERS, *API_HEADERS)


def always(path: str) -> tuple[Header, ...]:
    """Return the headers of any answer at an address, whatever its status."""
    return _UNDER_API if path.startswith("/api/") else SECURITY_HEADERS
