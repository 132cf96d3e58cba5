"""In which form an answer is wanted, and whether at all: codings and conditions of RFC 9110."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.http import parse_accept_header, parse_etags, unquote_etag

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# The codings that we write, the best first: zstd costs a tenth of gzip.
CODINGS = ("zstd", "gzip")
IDENTITY = ""
# The status for who asks for another answer than there is.
FAILED = 412
# What an answer has for Cache-Control that no cache may give to others.
NO_STORE = "no-store"
# Headers that describe a body, which an answer without one does not have.
BODY_HEADERS = frozenset({"content-length", "content-type", "content-encoding"})
# Headers remembered: browsers send the same few. A longer one is read anew.
_CACHED_HEADERS = 64
_LONGEST_CACHED = 128


def coding_of(accepted: str | None) -> str:
    """Return the coding for a value of Accept-Encoding (section 12.5.3), empty for none.

    `gzip, br` gives "gzip", `gzip;q=0` and no header give "", `*` gives "zstd".
    """
    if not accepted:
        return IDENTITY
    return (_known_coding if len(accepted) <= _LONGEST_CACHED else _coding)(accepted)


def _coding(accepted: str) -> str:
    # Codings have no case, and this is the old name of one.
    given = parse_accept_header(accepted.lower().replace("x-gzip", "gzip"))
    weights: dict[str, float] = {}
    for coding, weight in given:
        weights.setdefault(coding, weight)
    anything = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, anything))
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else IDENTITY


_known_coding = lru_cache(_CACHED_HEADERS)(_coding)


def leave_unknown_range(environ: WSGIEnvironment) -> None:
    """Forget a part that is asked for in a unit other than bytes, as a server must (section 14.2)."""
    if not environ.get("HTTP_RANGE", "bytes=").lower().startswith("bytes="):
        del environ["HTTP_RANGE"]


def leave_upgrade(environ: WSGIEnvironment) -> None:
    """Forget that another protocol is offered, as a server may (section 7.8): there is none but HTTP here.

    Werkzeug would look for an address of a web socket, and call the request bad.
    """
    environ.pop("HTTP_UPGRADE", None)


def without_body(headers: Iterable[tuple[str, str]], status: int) -> list[tuple[str, str]]:
    """Return the headers of an answer for who gets none of it but its status, FAILED or 304."""
    kept = [one for one in headers if one[0].lower() not in BODY_HEADERS]
    if status != FAILED:
        return kept
    # A cache between would give the refusal to those who ask for any answer.
    return [(name, NO_STORE if name.lower() == "cache-control" else text) for name, text in kept]


def precondition(environ: WSGIEnvironment, etag: str) -> int | None:
    """Return the status for a condition that does not hold, 412 or 304; None where all do (section 13.2.2).

    If-Match compares strongly, so that a weak tag never matches; If-None-Match weakly. What is asked by date
    is left out: answers have none but the day.
    """
    tag, weak = unquote_etag(etag)
    wanted = environ.get("HTTP_IF_MATCH")
    if wanted is not None:
        tags = parse_etags(wanted)
        if not tags.star_tag and (weak or not tags.is_strong(str(tag))):
            return FAILED
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and parse_etags(known).contains_weak(str(tag)):
        return 304
    return None
